"""The curves that TensorBoard shows are those of the run's events."""

import errno
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.tiny import ROOT, environment
from ugatit.training.tensorboard import FOLDER, open_tensorboard


def loss(step: int, value: float = 0.25) -> dict[str, object]:
    return {
        "kind": "loss",
        "step": step,
        "time": 1_000_000.0 + step,
        "generator": {"cycle.flat": value},
        "discriminator": {"adversarial.local.clay": 0.5},
        "weighted": {"generator": {"cycle.flat": 2.5}, "discriminator": {"adversarial.local.clay": 0.75}},
        "rho": {"generator_ab.decoder.0": 0.875},
        "rate": 0.125,
    }


def write(run: Path, *events: dict[str, object]) -> None:
    curves = open_tensorboard(run)
    assert curves is not None
    for event in events:
        curves.write(event)
    curves.close()


def read(run: Path) -> EventAccumulator:
    return EventAccumulator(str(run / FOLDER)).Reload()


def test_every_number_of_a_loss_event_is_a_named_point(tmp_path: Path) -> None:
    write(tmp_path, loss(10), loss(20, 0.5))
    board = read(tmp_path)
    assert {tag: [(p.step, p.value) for p in board.Scalars(tag)] for tag in board.Tags()["scalars"]} == {
        "generator/cycle.flat": [(10, 0.25), (20, 0.5)],
        "discriminator/adversarial.local.clay": [(10, 0.5), (20, 0.5)],
        "weighted/cycle.flat": [(10, 2.5), (20, 2.5)],
        "weighted/adversarial.local.clay": [(10, 0.75), (20, 0.75)],
        "rho/generator_ab.decoder.0": [(10, 0.875), (20, 0.875)],
        "rate": [(10, 0.125), (20, 0.125)],
    }
    assert board.Scalars("rate")[0].wall_time == 1_000_010


def test_points_are_there_while_the_run_goes_on(tmp_path: Path) -> None:
    curves = open_tensorboard(tmp_path)
    assert curves is not None
    curves.write(loss(1))
    assert [point.step for point in read(tmp_path).Scalars("rate")] == [1]
    curves.close()


def test_steps_repeated_after_a_resume_count_once(tmp_path: Path) -> None:
    write(tmp_path, *(loss(step, 1.0) for step in (1, 2, 3, 4)))
    write(tmp_path, *(loss(step, 2.0) for step in (3, 4, 5)))
    points = [(point.step, point.value) for point in read(tmp_path).Scalars("generator/cycle.flat")]
    assert points == [(1, 1.0), (2, 1.0), (3, 2.0), (4, 2.0), (5, 2.0)]


def test_other_events_and_what_is_no_number_draw_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"kind": "status", "step": 0, "status": "started"})
    assert not (tmp_path / FOLDER).exists()
    odd = {"kind": "loss", "step": 1, "generator": {"a": None, "b": float("nan")}, "rho": 5, "rate": "fast"}
    write(tmp_path, odd, loss(2))
    assert [point.step for point in read(tmp_path).Scalars("rate")] == [2]
    assert "generator/b" not in read(tmp_path).Tags()["scalars"]


def test_full_disk_ends_the_curves_and_not_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    curves = open_tensorboard(tmp_path)
    assert curves is not None
    curves.write(loss(1))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("torch.utils.tensorboard.SummaryWriter.add_scalar", full)
    with caplog.at_level(logging.WARNING):
        for step in (2, 3):
            curves.write(loss(step))
        curves.close()
    assert [record.getMessage() for record in caplog.records] == [
        "The curves for TensorBoard end at step 2: [Errno 28] No space left on device"
    ]


def test_without_tensorboard_there_are_no_curves(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['tensorboard'] = None\n"
        "from pathlib import Path\n"
        "from ugatit.training.tensorboard import open_tensorboard\n"
        "print(open_tensorboard(Path(sys.argv[1])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={**environment(), "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("None\n", 0), done.stderr
    assert list(tmp_path.iterdir()) == []
