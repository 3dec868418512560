"""Presets: published values, and overriding each setting."""

import pytest

from ugatit.config import DataConfig, TrainingConfig
from ugatit.models.preset import Preset, describe_defaults
from ugatit.models.ugatit import PRESETS, UGATIT, UGATITConfig, UGATITLossWeights
from ugatit.training.run_settings import RunSettings, settings_from_preset

SOURCES = {"sources": ("somewhere", "elsewhere")}


def settings(preset: str, **given: object) -> RunSettings:
    return settings_from_preset(UGATIT, PRESETS[preset], {**SOURCES, **given})


def test_paper_has_the_published_hyper_parameters() -> None:
    paper = settings("paper")
    network, training = paper.network, paper.training
    assert (network.image_size, network.light, network.ngf, network.ndf, network.blocks) == (256, False, 64, 64, 4)
    assert (network.global_layers, network.local_layers) == (7, 5)
    assert (training.steps, training.batch_size, training.accumulate) == (1_000_000, 1, 1)
    assert (training.learning_rate, training.beta1, training.beta2, training.weight_decay) == (1e-4, 0.5, 0.999, 1e-4)
    assert training.weights == UGATITLossWeights(1, 1, 10, 10, 1000).to_dict()
    assert training.ema == 0
    assert paper.data == DataConfig(("somewhere", "elsewhere"), fit="crop", flip=True, margin=30 / 256)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_entry_is_a_setting_that_the_command_line_can_change(preset: str) -> None:
    known = {*UGATITConfig.names(), *TrainingConfig.names(), *UGATITLossWeights.names()}
    for name, old in PRESETS[preset].settings.items():
        assert name in known
        new = not old if isinstance(old, bool) else 0.5 if isinstance(old, float) else 2 * old
        changed = settings(preset, **{name: new})
        values = {**changed.network.to_dict(), **changed.training.to_dict(), **changed.training.weights}
        assert values[name] == new


def test_defaults_are_listed_by_preset_where_they_differ() -> None:
    texts = describe_defaults(PRESETS)
    assert texts["image_size"] == "quick 64, light 256, paper 256"
    assert texts["ema"] == "quick 0.999, light 0.999, paper 0"
    assert "summary" not in texts


def test_default_that_only_one_preset_names_is_listed_with_its_name() -> None:
    assert describe_defaults({"quick": Preset("", {"ngf": 16}), "paper": Preset("", {})}) == {"ngf": "quick 16"}
