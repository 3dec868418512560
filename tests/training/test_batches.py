"""Pictures for the steps of a run: in exact order, whoever reads them, and clear where they cannot be read."""

import os
import signal
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ugatit.errors import DataError, PictureError
from ugatit.training.batches import BatchSampler, batches, worker_count

CPU = torch.device("cpu")


class Numbers(Dataset[dict[str, Tensor]]):
    """Positions as pictures of one number; one position may fail."""

    def __init__(self, missing: int = -1, deadly: int = -1) -> None:
        self.missing, self.deadly = missing, deadly

    def __getitem__(self, position: int) -> dict[str, Tensor]:
        if position == self.missing:
            raise PictureError("There is no file 'a.png'.")
        if position == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return {"disc": torch.full((1,), position)}


def read(feed: Iterator[dict[str, Tensor]]) -> list[list[int]]:
    return [batch["disc"].flatten().tolist() for batch in feed]


def test_processes_and_parts_take_turns_without_gap_or_repeat() -> None:
    courses = [BatchSampler(0, 2, batch_size=2, accumulate=3, rank=rank, count=2) for rank in range(2)]
    steps = [list(sampler) for sampler in courses]
    assert steps[0][0] == [0, 1, 4, 5, 8, 9]
    assert steps[1][0] == [2, 3, 6, 7, 10, 11]
    for step in range(2):
        assert sorted(steps[0][step] + steps[1][step]) == list(range(12 * step, 12 * step + 12))


def test_two_processes_see_what_one_sees_at_twice_the_batch() -> None:
    alone = list(BatchSampler(0, 3, batch_size=4))
    beside = [list(BatchSampler(0, 3, batch_size=2, rank=rank, count=2)) for rank in range(2)]
    assert [a + b for a, b in zip(*beside, strict=True)] == alone


def test_course_goes_on_where_other_batches_left_off() -> None:
    before = BatchSampler(0, 10, batch_size=3, count=2)
    after = BatchSampler(4, 10, batch_size=5, seen=before.seen_after(4))
    assert next(iter(after)) == [24, 25, 26, 27, 28]
    assert after.seen_after(6) == 34


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_order_does_not_depend_on_who_reads(workers: int) -> None:
    sampler = BatchSampler(2, 9, batch_size=2, seen=4)
    assert read(batches(Numbers(), sampler, workers, CPU)) == list(sampler)


@pytest.mark.parametrize("workers", [0, 2])
def test_error_of_a_picture_arrives_in_its_own_words_and_turn(workers: int) -> None:
    feed = batches(Numbers(missing=3), BatchSampler(0, 9, batch_size=1), workers, CPU)
    assert [next(feed)["disc"].item() for _ in range(3)] == [0, 1, 2]
    with pytest.raises(PictureError) as raised:
        next(feed)
    assert str(raised.value) == "There is no file 'a.png'."


def test_worker_that_is_killed_is_told_with_a_way_out() -> None:
    feed = batches(Numbers(deadly=3), BatchSampler(0, 9, batch_size=1), 1, CPU)
    with pytest.raises(DataError, match=r"process that reads pictures was killed.*--workers 0"):
        read(feed)


def test_workers_leave_a_training_cpu_alone_and_serve_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    assert worker_count(-1, CPU) == 0
    assert worker_count(-1, torch.device("cuda")) == 8
    assert worker_count(3, CPU) == 3
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "4")
    assert worker_count(-1, torch.device("cuda")) == 3
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "16")
    assert worker_count(-1, torch.device("cuda")) == 1
