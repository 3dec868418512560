"""Starting, stopping and resuming runs, without a training process."""

from functools import partial
from pathlib import Path

import pytest

from tests.tiny import picture_folder
from ugatit.errors import ConfigError
from ugatit.training.events import EventLog
from viz.tabs.train.resume_options import ResumeOptions
from viz.tabs.train.runs import Runs
from viz.tabs.train.staging import StagedDomain, StagingArea, data_options

Sides = tuple[StagedDomain, StagedDomain]


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Sides:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    files = sorted(picture_folder(tmp_path / "mine").iterdir())
    return StagingArea().put(files, "a")[1], StagingArea().put("scenes:square", "b")[1]


def put(sides: Sides, run: Path) -> list[str]:
    return data_options(run, *sides)


@pytest.mark.parametrize("name", ["../up", "a/b", "/etc", ".hidden", "-x", "x" * 81, "a b", "\n"])
def test_a_name_that_is_not_allowed_is_refused(tmp_path: Path, sides: Sides, name: str) -> None:
    if name.strip():
        with pytest.raises(ConfigError, match="cannot be called"):
            Runs(tmp_path / "runs").start(name, partial(put, sides), [], ("a", "b"))
    assert not (tmp_path / "runs").exists()


def test_a_run_is_named_after_its_domains_and_never_like_another(
    tmp_path: Path, sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[Path, list[str]]] = []
    monkeypatch.setattr(
        "ugatit.training.process.start", lambda folder, options: started.append((folder, list(options)))
    )
    runs = Runs(tmp_path / "runs", "cpu")
    names = [runs.start("", partial(put, sides), ["--steps", "3"], ("my cats", "dogs/2")) for _ in range(2)]
    assert names == ["my-cats2dogs-2", "my-cats2dogs-2-2"]
    folder, options = started[0]
    sources = [f"--domain-a={folder / 'data/a'}", "--domain-b=scenes:square"]
    assert options == [*sources, "--steps", "3", "--device", "cpu"]
    assert len(list((folder / "data/a").iterdir())) == 4
    with pytest.raises(ConfigError, match="already"):
        runs.start(names[0], partial(put, sides), [], ("a", "b"))


def test_a_failed_start_leaves_nothing_and_can_be_repeated(
    tmp_path: Path, sides: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, options: list[str]) -> None:
        raise ConfigError("other is in training on cpu")

    monkeypatch.setattr("ugatit.training.process.start", refuse)
    runs = Runs(tmp_path / "runs")
    for _ in range(2):
        with pytest.raises(ConfigError, match="other is in training"):
            runs.start("mine", partial(put, sides), [], ("a", "b"))
    assert list((tmp_path / "runs").iterdir()) == []


def test_only_runs_of_this_page_are_stopped_and_resumed(tmp_path: Path) -> None:
    EventLog(tmp_path / "events.jsonl").write("status", 0, {"status": "started"})
    runs = Runs(tmp_path / "runs")
    for name in ("", "..", "../..", str(tmp_path)):
        with pytest.raises(ConfigError, match="no run"):
            runs.stop(name)
        with pytest.raises(ConfigError, match="no run"):
            runs.resume(name, ResumeOptions())
