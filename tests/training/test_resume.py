"""A run that was stopped or killed and resumed ends with the same weights as an uninterrupted one."""

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tiny import ROOT, TINY, command, environment, picture_folder
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.cli.main import main
from ugatit.training.checkpoint import load_state
from ugatit.training.events import read_events

STEPS = 14
SETTINGS = ["--steps", STEPS, "--checkpoint-every", 2, "--sample-every", 7, "--log-every", 1, "--ndf", 2]
SETTINGS += ["--accumulate", 2]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """Two domains of a few pictures each; runs end in the middle of an epoch."""
    folder = tmp_path_factory.mktemp("pictures")
    a, b = picture_folder(folder / "disc", "disc", 5), picture_folder(folder / "square", "square", 3)
    return ["--domain-a", a, "--domain-b", b]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, pictures: list[object]) -> Path:
    """An uninterrupted run, in this process and without worker processes: neither changes what is computed."""
    run = tmp_path_factory.mktemp("reference") / "run"
    assert main([*map(str, ("train", *pictures, *TINY, *SETTINGS, "--workers", 0, "--run", run))]) == 0
    return run


def final_weights(run: Path) -> bytes:
    return (run / "checkpoints" / f"step_{STEPS:07d}" / "model.safetensors").read_bytes()


def losses(run: Path) -> list[tuple[int, object]]:
    return [(e["step"], e["generator"]) for e in read_events(run / "events.jsonl") if e["kind"] == "loss"]


def last_step(run: Path) -> int:
    events = read_events(run / "events.jsonl")
    return max((e["step"] for e in events if e["kind"] == "loss"), default=0)


def checkpointing(run: Path) -> bool:
    return any((run / "checkpoints").glob(".step_*.partial"))


def interrupted(run: Path, number: int, when: Callable[[], bool], *arguments: object) -> int:
    """Train, send a signal as soon as `when` returns True, and return the exit status."""
    process = subprocess.Popen(
        command("train", *arguments, "--run", run), cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    while not when():
        assert process.poll() is None, "the run ended before the signal was sent"
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.send_signal(number)
    return process.wait(timeout=60)


def test_run_killed_several_times_ends_with_the_same_weights(
    reference: Path, pictures: list[object], tmp_path: Path
) -> None:
    run = tmp_path / "run"
    first = [*pictures, *TINY, *SETTINGS, "--workers", 1]
    resumed = ["--resume", "--workers", 0]
    # Before the first checkpoint, with a worker process; while a later one is written.
    assert interrupted(run, signal.SIGKILL, lambda: last_step(run) == 1, *first) == -signal.SIGKILL
    written = lambda: last_step(run) >= 5 and checkpointing(run)  # noqa: E731
    assert interrupted(run, signal.SIGKILL, written, *resumed) == -signal.SIGKILL
    for checkpoint in list_checkpoints(run / "checkpoints"):
        assert {p.name for p in checkpoint.iterdir()} == {"config.json", "model.safetensors", "training.pt"}
    with (run / "events.jsonl").open("a") as file:
        file.write('{"step": 9, "kind": "lo')  # as after a kill in the middle of a line

    assert main([*map(str, ("train", *resumed, "--run", run))]) == 0
    assert final_weights(run) == final_weights(reference)
    assert losses(run) == losses(reference)


def test_run_asked_to_stop_saves_first_and_ends_with_the_same_weights(
    reference: Path, pictures: list[object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    # No checkpoint is due before the end: every one is saved on request.
    first = [*pictures, *TINY, *SETTINGS, "--workers", 0, "--checkpoint-every", 1000]
    for number, at, arguments in ((signal.SIGTERM, 2, first), (signal.SIGINT, 6, ["--resume"])):
        assert interrupted(run, number, lambda at=at: last_step(run) >= at, *arguments) == 0
        saved = list_checkpoints(run / "checkpoints")[-1]
        events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
        assert [e["kind"] for e in events[-2:]] == ["checkpoint", "status"]
        assert events[-1]["status"] == "stopped"
        assert saved.name == f"step_{events[-1]['step']:07d}"
        assert at <= events[-1]["step"] < STEPS

    assert main(["train", "--resume", "--run", str(run)]) == 0
    assert "Finished" in capsys.readouterr().out
    assert final_weights(run) == final_weights(reference)
    statuses = [e["status"] for e in read_events(run / "events.jsonl") if e["kind"] == "status"]
    assert statuses == ["started", "stopped", "resumed", "stopped", "resumed", "finished"]


def test_uninterrupted_run_is_complete(reference: Path) -> None:
    assert [step for step, _ in losses(reference)] == list(range(1, STEPS + 1))
    assert len(list_checkpoints(reference / "checkpoints")) == 3
    samples = {path.name for path in (reference / "samples").glob("step_*")}
    assert samples == {f"step_{step:07d}.{suffix}" for step in (0, 7, 14) for suffix in ("png", "npz")}


def test_damaged_newest_checkpoint_costs_only_the_steps_since_the_one_before(reference: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(reference, run)
    newest = list_checkpoints(run / "checkpoints")[-1]
    (newest / "model.safetensors").write_bytes(b"damaged")

    assert main(["train", "--resume", "--run", str(run)]) == 0

    assert final_weights(run) == final_weights(reference)
    (resumed,) = [e for e in read_events(run / "events.jsonl") if e.get("status") == "resumed"]
    assert resumed["step"] == STEPS - 2
    assert f"damaged_{newest.name}" in resumed["remarks"][0]


def test_another_batch_size_continues_in_the_order_of_the_pictures(reference: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(reference, run)
    other = ("--batch-size", 2, "--accumulate", 1, "--steps", STEPS + 1)
    assert main([*map(str, ("train", "--resume", "--run", run, *other))]) == 0
    assert load_state(list_checkpoints(run / "checkpoints")[-1])["pictures"] == 2 * STEPS + 2
