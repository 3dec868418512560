"""Deletion and insertion curves that test whether a map is faithful (Petsiuk et al. 2018, "RISE", section 4.2)."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.explain.explainer import Explainer
from ugatit.explain.occlusion import GREY
from ugatit.explain.results import GeneratorExplanation
from ugatit.images.placement import place_map
from ugatit.networks.geometry import Grid

Array = NDArray[np.float32]


@dataclass(frozen=True)
class FaithfulnessCurve:
    """The verdict (the mean of the two logits) while pixels are deleted or inserted, the map's highest first.

    shares: (n + 1,), the share of pixels changed, from 0 to 1. deletion: (n + 1,), the verdict with these pixels turned
    grey; a faithful map makes it fall early. insertion: (n + 1,), the verdict on a grey picture with these pixels
    inserted; a faithful map makes it rise early.
    """

    shares: Array
    deletion: Array
    insertion: Array

    @property
    def deletion_area(self) -> float:
        """The area under `deletion`, in logits; a smaller area means a more faithful map."""
        return float(np.trapezoid(self.deletion, self.shares))

    @property
    def insertion_area(self) -> float:
        """The area under `insertion`, in logits; a larger area means a more faithful map."""
        return float(np.trapezoid(self.insertion, self.shares))


def faithfulness_curve(
    explainer: Explainer, picture: Tensor, values: Array, grid: Grid, steps: int = 20, batch_size: int = 16
) -> FaithfulnessCurve:
    """Delete and insert a picture's pixels in the order of a map and record the classifier's verdict at each step.

    picture: (1, 3, H, W) in [-1, 1], on the networks' device. values: (h, w), the raw map, finite. grid: the positions
    of the map's cells on the picture. steps: the number of steps, each an equal share of the pixels. Pixels with equal
    values are taken in reading order.
    Raises TranslationError for other values, and whatever `Explainer.encode` raises.
    """
    if picture.dim() != 4 or len(picture) != 1:
        raise TranslationError(f"A curve takes one picture, (1, 3, H, W), got the shape {tuple(picture.shape)}.")
    if values.ndim != 2 or not values.size or not np.isfinite(values).all():
        raise TranslationError(f"A map is (h, w) of finite numbers, got the shape {values.shape} or NaN in it.")
    for name, number in (("steps", steps), ("batch_size", batch_size)):
        if number < 1:
            raise TranslationError(f"{name} must be at least 1, got {number}.")
    height, width = picture.shape[2:]
    placed = place_map(values, grid, grid, (height, width))
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
    """Return the maps to compare by deletion and insertion, (h, w) each, for the first picture of an explanation.

    The names are `attention`, `gap evidence`, `gmp evidence` and `chance`, a random map of the same shape drawn from
    the seed. All lie on the generator's grid.
    """
    tensors = {
        "attention": explained.attention_map,
        "gap evidence": explained.gap.evidence,
        "gmp evidence": explained.gmp.evidence,
    }
    maps: dict[str, Array] = {name: values[0, 0].float().cpu().numpy() for name, values in tensors.items()}
    chance = np.random.default_rng(seed).random(maps["attention"].shape, np.float32)
    return {**maps, "chance": chance}
