"""Whatever ends a run leaves its last good checkpoint, an error event and a message with advice."""

import resource
import shutil
import subprocess
from pathlib import Path

import pytest
import torch

from tests.tiny import ROOT, SCENES, TINY, command, environment, picture_folder, usage_error
from tests.toy import ToyConfig
from ugatit.cli.main import main
from ugatit.config import TrainingConfig
from ugatit.training.events import Event, read_events
from ugatit.training.failures import SMALLEST_SIDE, explain_failure
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
    """A copy of that run, which a test may damage."""
    return Path(shutil.copytree(trained / "run", tmp_path / "run"))


def failure(run: Path) -> Event:
    (error,) = [event for event in read_events(run / "events.jsonl") if event["kind"] == "error"]
    return error


def names(run: Path) -> list[str]:
    return sorted(path.name for path in (run / "checkpoints").iterdir())


def test_full_disk_on_saving_is_reported_and_leaves_earlier_checkpoints(run: Path) -> None:
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
    assert f"The disk of {run} takes no larger files: make room, then go on with --resume" in usage_error(result)
    assert failure(run)["step"] == 3
    assert "make room" in failure(run)["message"]
    assert names(run) == ["step_0000001", "step_0000002"]

    assert main(["train", "--resume", "--run", str(run)]) == 0
    assert names(run)[-1] == "step_0000003"


def test_full_disk_on_logging_ends_with_one_line(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "events.jsonl").unlink()
    (run / "events.jsonl").symlink_to("/dev/full")
    assert main(["train", "--resume", "--run", str(run), "--steps", "3"]) == 2
    stderr = capsys.readouterr().err
    assert stderr == f"python -m ugatit: The disk of {run} is full: make room, then go on with --resume --run {run}.\n"


def test_missing_picture_folder_is_named_and_the_weights_stay(
    run: Path, trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = trained / "elsewhere"
    (trained / "disc").rename(moved)
    try:
        assert main(["train", "--resume", "--run", str(run), "--steps", "3"]) == 2
    finally:
        moved.rename(trained / "disc")
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


def test_failed_start_in_an_existing_folder_leaves_its_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["train", "--domain-a", "nowhere", "--domain-b", "scenes:disc", "--run", str(tmp_path)]) == 2
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert main([*map(str, ("train", *SCENES, *SMALL, "--steps", 1, "--run", tmp_path))]) == 0


@pytest.mark.parametrize(
    ("network", "advice"),
    [
        ({"ngf": 8, "ndf": 4}, "--ngf 4 --ndf 2"),
        (ToyConfig(width=8).to_dict(), "--width 4"),
        ({}, "smaller networks"),
    ],
)
def test_advice_for_less_memory_names_the_widths_that_the_network_has(network: dict[str, object], advice: str) -> None:
    network = {**network, "image_size": SMALLEST_SIDE}
    training, device = TrainingConfig(batch_size=1), torch.device("cpu")
    error = explain_failure(MemoryError(), Path("run"), device, training, network)
    assert str(error).endswith(f"begin another run with {advice}.")
