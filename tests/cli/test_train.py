"""The command `train`: runs that start, continue or are refused."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.data.zips import png_members, write_zip
from tests.tiny import ROOT, SCENES, TINY, command, environment, picture_folder
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import read_manifest
from ugatit.cli.main import main
from ugatit.training.events import read_events
from ugatit.training.run_settings import read_settings

Refusal = Callable[..., str]


def train(run: Path, *arguments: object) -> int:
    """Train the smallest networks for one step, in this process."""
    return main([*map(str, ("train", *arguments, *TINY, "--blocks", 0, "--steps", 1, "--run", run))])


def test_train_makes_a_run_that_can_be_loaded(run: Path) -> None:
    config = json.loads((run / "config.json").read_text())
    assert config["network"]["domains"] == ["disc", "square"]
    assert config["data"]["sources"] == ["scenes:disc", "scenes:square"]
    assert config["training"]["steps"] == 2
    assert load_model(run).domains == ("disc", "square")
    assert read_manifest(list_checkpoints(run / "checkpoints")[-1]).step == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--domain-a and --domain-b are needed"),
        (["--domain-a", "scenes:disc"], "--domain-a and --domain-b are needed"),
        (["--domain-a", "nowhere", "--domain-b", "scenes:disc"], "no folder nowhere"),
        (["--domain-a", "scenes:cube", "--domain-b", "scenes:disc"], "no scenes of 'cube'"),
        (["--domain-a", "scenes:disc", "--domain-b", "scenes:disc"], "Both domains are scenes:disc: a pair needs"),
        ([*SCENES, "--steps", "0"], "steps must be at least 1, got 0"),
        ([*SCENES, "--image-size", "63"], "image_size must be a multiple of 4"),
        ([*SCENES, "--preset", "huge"], "invalid choice: 'huge'"),
        ([*SCENES, "--device", "cuda:9"], "no device 'cuda:9'"),
        (["--resume"], "--resume needs --run"),
        (["--resume", "--run", "nowhere"], "nowhere holds no run to resume"),
    ],
)
def test_training_that_cannot_start_is_refused_and_leaves_nothing(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refusal: Refusal,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in refusal("train", *arguments)
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_leaves_no_run_even_with_named_domains(tmp_path: Path, refusal: Refusal) -> None:
    single = picture_folder(tmp_path / "single", count=1)
    for folder, message in ((tmp_path / "nowhere", "no folder"), (single, "needs at least two")):
        data = ("--domain-a", folder, "--domain-b", "scenes:disc", "--domains", "x", "y")
        assert message in refusal("train", *data, "--run", tmp_path / "run")
        assert not (tmp_path / "run").exists()


def test_run_is_not_started_twice(run: Path, refusal: Refusal) -> None:
    message = refusal("train", *SCENES, *TINY, "--run", run)
    assert f"{run} already holds a run: go on with it by --resume" in message


@pytest.mark.parametrize(
    "change",
    [
        ["--ngf", "8"], ["--domain-a", "x"], ["--margin", "0"], ["--start-from", "x"], ["--preset", "light"],
        ["--freeze", "encoder"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_data_and_networks_of_a_run_cannot_change(run: Path, change: list[str], refusal: Refusal) -> None:
    before = (run / "config.json").read_bytes()
    message = refusal("train", "--resume", "--run", run, *change)
    assert f"{change[0]} cannot change in a resumed run" in message
    assert (run / "config.json").read_bytes() == before


def test_changed_training_settings_are_kept_by_the_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    tiny = [*TINY, "--ndf", "2", "--blocks", "0"]
    assert main([*map(str, ("train", *SCENES, *tiny, "--run", run, "--steps", 1))]) == 0
    assert main([*map(str, ("train", "--resume", "--run", run, "--steps", 2, "--cycle", 5))]) == 0
    training = read_settings(run).training
    assert (training.steps, training.weights["cycle"]) == (2, 5.0)
    assert [path.name for path in list_checkpoints(run / "checkpoints")] == ["step_0000001", "step_0000002"]


def test_pictures_used_and_dropped_are_reported_and_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flat, clay = picture_folder(tmp_path / "flat", "disc"), picture_folder(tmp_path / "clay", "square")
    for number in range(7):
        (flat / f"torn{number}.png").write_bytes((flat / "000.png").read_bytes()[:200])
    run = tmp_path / "run"
    assert train(run, "--domain-a", flat, "--domain-b", clay) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "flat: 4 pictures to train on, 0 held out."
    assert [line.partition(":")[0] for line in lines[1:6]] == [f"  dropped torn{number}.png" for number in range(5)]
    assert lines[6] == "  and 2 more"
    assert any("below 50" in line for line in lines)
    assert load_model(run).domains == ("flat", "clay")
    (started,) = [event for event in read_events(run / "events.jsonl") if event.get("status") == "started"]
    assert started["remarks"] == lines[: len(started["remarks"])]


def test_domains_from_folders_of_the_same_name_are_distinguished(tmp_path: Path) -> None:
    data = [picture_folder(tmp_path / side / "photos", kind) for side, kind in (("x", "disc"), ("y", "square"))]
    run = tmp_path / "run"
    assert train(run, "--domain-a", data[0], "--domain-b", data[1]) == 0
    assert load_model(run).domains == ("photos A", "photos B")


def test_help_shows_each_presets_defaults_and_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "[quick 64, light 256, paper 256]" in text
    assert "[quick yes, light yes, paper no]" in text
    assert "torchrun --nproc_per_node 2 -m -- ugatit train" in text


def test_empty_run_folder_is_not_the_current_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", *SCENES, "--run", ""])
    assert ended.value.code == 2
    assert "--run: the path is empty" in capsys.readouterr().err


def test_run_folder_with_a_name_that_is_not_unicode_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    assert "no name in Unicode" in refusal("train", *SCENES, "--run", tmp_path / "run\udcff")


def test_critics_too_deep_for_the_pictures_are_refused_before_there_is_a_run(tmp_path: Path, refusal: Refusal) -> None:
    message = refusal("train", *SCENES, *TINY, "--global-layers", 12, "--run", tmp_path / "run")
    assert "12 and 10 layers need pictures of 3072 px" in message
    assert not (tmp_path / "run").exists()


def test_names_the_terminal_cannot_print_are_shown_as_escapes(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / os.fsdecode(b"caf\xe9 \xf0\x9f\x90\x88"), count=2)
    result = subprocess.run(
        command(
            "train", "--domain-a", folder, "--domain-b", "scenes:square", *TINY, "--steps", 1, "--run", tmp_path / "r"
        ),
        cwd=tmp_path,
        env={**environment(), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert read_settings(tmp_path / "r").data.sources[0] == str(folder)


def test_signal_during_ingestion_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = write_zip(tmp_path / "cats.zip", png_members())
    folder = tmp_path / "runs" / "run"
    monkeypatch.setattr("ugatit.data.opened.write_listing", lambda *_: signal.raise_signal(signal.SIGTERM))
    arguments = ["train", "--domain-a", str(archive), "--domain-b", "scenes:square", *TINY, "--run", str(folder)]
    assert main(arguments) == 130
    assert not (tmp_path / "runs").exists()
