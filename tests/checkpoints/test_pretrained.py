"""`from_pretrained` and `save_pretrained`, as users of the Hub know them."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tiny import tiny_model
from ugatit.checkpoints.model_card import model_card
from ugatit.checkpoints.store import read_manifest
from ugatit.errors import WeightsError
from ugatit.models import UGATIT, TranslationModel


class OtherModel(UGATIT):
    """A model class that no weights are of."""


def test_saved_model_comes_back_with_its_class_weights_and_card(tmp_path: Path) -> None:
    model = tiny_model()
    model.save_pretrained(tmp_path / "new" / "mine")
    loaded = UGATIT.from_pretrained(tmp_path / "new" / "mine", device="cpu")
    assert loaded.config == model.config
    assert not loaded.training
    for name, tensor in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor)
    assert (tmp_path / "new" / "mine" / "README.md").read_text(encoding="utf-8").startswith("---\n")


def test_half_precision_file_is_half_as_large(tmp_path: Path) -> None:
    for half in (False, True):
        tiny_model().save_pretrained(tmp_path / str(half), half=half)
    whole, halved = ((tmp_path / str(half) / "model.safetensors").stat().st_size for half in (False, True))
    assert halved < 0.6 * whole


def test_base_class_loads_any_model_by_name() -> None:
    assert isinstance(TranslationModel.from_pretrained("disc2square", device="cpu"), UGATIT)


def test_weights_of_another_model_are_refused_by_name(tmp_path: Path) -> None:
    tiny_model().save_pretrained(tmp_path / "mine")
    with pytest.raises(WeightsError, match=r"holds a UGATIT model, not a OtherModel: use UGATIT\.from_pretrained"):
        OtherModel.from_pretrained(tmp_path / "mine", device="cpu")


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here already")
    with pytest.raises(WeightsError, match="file cannot be written to"):
        tiny_model().save_pretrained(tmp_path / "file")


def test_revision_reaches_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_model().save_pretrained(tmp_path)
    asked: dict[str, Any] = {}

    def snapshot_download(name: str, **options: Any) -> str:
        asked.update(name=name, revision=options["revision"])
        return str(tmp_path)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    UGATIT.from_pretrained("someone/disc2square", revision="v1", device="cpu")
    assert asked == {"name": "someone/disc2square", "revision": "v1"}


def test_card_names_the_library_and_tags(tmp_path: Path) -> None:
    tiny_model().save_pretrained(tmp_path)
    front_matter = model_card(read_manifest(tmp_path), "mine").split("---")[1]
    assert "library_name: ugatit\n" in front_matter
    assert 'tags: ["ugatit", "gan", "attention"]\n' in front_matter
