"""Is a map faithful? Deletion and insertion along it (Petsiuk et al. 2018, "RISE", section 4.2)."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.explain.explainer import Explainer
from ugatit.explain.occlusion import GREY
from ugatit.explain.results import GeneratorExplanation
from ugatit.images.placement import place
from ugatit.networks.geometry import Grid

Array = NDArray[np.float32]


@dataclass(frozen=True)
class FaithfulnessCurve:
    """The verdict, the mean of the two logits, as pixels go or come, the map's highest first.

    shares: (n + 1,), the share of pixels changed, from 0 to 1. deletion: (n + 1,), those turned grey; a faithful map
    makes it fall early. insertion: (n + 1,), those put into a grey picture; a faithful map makes it rise early.
    """

    shares: Array
    deletion: Array
    insertion: Array

    @property
    def deletion_area(self) -> float:
        """The area under `deletion`, in logits; the smaller the more faithful the map."""
        return float(np.trapezoid(self.deletion, self.shares))

    @property
    def insertion_area(self) -> float:
        """The area under `insertion`, in logits; the larger the more faithful the map."""
        return float(np.trapezoid(self.insertion, self.shares))


def faithfulness_curve(
    explainer: Explainer, picture: Tensor, values: Array, grid: Grid, steps: int = 20, batch_size: int = 16
) -> FaithfulnessCurve:
    """Delete and insert a picture's pixels in the order of a map, and ask the generator's classifier each time.

    picture: (1, 3, H, W) in [-1, 1], on the networks' device. values: (h, w), raw, finite. grid: where the map's cells
    lie on the picture. steps: equal shares of pixels. Pixels as high as one another go in the order of reading.
    Raises TranslationError for other values, and as `Explainer.encode` does.
    """
    if picture.dim() != 4 or len(picture) != 1:
        raise TranslationError(f"A curve takes one picture, (1, 3, H, W), got the shape {tuple(picture.shape)}.")
    if values.ndim != 2 or not values.size or not np.isfinite(values).all():
        raise TranslationError(f"A map is (h, w) of finite numbers, got the shape {values.shape} or NaN in it.")
    for name, given in (("steps", steps), ("batch_size", batch_size)):
        if given < 1:
            raise TranslationError(f"{name} must be at least 1, got {given}.")
    height, width = picture.shape[2:]
    placed = place(values, grid, grid, (height, width))
    order = np.argsort(-placed, axis=None, kind="stable")
    ranks = np.empty(order.size, np.int64)
    ranks[order] = np.arange(order.size)
    rank = torch.from_numpy(ranks).reshape(1, 1, height, width).to(picture.device)
    counts = np.round(np.linspace(0, order.size, steps + 1)).astype(np.int64)
    limits = torch.from_numpy(counts).to(picture.device)[:, None, None, None]
    deletion, insertion = [], []
    for chunk in limits.split(batch_size):
        highest = rank < chunk  # (n, 1, H, W)
        deletion.append(explainer.verdict(picture.masked_fill(highest, GREY)).cpu())
        insertion.append(explainer.verdict(picture.masked_fill(~highest, GREY)).cpu())
    shares = (counts / order.size).astype(np.float32)
    return FaithfulnessCurve(shares, torch.cat(deletion).numpy(), torch.cat(insertion).numpy())


def maps_to_compare(explained: GeneratorExplanation, seed: int = 0) -> dict[str, Array]:
    """What curves are drawn along, of an explanation's first picture: (h, w) each, on the generator's grid.

    `attention`, `gap evidence`, `gmp evidence`, and `chance`: as many cells as they have, drawn from the seed.
    """
    maps = {
        "attention": explained.attention_map,
        "gap evidence": explained.gap.evidence,
        "gmp evidence": explained.gmp.evidence,
    }
    found: dict[str, Array] = {name: values[0, 0].float().cpu().numpy() for name, values in maps.items()}
    chance = np.random.default_rng(seed).random(found["attention"].shape, np.float32)
    return {**found, "chance": chance}
