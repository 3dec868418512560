"""Shared code of the benchmarks: alternating worker processes, ratios of times, tables, the name of the machine."""

import argparse
import multiprocessing
import platform
import resource
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import torch

from benchmarks.floor import Operations, count_operations
from benchmarks.memory import tensor_peak
from ugatit.devices import synchronize
from ugatit.models.ugatit import UGATITConfig

Task = Callable[[], object]
Tasks = Mapping[str, Task]
MIN_SECONDS = 0.3
"""The minimum duration of a timing; shorter tasks are repeated and averaged."""


def add_network_options(parser: argparse.ArgumentParser, repeats: int) -> None:
    """Add the options for the networks, the device and the number of repeats."""
    parser.add_argument("--size", type=int, default=256, help="side of the pictures in pixels")
    parser.add_argument("--ngf", type=int, default=64, help="width of the generators and critics")
    parser.add_argument("--full", action="store_true", help="the full generator instead of the light one")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--repeats", type=int, default=repeats, help="rounds measured, after one to warm up")


def network_config(options: argparse.Namespace) -> UGATITConfig:
    """Return the config of the networks selected by the options of `add_network_options`."""
    return UGATITConfig(image_size=options.size, light=not options.full, ngf=options.ngf, ndf=options.ngf)


class Worker:
    """A process that prepares tasks once and runs them on request; its peak memory is that of these tasks only.

    prepare: picklable, called in the new process; returns the tasks by name. Tasks that share their networks belong in
    one process: the same convolution is up to a tenth faster or slower depending on its memory addresses.
    """

    def __init__(self, prepare: Callable[[], Tasks], device: torch.device) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, child_end = context.Pipe()
        self.process = context.Process(target=_serve, args=(child_end, prepare, device), daemon=True)
        self.process.start()
        child_end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.connection.close()
        self.process.join()

    def names(self) -> list[str]:
        """Return the names of the tasks in the order in which they run."""
        return list(self._ask("names"))

    def seconds(self, name: str) -> float:
        """Return the duration of a task."""
        return float(self._ask("seconds", name))

    def peak(self) -> int:
        """Return the peak memory so far in bytes: of the process on a CPU, of the device's tensors on a GPU."""
        return int(self._ask("peak"))

    def operations(self, name: str) -> Operations:
        """Count the operations of a task."""
        answer = self._ask("operations", name)
        assert isinstance(answer, Operations)
        return answer

    def tensors(self, name: str) -> int:
        """Return the peak memory of tensors during a task, in bytes."""
        return int(self._ask("tensors", name))

    def _ask(self, *request: str) -> Any:
        try:
            self.connection.send(request)
            return self.connection.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise SystemExit("A measuring process failed; its message is above.") from None


def _serve(connection: Connection, prepare: Callable[[], Tasks], device: torch.device) -> None:
    answers: dict[str, Callable[..., object]] = {}
    try:
        tasks = prepare()
        answers["names"] = lambda: list(tasks)
        answers["seconds"] = lambda name: _seconds(tasks[name], device)
        answers["operations"] = lambda name: count_operations(tasks[name])
        answers["tensors"] = lambda name: tensor_peak(tasks[name], device)
        answers["peak"] = lambda: _peak(device)
        while True:
            request, *names = connection.recv()
            connection.send(answers[request](*names))
    except EOFError:  # the parent has closed its end
        return
    except KeyboardInterrupt:
        return
    except Exception:
        traceback.print_exc()
        sys.exit(1)


def _seconds(task: Task, device: torch.device) -> float:
    synchronize(device)
    start, times = time.perf_counter(), 0
    while True:
        task()
        synchronize(device)
        times += 1
        if (passed := time.perf_counter() - start) >= MIN_SECONDS:
            return passed / times


def _peak(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage also counts the memory of the parent process at the time of the start.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return 1024 * int(line.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


@dataclass(frozen=True)
class Measurement:
    """The measurements of one task.

    seconds: one per round. memory: peak in bytes, of the process on a CPU. tensors: the peak of tensors in bytes.
    operations: of one run of the task.
    """

    seconds: list[float]
    memory: int
    tensors: int
    operations: Operations

    @property
    def fastest(self) -> float:
        return min(self.seconds)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def speedup_over(self, other: "Measurement") -> tuple[float, float]:
        """Return the speed-up by the fastest rounds, and its median over rounds, which is robust to other load."""
        rounds = [theirs / own for own, theirs in zip(self.seconds, other.seconds, strict=True)]
        return other.fastest / self.fastest, statistics.median(rounds)


def measure_alternating(
    prepared: Sequence[Callable[[], Tasks]], device: torch.device, rounds: int
) -> dict[str, Measurement]:
    """Measure all tasks in alternation (A B A B …) after one warm-up round, with a process for each of `prepared`."""
    with ExitStack() as stack:
        started = [stack.enter_context(Worker(prepare, device)) for prepare in prepared]
        workers = {name: worker for worker in started for name in worker.names()}
        times: dict[str, list[float]] = {name: [] for name in workers}
        for name, worker in workers.items():
            worker.seconds(name)
        for number in range(rounds):
            for name, worker in workers.items():
                times[name].append(worker.seconds(name))
            progress = ", ".join(f"{name} {seconds[-1]:.3f} s" for name, seconds in times.items())
            print(f"round {number + 1} of {rounds}: {progress}", file=sys.stderr, flush=True)
        memory = {name: worker.peak() for name, worker in workers.items()}
        tensors = {name: worker.tensors(name) for name, worker in workers.items()}
        operations = {name: worker.operations(name) for name, worker in workers.items()}
    return {name: Measurement(times[name], memory[name], tensors[name], operations[name]) for name in workers}


def table(rows: Sequence[Sequence[str]]) -> str:
    """Format rows as aligned columns, the first one left-aligned, with a line under the first row."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        lines.append("   ".join(cells).rstrip())
    return "\n".join([lines[0], "-" * (sum(widths) + 3 * len(widths) - 3), *lines[1:]])


def machine(device: torch.device) -> str:
    """Describe the device, the number of threads on a CPU, and torch's version."""
    if device.type == "cuda":
        name = torch.cuda.get_device_name(device)
    else:
        name = f"{device.type} {_processor()}, {torch.get_num_threads()} threads"
    return f"{name}, torch {torch.__version__}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
