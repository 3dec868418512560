"""Batches for the steps of a run, prefetched by worker processes in an order that does not depend on them."""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset, Sampler

from ugatit.errors import DataError, TranslationError
from ugatit.models.base import Batch
from ugatit.training.stop_request import SIGNALS

MAX_WORKERS = 8
PREFETCH = 4
"""Batches that each worker loads ahead."""


@dataclass(frozen=True)
class BatchSampler(Sampler[list[int]]):
    """The dataset positions that one process loads in each step, from `step` up to, but excluding, `steps`.

    first_position: the first position of `step`; all before it are taken. In each step the processes take turns, one
    batch at a time: for batch j of k = `accumulate`, process r of w takes the `batch_size` = b positions from
    first_position + ((s*k + j)*w + r)*b, where s counts the steps after `step`.
    """

    step: int
    steps: int
    batch_size: int
    accumulate: int = 1
    rank: int = 0
    world_size: int = 1
    first_position: int = 0

    @property
    def positions_per_step(self) -> int:
        """The number of positions that all processes take in a step."""
        return self.accumulate * self.world_size * self.batch_size

    def position_at(self, step: int) -> int:
        """Return the first position of a step: the number of positions taken before it by all processes."""
        return self.first_position + (step - self.step) * self.positions_per_step

    def __len__(self) -> int:
        return max(0, self.steps - self.step)

    def __iter__(self) -> Iterator[list[int]]:
        """Yield accumulate * batch_size positions for each step."""
        for step in range(self.step, self.steps):
            start = self.position_at(step) + self.rank * self.batch_size
            starts = (start + j * self.world_size * self.batch_size for j in range(self.accumulate))
            yield [position for first in starts for position in range(first, first + self.batch_size)]


class _BatchDataset(Dataset[Any]):
    """Map a list of positions to a batch, or to the TranslationError that was raised.

    An error raised in a worker would be wrapped in the worker's traceback; a returned error arrives unchanged.
    """

    def __init__(self, dataset: Dataset[Batch]) -> None:
        self.dataset = dataset

    def __getitem__(self, positions: Sequence[int]) -> Batch | TranslationError:
        try:
            samples = [self.dataset[position] for position in positions]
        except TranslationError as error:
            return error
        return {domain: torch.stack([sample[domain] for sample in samples]) for domain in samples[0]}


def load_batches(dataset: Dataset[Batch], sampler: BatchSampler, workers: int, device: torch.device) -> Iterator[Batch]:
    """Yield {domain: (accumulate * batch_size, 3, S, S)} for each step, on the CPU; pinned if the device is CUDA.

    dataset: maps a position to {domain: (3, S, S)}. workers: number of processes; 0 loads in this one. Raises the
    dataset's TranslationError unchanged, and DataError if a worker died.
    """
    loader = DataLoader(
        _BatchDataset(dataset),
        multiprocessing_context=_worker_context() if workers else None,
        sampler=sampler,
        batch_size=None,
        num_workers=workers,
        prefetch_factor=PREFETCH if workers else None,
        pin_memory=device.type == "cuda",
        worker_init_fn=_ignore_signals,
    )
    # A run is one pass over the loader, so the workers live as long as the run.
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


def worker_count(requested: int, device: torch.device) -> int:
    """Return the number of workers to start. requested: this number, or -1 to choose.

    On the CPU none: workers would slow down training. With a GPU the cores are free; the processes of this machine
    share them.
    """
    if requested >= 0:
        return requested
    if device.type == "cpu":
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MAX_WORKERS, cores // int(os.environ.get("LOCAL_WORLD_SIZE", "1")) - 1))


def _worker_context() -> BaseContext:
    """Return how to start workers: not by forking the trainer, whose threads may hold locks."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # Import this module once for all workers.
    context.set_forkserver_preload([__name__])
    return context


def _ignore_signals(_worker: int) -> None:
    # Ctrl-C reaches every process in a terminal, but the trainer still needs the workers to finish its step.
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
