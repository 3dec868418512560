"""The runs behind the page: begun, offered, looked at; no training process is needed."""

import shutil
from pathlib import Path

import pytest

from tests.tiny import picture_folder, tiny_model
from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import read_manifest, save_weights
from ugatit.errors import ConfigError, WeightsError
from ugatit.models.manifest import Manifest
from ugatit.training.events import EventLog
from viz.tabs.catalog import Catalog
from viz.tabs.run_weights import RunWeights
from viz.tabs.train.resume_box import ResumeOptions
from viz.tabs.train.runs import Runs
from viz.tabs.train.staging import StagedDomain, StagingArea


def checkpoint(root: Path, run: str, step: int, seed: int = 0) -> Path:
    folder = root / run / "checkpoints" / f"step_{step:07d}"
    folder.mkdir(parents=True)
    (root / run / "events.jsonl").touch()
    save_weights(folder, tiny_model(seed), Manifest("ugatit", tiny_model().config.to_dict(), step=step))
    return folder


@pytest.fixture
def bundled(tmp_path: Path) -> WeightsEntry:
    folder = checkpoint(tmp_path / "elsewhere", "own", 1)
    return WeightsEntry("own", folder, read_manifest(folder))


def test_a_run_is_offered_by_its_name_with_its_newest_checkpoint(tmp_path: Path, bundled: WeightsEntry) -> None:
    catalog = Catalog([bundled], "cpu", "fp32", learned=RunWeights(tmp_path / "runs", ["own"]))
    assert [each.name for each in catalog.offered()] == ["own"]
    checkpoint(tmp_path / "runs", "mine", 100)
    newest = checkpoint(tmp_path / "runs", "mine", 200)
    assert catalog.find("mine").folder == newest
    assert "mine" in catalog.find("mine").manifest.title
    assert catalog.translator(catalog.find("mine"))


def test_a_run_named_like_bundled_weights_is_told_apart(tmp_path: Path, bundled: WeightsEntry) -> None:
    checkpoint(tmp_path / "runs", "own", 100)
    catalog = Catalog([bundled], "cpu", "fp32", learned=RunWeights(tmp_path / "runs", ["own"]))
    assert catalog.find("own").folder == bundled.folder
    assert catalog.find("runs/own").folder.is_relative_to(tmp_path / "runs")


def test_a_checkpoint_pruned_meanwhile_gives_way_to_the_newest(tmp_path: Path, bundled: WeightsEntry) -> None:
    catalog = Catalog([bundled], "cpu", "fp32", learned=RunWeights(tmp_path / "runs", ["own"]))
    old = checkpoint(tmp_path / "runs", "mine", 100)
    found = catalog.find("mine")
    checkpoint(tmp_path / "runs", "mine", 200, seed=1)
    shutil.rmtree(old)
    assert catalog.translator(found) is catalog.translator(catalog.find("mine"))
    shutil.rmtree(tmp_path / "runs")
    with pytest.raises(WeightsError):
        catalog.translator(found)


def test_a_new_run_of_an_old_name_is_loaded_anew(tmp_path: Path, bundled: WeightsEntry) -> None:
    catalog = Catalog([bundled], "cpu", "fp32", learned=RunWeights(tmp_path / "runs", ["own"]))
    folder = checkpoint(tmp_path / "runs", "mine", 100)
    first = catalog.translator(catalog.find("mine"))
    shutil.rmtree(folder)
    checkpoint(tmp_path / "runs", "mine", 100, seed=1)
    assert catalog.translator(catalog.find("mine")) is not first


@pytest.fixture
def sides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[StagedDomain, StagedDomain]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    files = sorted(picture_folder(tmp_path / "mine").iterdir())
    return StagingArea().put(files, "a")[1], StagingArea().put("scenes:square", "b")[1]


@pytest.mark.parametrize("name", ["../up", "a/b", "/etc", ".hidden", "-x", "x" * 81, "a b", "\n"])
def test_a_name_that_would_lead_elsewhere_is_refused(
    tmp_path: Path, sides: tuple[StagedDomain, StagedDomain], name: str
) -> None:
    if name.strip():
        with pytest.raises(ConfigError, match="cannot be called"):
            Runs(tmp_path / "runs").start(name, *sides, [], ("a", "b"))
    assert not (tmp_path / "runs").exists()


def test_a_run_is_called_after_its_domains_and_never_like_another(
    tmp_path: Path, sides: tuple[StagedDomain, StagedDomain], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[Path, list[str]]] = []
    monkeypatch.setattr(
        "ugatit.training.process.start", lambda folder, options: started.append((folder, list(options)))
    )
    runs = Runs(tmp_path / "runs", "cpu")
    names = [runs.start("", *sides, ["--steps", "3"], ("my cats", "dogs/2")) for _ in range(2)]
    assert names == ["my-cats2dogs-2", "my-cats2dogs-2-2"]
    folder, options = started[0]
    sources = [f"--domain-a={folder / 'data/a'}", "--domain-b=scenes:square"]
    assert options == [*sources, "--steps", "3", "--device", "cpu"]
    assert len(list((folder / "data/a").iterdir())) == 4
    with pytest.raises(ConfigError, match="already"):
        runs.start(names[0], *sides, [], ("a", "b"))


def test_a_start_that_is_refused_leaves_nothing_and_can_be_tried_again(
    tmp_path: Path, sides: tuple[StagedDomain, StagedDomain], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, options: list[str]) -> None:
        raise ConfigError("other is in training on cpu")

    monkeypatch.setattr("ugatit.training.process.start", refuse)
    runs = Runs(tmp_path / "runs")
    for _ in range(2):
        with pytest.raises(ConfigError, match="other is in training"):
            runs.start("mine", *sides, [], ("a", "b"))
    assert list((tmp_path / "runs").iterdir()) == []


def test_only_runs_of_this_page_are_stopped_and_resumed(tmp_path: Path) -> None:
    EventLog(tmp_path / "events.jsonl").write("status", 0, {"status": "started"})
    runs = Runs(tmp_path / "runs")
    for name in ("", "..", "../..", str(tmp_path)):
        with pytest.raises(ConfigError, match="no run"):
            runs.stop(name)
        with pytest.raises(ConfigError, match="no run"):
            runs.resume(name, ResumeOptions())
