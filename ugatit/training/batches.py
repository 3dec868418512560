"""Batches for the steps of a run: read ahead by worker processes, in an order that depends on the position alone."""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from ugatit.errors import DataError, TranslationError
from ugatit.training.stop_request import SIGNALS

Batch = dict[str, Tensor]

MOST_WORKERS = 8
PREFETCH = 4
"""Steps that each worker is ahead."""


@dataclass(frozen=True)
class BatchSampler(Sampler[list[int]]):
    """Which positions of the pictures' order one process takes in each step from `step` to `steps`.

    seen: positions that all processes took before `step`. Then they go on in turns of a batch:
    process r of w takes for batch j of k the positions seen + ((s*k + j)*w + r)*b and the b - 1 after it.
    """

    step: int
    steps: int
    batch_size: int
    accumulate: int = 1
    rank: int = 0
    count: int = 1
    seen: int = 0

    @property
    def pictures_a_step(self) -> int:
        """Of each domain, by all processes."""
        return self.accumulate * self.count * self.batch_size

    def seen_after(self, step: int) -> int:
        """Positions that all processes took before this step."""
        return self.seen + (step - self.step) * self.pictures_a_step

    def __len__(self) -> int:
        return max(0, self.steps - self.step)

    def __iter__(self) -> Iterator[list[int]]:
        """For each step, accumulate * batch_size positions."""
        for step in range(self.step, self.steps):
            start = self.seen_after(step) + self.rank * self.batch_size
            starts = (start + j * self.count * self.batch_size for j in range(self.accumulate))
            yield [position for first in starts for position in range(first, first + self.batch_size)]


class _Batches(Dataset[Any]):
    """Positions to a batch, or to the error that a person is to read.

    An error raised in a worker would arrive wrapped in the worker's traceback; one returned arrives as it is.
    """

    def __init__(self, dataset: Dataset[Batch]) -> None:
        self.dataset = dataset

    def __getitem__(self, positions: Sequence[int]) -> Batch | TranslationError:
        try:
            samples = [self.dataset[position] for position in positions]
        except TranslationError as error:
            return error
        return {domain: torch.stack([sample[domain] for sample in samples]) for domain in samples[0]}


def batches(dataset: Dataset[Batch], sampler: BatchSampler, workers: int, device: torch.device) -> Iterator[Batch]:
    """{domain: (accumulate * batch_size, 3, S, S)} for each step, on the CPU; pinned where the device is CUDA.

    dataset: position to {domain: (3, S, S)}. Raises the dataset's TranslationError as it was raised, and DataError
    where a worker died.
    """
    loader = DataLoader(
        _Batches(dataset),
        multiprocessing_context=_clean_processes() if workers else None,
        sampler=sampler,
        batch_size=None,
        num_workers=workers,
        prefetch_factor=PREFETCH if workers else None,
        pin_memory=device.type == "cuda",
        worker_init_fn=_leave_signals_to_the_trainer,
    )
    # One pass over the loader is the whole run, so its workers live as long.
    try:
        for batch in loader:
            if isinstance(batch, TranslationError):
                raise batch
            yield batch
    except RuntimeError as error:
        if "DataLoader worker" not in str(error):
            raise
        raise DataError(
            "A process that reads pictures was killed, perhaps for lack of memory (or of room in /dev/shm): "
            f"read with fewer, by --workers {workers // 2}."
        ) from error


def worker_count(asked: int, device: torch.device) -> int:
    """How many workers to start; -1 chooses.

    A CPU that trains is busy with that: workers would take from it what they give. A GPU leaves the cores free, shared
    by the processes of this machine.
    """
    if asked >= 0:
        return asked
    if device.type == "cpu":
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MOST_WORKERS, cores // int(os.environ.get("LOCAL_WORLD_SIZE", "1")) - 1))


def _clean_processes() -> BaseContext:
    """How workers are started: not as forks of the trainer, whose threads may hold locks that a fork never gets."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # Imported once, for all workers.
    context.set_forkserver_preload([__name__])
    return context


def _leave_signals_to_the_trainer(_worker: int) -> None:
    # Ctrl-C reaches every process of a terminal: the trainer still needs its pictures for the step in hand.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
