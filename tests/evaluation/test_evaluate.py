"""Measures of translations that need no trained model: attention under mirroring, and pairing by name."""

import pytest
import torch

from ugatit.errors import DataError
from ugatit.evaluation import evaluate
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
    measures = evaluate.attention_measures(model, pictures, "B", maps[:, 0])
    assert measures["mirror_rank_correlation_placed"] > 0.9
    assert measures["mirror_rank_correlation"] < 0.6


def test_pictures_are_paired_by_name() -> None:
    images = torch.zeros(3, 3, 8, 8)
    inputs = evaluate.Pictures(("a", "b", "c"), images, ())
    targets = evaluate.Pictures(("c", "x", "a"), images, ())
    assert evaluate.match_by_name(inputs, targets) == [(0, 2), (2, 0)]
    with pytest.raises(DataError, match="share names"):
        evaluate.match_by_name(inputs, evaluate.Pictures(("y",), images[:1], ()))
