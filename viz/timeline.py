"""A run's samples through time: the same held-out pictures, their translations and maps, at any moment so far."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ugatit.checkpoints.store import build_model, read_manifest
from ugatit.errors import TranslationError
from ugatit.models.manifest import Manifest
from ugatit.networks.geometry import Grid
from ugatit.training.samples import SampledDomain, read_sample
from viz.contact_sheet import enlarged
from viz.heatmap import Scale, normalize, place
from viz.overlay import overlay
from viz.panels import TITLES

SCALES = ("newest", "minmax")
"""How maps are normalised."""

COLORMAP = "turbo"
LEAST_SIDE, MOST_SIDE = 160, 256
GROUND = (128, 132, 140)


@dataclass(frozen=True)
class Row:
    """One held-out picture at a moment; all of one size. maps: by network, the generator's over the source."""

    source: Image.Image | None
    translation: Image.Image
    maps: dict[str, Image.Image]


class Timeline:
    """Draws a run's samples.

    Under the scale `newest`, 0 and 1 are the lowest and highest raw value of a network's maps over all pictures of a
    domain in the newest sample, whichever moment is shown: what attention has become is the measure of how it formed.
    Under `minmax` they are those of each map alone.
    """

    def __init__(self, run: Path) -> None:
        self.run = run

    @cached_property
    def manifest(self) -> Manifest:
        """The run's. Raises WeightsError while it is not written."""
        return read_manifest(self.run)

    @property
    def domains(self) -> tuple[str, ...]:
        return self.manifest.domains

    def rows(
        self, step: int, newest: int, origin: str, scale: str = "newest", opacity: float = 0.6, colormap: str = COLORMAP
    ) -> list[Row]:
        """The sample at `step` of the held-out pictures of domain `origin`. newest: the step of the newest sample.

        Raises TranslationError for a domain or scale that does not exist, PictureError for a sample that cannot be
        read.
        """
        if scale not in SCALES:
            raise TranslationError(f"There is no scale {scale!r}; choose one of: {', '.join(SCALES)}.")
        shown = self._sample(step, origin)
        ends = _ends(shown if newest == step else self._sample(newest, origin)) if scale == "newest" else {}
        grids = self._grids[origin]
        return [_row(shown, index, grids, ends, opacity, colormap) for index in range(len(shown.translation))]

    def _sample(self, step: int, origin: str) -> SampledDomain:
        sample = read_sample(self.run, step)
        if origin not in sample:
            raise TranslationError(f"This run has no samples of {origin!r}; it has: {', '.join(sample)}.")
        return sample[origin]

    @cached_property
    def _grids(self) -> dict[str, Mapping[str, Grid]]:
        """Where the cells of the maps lie, by source domain and network."""
        with torch.device("meta"):
            model = build_model(self.manifest)
        return {domain: model.attention_grids(model.other(domain)) for domain in model.domains}


def _ends(sample: SampledDomain) -> dict[str, Scale]:
    """By network, the lowest and highest raw value that is finite."""
    ends = {}
    for name, values in sample.maps.items():
        known = values[np.isfinite(values)]
        ends[name] = Scale(float(known.min()), float(known.max())) if known.size else Scale(0.0, 0.0)
    return ends


def _row(
    sample: SampledDomain, index: int, grids: Mapping[str, Grid], ends: dict[str, Scale], opacity: float, colormap: str
) -> Row:
    native = Image.fromarray(sample.translation[index])
    factor = _factor(min(native.size))
    translation = enlarged(native, factor)
    source = None if sample.source is None else enlarged(Image.fromarray(sample.source[index]), factor)
    maps = {}
    for name in (each for each in TITLES if each in sample.maps and each in grids):
        beneath = translation if name != "generator" else source or Image.new("RGB", translation.size, GROUND)
        grid = grids[name].scaled(factor)
        placed = place(sample.maps[name][index], grid, grid, (beneath.height, beneath.width))
        together = [placed]
        if end := ends.get(name):
            # The ends of the common scale stand beside the map as if they were a map of their own; what lies beyond
            # them is cut.
            together = [placed.clip(end.low, end.high), np.array([[end.low, end.high]], np.float32)]
        maps[name] = overlay(beneath, normalize(together, "shared")[0], opacity, colormap)
    return Row(source, translation, maps)


def _factor(side: int) -> float:
    """How much larger a picture is drawn: tiny ones by whole factors, large ones no larger than a screen shows them."""
    return math.ceil(LEAST_SIDE / side) if side < LEAST_SIDE else min(1.0, MOST_SIDE / side)
