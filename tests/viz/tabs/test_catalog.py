"""The weights on offer: names, titles, and the translators behind them."""

import shutil
from pathlib import Path

import pytest

from tests.tiny import tiny_model
from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import read_manifest, save_weights
from ugatit.errors import WeightsError
from ugatit.models.manifest import Manifest
from viz.tabs.catalog import Catalog
from viz.tabs.run_weights import RunWeights


def save_checkpoint(root: Path, run: str, step: int, seed: int = 0) -> Path:
    folder = root / run / "checkpoints" / f"step_{step:07d}"
    folder.mkdir(parents=True)
    (root / run / "events.jsonl").touch()
    save_weights(folder, tiny_model(seed), Manifest("ugatit", tiny_model().config.to_dict(), step=step))
    return folder


@pytest.fixture
def bundled(tmp_path: Path) -> WeightsEntry:
    folder = save_checkpoint(tmp_path / "elsewhere", "own", 1)
    return WeightsEntry("own", folder, read_manifest(folder))


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def catalog(bundled: WeightsEntry, runs: Path) -> Catalog:
    return Catalog([bundled], "cpu", "fp32", run_weights=RunWeights(runs, ["own"]))


def test_a_run_is_offered_by_its_name_with_its_newest_checkpoint(catalog: Catalog, runs: Path) -> None:
    assert [entry.name for entry in catalog.entries()] == ["own"]
    save_checkpoint(runs, "mine", 100)
    newest = save_checkpoint(runs, "mine", 200)
    assert catalog.find("mine").folder == newest
    assert "mine" in catalog.find("mine").manifest.title
    assert catalog.translator(catalog.find("mine"))


def test_a_run_with_the_name_of_bundled_weights_gets_another_name(
    catalog: Catalog, runs: Path, bundled: WeightsEntry
) -> None:
    save_checkpoint(runs, "own", 100)
    assert catalog.find("own").folder == bundled.folder
    assert catalog.find("runs/own").folder.is_relative_to(runs)


def test_a_pruned_checkpoint_is_replaced_by_the_newest(catalog: Catalog, runs: Path) -> None:
    old = save_checkpoint(runs, "mine", 100)
    entry = catalog.find("mine")
    save_checkpoint(runs, "mine", 200, seed=1)
    shutil.rmtree(old)
    assert catalog.translator(entry) is catalog.translator(catalog.find("mine"))
    shutil.rmtree(runs)
    with pytest.raises(WeightsError):
        catalog.translator(entry)


def test_a_new_run_with_the_name_of_a_deleted_one_is_loaded_again(catalog: Catalog, runs: Path) -> None:
    folder = save_checkpoint(runs, "mine", 100)
    first = catalog.translator(catalog.find("mine"))
    shutil.rmtree(folder)
    save_checkpoint(runs, "mine", 100, seed=1)
    assert catalog.translator(catalog.find("mine")) is not first
