"""Batches: exact order whatever the number of workers and processes, and clear errors for unreadable pictures."""

import os
import signal
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ugatit.errors import DataError, PictureError
from ugatit.training.batches import BatchSampler, load_batches, worker_count

CPU = torch.device("cpu")


class Numbers(Dataset[dict[str, Tensor]]):
    """Pictures that hold only their position; reading one position may fail or kill the process."""

    def __init__(self, missing: int = -1, deadly: int = -1) -> None:
        self.missing, self.deadly = missing, deadly

    def __getitem__(self, position: int) -> dict[str, Tensor]:
        if position == self.missing:
            raise PictureError("There is no file 'a.png'.")
        if position == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"disc": torch.full((1,), position)}


def read(batches: Iterator[dict[str, Tensor]]) -> list[list[int]]:
    return [batch["disc"].flatten().tolist() for batch in batches]


def test_processes_and_parts_take_turns_without_gap_or_repeat() -> None:
    steps = [list(BatchSampler(0, 2, batch_size=2, accumulate=3, rank=rank, world_size=2)) for rank in range(2)]
    assert steps[0][0] == [0, 1, 4, 5, 8, 9]
    assert steps[1][0] == [2, 3, 6, 7, 10, 11]
    for step in range(2):
        assert sorted(steps[0][step] + steps[1][step]) == list(range(12 * step, 12 * step + 12))


def test_two_processes_load_the_same_pictures_as_one_with_twice_the_batch_size() -> None:
    single = list(BatchSampler(0, 3, batch_size=4))
    pair = [list(BatchSampler(0, 3, batch_size=2, rank=rank, world_size=2)) for rank in range(2)]
    assert [a + b for a, b in zip(*pair, strict=True)] == single


def test_another_batch_size_continues_at_the_same_position() -> None:
    before = BatchSampler(0, 10, batch_size=3, world_size=2)
    after = BatchSampler(4, 10, batch_size=5, first_position=before.position_at(4))
    assert next(iter(after)) == [24, 25, 26, 27, 28]
    assert after.position_at(6) == 34


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_order_does_not_depend_on_the_number_of_workers(workers: int) -> None:
    sampler = BatchSampler(2, 9, batch_size=2, first_position=4)
    assert read(load_batches(Numbers(), sampler, workers, CPU)) == list(sampler)


@pytest.mark.parametrize("workers", [0, 2])
def test_error_of_a_picture_arrives_unchanged_and_in_order(workers: int) -> None:
    batches = load_batches(Numbers(missing=3), BatchSampler(0, 9, batch_size=1), workers, CPU)
    assert [next(batches)["disc"].item() for _ in range(3)] == [0, 1, 2]
    with pytest.raises(PictureError) as raised:
        next(batches)
    assert str(raised.value) == "There is no file 'a.png'."


def test_killed_worker_is_reported_with_advice() -> None:
    batches = load_batches(Numbers(deadly=3), BatchSampler(0, 9, batch_size=1), 1, CPU)
    with pytest.raises(DataError, match=r"process that reads pictures was killed.*--workers 0"):
        read(batches)


def test_default_is_no_workers_on_the_cpu_and_the_free_cores_with_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    assert worker_count(-1, CPU) == 0
    assert worker_count(-1, torch.device("cuda")) == 8
    assert worker_count(3, CPU) == 3
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "4")
    assert worker_count(-1, torch.device("cuda")) == 3
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "16")
    assert worker_count(-1, torch.device("cuda")) == 1
