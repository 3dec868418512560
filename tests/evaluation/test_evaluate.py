"""Measures of translations that need no trained model: attention under mirroring, and pairing by name."""

import pytest
import torch
from torch import nn

from tests.tiny import pictures as noise
from tests.tiny import tiny_model
from tests.toy import Toy, ToyConfig
from ugatit.errors import DataError, TranslationError
from ugatit.evaluation import evaluate
from ugatit.evaluation.domain_classifier import DomainClassifier
from ugatit.evaluation.pictures import Pictures, match_by_name
from ugatit.evaluation.scores import means
from ugatit.models import UGATIT
from ugatit.models.ugatit import UGATITConfig
from ugatit.networks.geometry import Grid
from ugatit.networks.outputs import GeneratorOutput


class SubsampledAttention(UGATIT):
    """A model whose attention is every fourth pixel of the picture, as after two layers of stride 2."""

    def translate(self, images: torch.Tensor, to: str) -> GeneratorOutput:
        return GeneratorOutput(images, None, images[:, :1, ::4, ::4] + 1)

    def attention_grids(self, to: str) -> dict[str, Grid]:
        return {"generator": Grid(0, 4)}


def test_placed_maps_are_compared_at_the_positions_of_their_cells() -> None:
    ticks = torch.arange(64.0)
    waves = [torch.sin(ticks / period + phase) for period, phase in ((2.5, 0.3), (3.1, 1.1), (4.7, 2.0))]
    pictures = torch.stack([wave.expand(3, 64, 64) for wave in waves])
    model = SubsampledAttention(UGATITConfig(ngf=4, ndf=4, blocks=1, image_size=64))
    maps = model.translate(pictures, "B").attention_map
    assert maps is not None
    measures = means(evaluate.attention_samples(model, pictures, "B", maps[:, 0]))
    assert measures["mirror_rank_correlation_placed"] > 0.9
    assert measures["mirror_rank_correlation"] < 0.6


def test_pictures_are_paired_by_name() -> None:
    images = torch.zeros(3, 3, 8, 8)
    inputs = Pictures(("a", "b", "c"), images, ())
    targets = Pictures(("c", "x", "a"), images, ())
    assert match_by_name(inputs, targets) == [(0, 2), (2, 0)]
    with pytest.raises(DataError, match="share names"):
        match_by_name(inputs, Pictures(("y",), images[:1], ()))


class Red(nn.Module):
    """Take red pictures for the second of two domains, others for the first."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        red = images[:, 0].mean(dim=(1, 2))
        return torch.stack([-red, red], dim=1)


JUDGE = DomainClassifier(Red(), 2)


def named(images: torch.Tensor) -> Pictures:
    return Pictures(tuple(map(str, range(len(images)))), images, ())


def measured(model: Toy | UGATIT, to: str, origin: str | None = None, judge: DomainClassifier | None = None) -> dict:
    inputs, targets = (named(torch.full((2, 3, 32, 32), level)) for level in (-0.5, 0.5))
    return evaluate.measure_translations(model.eval(), inputs, targets, to, None, judge, origin)


def test_translations_back_are_measured_only_to_a_known_source_domain() -> None:
    model = Toy(ToyConfig(image_size=32))
    assert set(measured(model, "A")["faithful"]) == {"shape_iou"}
    to_b, to_c = (measured(model, "A", origin)["faithful"]["cycle_error_grey_levels"] for origin in ("B", "C"))
    assert to_b != to_c
    two = Toy(ToyConfig(("A", "B"), image_size=32))
    assert measured(two, "A") == measured(two, "A", "B")
    assert "cycle_error_grey_levels" in measured(two, "A")["faithful"]


@pytest.mark.parametrize(("origin", "to", "right"), [("A", "C", 1), ("C", "A", 0)])
def test_judge_knows_its_two_domains_by_the_order_of_the_model(origin: str, to: str, right: float) -> None:
    recognised = measured(Toy(ToyConfig(image_size=32)), to, origin, JUDGE)["recognised"]
    # The targets are red, which the judge takes for the later of the two domains.
    assert recognised["judge_accuracy_by_domain"] == {origin: right, to: right}
    assert (recognised["ratio"] is None) == (not right)


@pytest.mark.parametrize("origin", [None, "A"])
def test_judge_without_a_source_domain_is_refused(origin: str | None) -> None:
    with pytest.raises(TranslationError, match="needs the domain of the inputs"):
        measured(Toy(ToyConfig(image_size=32)), "A", origin, JUDGE)


def test_source_domain_that_the_model_does_not_have_is_refused() -> None:
    with pytest.raises(TranslationError, match=r"no domain 'D'.*A, B, C"):
        measured(Toy(ToyConfig(image_size=32)), "A", "D")


def test_models_without_attention_have_all_other_measures() -> None:
    with_attention, without = tiny_model(), tiny_model(attention=False)
    inputs = named(noise(2, 32))
    keys = [
        set(evaluate.measure_translations(model.eval(), inputs, inputs, "square", [(0, 0), (1, 1)]))
        for model in (with_attention, without)
    ]
    assert keys[0] - keys[1] == {"attention"}
    assert keys[1] == {"pictures", "targets", "paired", "faithful"}
