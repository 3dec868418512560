"""The sections of the model card, and manifests without local paths."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny import tiny_config
from ugatit.checkpoints.model_card import model_card, without_local_paths
from ugatit.models.manifest import Manifest
from ugatit.models.stargan_config import StarGANConfig

MANIFEST = Manifest(
    "ugatit",
    tiny_config().to_dict(),
    data={"sources": ("photos", "hub:owner/set:train")},
    training={"steps": 900, "batch_size": 3, "learning_rate": 0.0002, "ema": 0.0, "weights": {"cycle": 10.0}},
    step=1200,
    title="disc ↔ square",
    description="Turns discs into squares.",
)


def test_run_folder_in_start_from_is_not_taken_for_a_hub_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret" / "old").mkdir(parents=True)
    manifest = replace(MANIFEST, training={"start_from": "secret/old"})
    assert without_local_paths(manifest).training == {"start_from": "old"}


def test_card_of_labelled_data_names_sources_and_labels() -> None:
    network = StarGANConfig(domains=("glasses", "sad", "smile"), binary=("glasses",), sets=(1, 2)).to_dict()
    for sources in (("faces:lorelei", "faces:micah"), ("celeba", "photos")):
        text = model_card(Manifest("stargan", network, data={"sources": sources}), "jane/faces")
        assert f"`{sources[0]}`, `{sources[1]}`, with the labels *glasses*, *sad*, *smile*." in text


def test_card_shows_domains_data_steps_and_recipe_and_leaves_the_licence_to_the_owner() -> None:
    text = model_card(MANIFEST, "jane/discs")
    for words in (
        "# disc ↔ square",
        "Turns discs into squares.",
        "between *disc* and *square*",
        "*square*, 1,200 steps.",
        'load_translator("jane/discs")',
        'to="square"',
        "- *square*: `hub:owner/set:train`",
        "- batch_size: 3",
        "- learning_rate: 0.0002",
        "- loss weights: cycle 10",
    ):
        assert words in text
    front = text.split("---")[1]
    assert "pipeline_tag: image-to-image" in front
    assert "\nlicense:" not in front
    assert "## Licence\n\nFor the owner" in text


def test_card_of_weights_of_unknown_origin_says_not_recorded() -> None:
    text = model_card(Manifest("ugatit", {"domains": ["A", "B"]}), "jane/old")
    assert text.count("Not recorded.") == 2
    assert "# A ↔ B" in text
    assert "steps." not in text
