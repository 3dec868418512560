"""Whatever ends a run leaves its last good checkpoint, an event and a line that says what to do. Real processes."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiny import ROOT, SCENES, TINY, command, environment, picture_folder, refused, tiny_model
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.cli.main import main
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.training.checkpoint import newest_readable, save_checkpoint
from ugatit.training.events import Event, read_events
from ugatit.training.lock import hold_lock

SMALL = [*TINY, "--blocks", "0", "--ndf", "2"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two domains and a run of two steps on them."""
    folder = tmp_path_factory.mktemp("trained")
    sources = [picture_folder(folder / kind, kind) for kind in ("disc", "square")]
    data = ("--domain-a", sources[0], "--domain-b", sources[1])
    every = ("--steps", 2, "--checkpoint-every", 1)
    assert main([*map(str, ("train", *data, *SMALL, *every, "--run", folder / "run"))]) == 0
    return folder


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    """A copy of that run, to be spoilt."""
    return Path(shutil.copytree(trained / "run", tmp_path / "run"))


def failure(run: Path) -> Event:
    (error,) = [event for event in read_events(run / "events.jsonl") if event["kind"] == "error"]
    return error


def names(run: Path) -> list[str]:
    return sorted(path.name for path in (run / "checkpoints").iterdir())


def test_disk_that_takes_no_checkpoint_is_told_and_costs_no_other(run: Path) -> None:
    largest = max(path.stat().st_size for path in (run / "checkpoints" / "step_0000002").iterdir())
    result = subprocess.run(
        command("train", "--resume", "--run", run, "--steps", 3),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest // 2, largest // 2)),
    )
    assert f"The disk of {run} takes no larger files: make room, then go on with --resume" in refused(result)
    assert failure(run)["step"] == 3
    assert "make room" in failure(run)["message"]
    assert names(run) == ["step_0000001", "step_0000002"]

    assert main(["train", "--resume", "--run", str(run)]) == 0
    assert names(run)[-1] == "step_0000003"


def test_full_disk_under_the_events_ends_in_one_line(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "events.jsonl").unlink()
    (run / "events.jsonl").symlink_to("/dev/full")
    assert main(["train", "--resume", "--run", str(run), "--steps", "3"]) == 2
    stderr = capsys.readouterr().err
    assert stderr == f"python -m ugatit: The disk of {run} is full: make room, then go on with --resume --run {run}.\n"


def test_vanished_folder_is_named_and_the_weights_stay(
    run: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = trained / "elsewhere"
    (trained / "disc").rename(hidden)
    try:
        assert main(["train", "--resume", "--run", str(run), "--steps", "3"]) == 2
    finally:
        hidden.rename(trained / "disc")
    stderr = capsys.readouterr().err
    assert stderr.count("\n") == 1
    assert str(trained / "disc") in stderr
    assert "put them back, then --resume" in stderr
    assert (failure(run)["step"], failure(run)["message"]) == (2, stderr.partition(": ")[2].strip())
    assert names(run) == ["step_0000001", "step_0000002"]
    assert main(["train", "--resume", "--run", str(run), "--steps", "3"]) == 0


def test_second_process_in_a_folder_is_refused(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with hold_lock(run, "cpu"):
        assert main(["train", "--resume", "--run", str(run)]) == 2
    assert f"{run} is in training" in capsys.readouterr().err


def test_start_in_a_folder_of_someones_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["train", "--domain-a", "nowhere", "--domain-b", "scenes:disc", "--run", str(tmp_path)]) == 2
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert main([*map(str, ("train", *SCENES, *SMALL, "--steps", 1, "--run", tmp_path))]) == 0


@pytest.fixture(scope="module")
def model() -> UGATIT:
    return tiny_model(blocks=0, ndf=2)


def save(folder: Path, model: UGATIT, step: int) -> None:
    save_checkpoint(folder, model, Manifest(model.name, model.config.to_dict(), step=step), {"step": step}, keep=2)


def test_kill_at_any_file_operation_of_a_save_leaves_a_whole_checkpoint(tmp_path: Path, model: UGATIT) -> None:
    """Each file operation in turn is the one before which the process is killed."""
    kills = 0
    while True:
        folder = tmp_path / str(kills)
        for step in (1, 2):
            save(folder, model, step)
        child = os.fork()
        if not child:
            _kill_before(operation=kills, folder=folder)
            save(folder, model, 3)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        newest, damaged = newest_readable(folder)
        assert newest is not None
        assert not damaged
        assert newest.state["step"] == int(newest.path.name.removeprefix("step_")) >= 2
        if not os.WIFSIGNALED(status):
            break
        save(folder, model, 4)
        assert [path.name for path in list_checkpoints(folder)][-1] == "step_0000004"
        assert not list(folder.glob(".*"))
        kills += 1
    assert newest.state["step"] == 3
    assert kills > 12


def _kill_before(operation: int, folder: Path) -> None:
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event not in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"):
            return
        if event in ("os.remove", "os.rmdir") or str(arguments[0]).startswith(str(folder)):
            if seen == operation:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    sys.addaudithook(watch)
