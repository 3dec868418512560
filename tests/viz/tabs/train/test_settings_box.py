"""What the settings of a new run offer for each model."""

from pathlib import Path

import pytest

from tests.live import save_tiny
from tests.toy import Toy, ToyConfig
from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import read_manifest, save_weights
from ugatit.models.manifest import Manifest
from ugatit.models.registry import MODELS
from ugatit.models.ugatit import UGATIT
from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.tabs.catalog import Catalog
from viz.tabs.train.settings_box import describe, model_with_preset, start_choices


def test_only_weights_of_the_chosen_model_are_offered_to_start_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(MODELS, Toy.name, Toy)
    model = Toy(ToyConfig())
    folder = tmp_path / "toys"
    folder.mkdir()
    save_weights(folder, model, Manifest("toy", model.config.to_dict(), title="Three toys"))
    tiny = save_tiny(tmp_path / "tiny", 0, ("round", "angular"))
    catalog = Catalog([WeightsEntry(path.name, path, read_manifest(path)) for path in (tiny, folder)], "cpu")
    offered = {name: [value for _, value in start_choices(catalog, name, (), ENGLISH)] for name in ("ugatit", "toy")}
    assert offered == {"ugatit": ["", "tiny"], "toy": ["", "toys"]}


def test_presets_of_another_model_are_described_by_their_own_summary() -> None:
    assert describe(UGATIT, "quick", KOREAN) == KOREAN.train.presets["quick"]
    assert describe(Toy, "quick", KOREAN) == Toy.presets["quick"].summary


def test_a_preset_that_the_model_lacks_and_a_model_that_cannot_be_imported_give_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(MODELS, Toy.name, Toy)
    metadata = tmp_path / "broken-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[ugatit.models]\nbroken = nowhere_at_all:Model\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert model_with_preset("toy", "quick") is Toy
    assert model_with_preset("toy", "paper") is None
    assert model_with_preset("broken", "quick") is None
