"""Draw a run's samples over time: the same held-out pictures, their translations and maps, at any sampled step."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ugatit.checkpoints.store import build_model, read_manifest
from ugatit.errors import TranslationError
from ugatit.models.base import TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.networks.geometry import Grid
from ugatit.training.samples import StoredSample, read_sample
from viz.contact_sheet import enlarge
from viz.heatmap import Scale, normalize, place_map
from viz.overlay import overlay
from viz.panels import TITLES

SCALES = ("newest", "minmax")
"""The available normalisations of maps."""

COLORMAP = "turbo"
MIN_SIDE, MAX_SIDE = 160, 256
BACKGROUND = (128, 132, 140)


@dataclass(frozen=True)
class Row:
    """One held-out picture at one step; all pictures have the same size.

    maps: by network; the generator's map is over the source, a critic's over the translation. attention: the networks
    whose maps are attention maps; the others are patch scores.
    """

    source: Image.Image | None
    translation: Image.Image
    maps: dict[str, Image.Image]
    attention: frozenset[str] = frozenset()


class Timeline:
    """Draw a run's samples.

    With the scale `newest`, 0 and 1 are the lowest and highest raw value of a network's maps over all pictures of a
    domain in the newest sample, whatever step is shown, so that the steps can be compared. With `minmax` they are those
    of each map alone.
    """

    def __init__(self, run: Path) -> None:
        self.run = run

    @cached_property
    def manifest(self) -> Manifest:
        """The run's manifest. Raises WeightsError as long as it is not written."""
        return read_manifest(self.run)

    @property
    def domains(self) -> tuple[str, ...]:
        """The names of the run's domains."""
        return self.manifest.domains

    def rows(
        self, step: int, newest: int, origin: str, scale: str = "newest", opacity: float = 0.6, colormap: str = COLORMAP
    ) -> list[Row]:
        """Return the held-out pictures of domain `origin` at `step`. newest: the step of the newest sample.

        Raises TranslationError for an unknown domain or scale, PictureError for a sample that cannot be read.
        """
        if scale not in SCALES:
            raise TranslationError(f"There is no scale {scale!r}; choose one of: {', '.join(SCALES)}.")
        sample = self._sample(step, origin)
        scales = _scales(sample if newest == step else self._sample(newest, origin)) if scale == "newest" else {}
        grids, attention = self._grids[origin], frozenset(self._model.attention_grids(self.directions[origin]))
        rows = (_row(sample, index, grids, scales, opacity, colormap) for index in range(len(sample.translation)))
        return [replace(row, attention=attention) for row in rows]

    def _sample(self, step: int, origin: str) -> StoredSample:
        sample = read_sample(self.run, step)
        if origin not in sample:
            raise TranslationError(f"This run has no samples of {origin!r}; it has: {', '.join(sample)}.")
        return sample[origin]

    @cached_property
    def directions(self) -> dict[str, str]:
        """The domain that the samples of each domain are translated to. Raises WeightsError as `manifest` does."""
        return self._model.sample_targets

    @cached_property
    def _model(self) -> TranslationModel:
        with torch.device("meta"):
            return build_model(self.manifest)

    @cached_property
    def _grids(self) -> dict[str, Mapping[str, Grid]]:
        """The positions of the maps' cells, by source domain and network; of patch scores without attention."""
        return {domain: self._model.map_grids(to) for domain, to in self.directions.items()}


def _scales(sample: StoredSample) -> dict[str, Scale]:
    """Return the lowest and highest finite raw value by network."""
    scales = {}
    for name, values in sample.maps.items():
        finite = values[np.isfinite(values)]
        scales[name] = Scale(float(finite.min()), float(finite.max())) if finite.size else Scale(0.0, 0.0)
    return scales


def _row(
    sample: StoredSample,
    index: int,
    grids: Mapping[str, Grid],
    scales: dict[str, Scale],
    opacity: float,
    colormap: str,
) -> Row:
    native = Image.fromarray(sample.translation[index])
    factor = _factor(min(native.size))
    translation = enlarge(native, factor)
    source = None if sample.source is None else enlarge(Image.fromarray(sample.source[index]), factor)
    maps = {}
    for name in sorted((name for name in sample.maps if name in grids), key=_position):
        background = translation if name != "generator" else source or Image.new("RGB", translation.size, BACKGROUND)
        grid = grids[name].scaled(factor)
        placed = place_map(sample.maps[name][index], grid, grid, (background.height, background.width))
        maps_to_scale = [placed]
        if scale := scales.get(name):
            # The common scale's ends act as a second map, so that `shared` uses this scale; other values are clipped.
            maps_to_scale = [placed.clip(scale.low, scale.high), np.array([[scale.low, scale.high]], np.float32)]
        maps[name] = overlay(background, normalize(maps_to_scale, "shared")[0], opacity, colormap)
    return Row(source, translation, maps)


def _position(network: str) -> int:
    """Return where a network's map stands: in the order of the titles, those without a title last."""
    return list(TITLES).index(network) if network in TITLES else len(TITLES)


def _factor(side: int) -> float:
    """Return the factor to scale a picture by: a whole number for a tiny one, at most 1 for others."""
    return math.ceil(MIN_SIDE / side) if side < MIN_SIDE else min(1.0, MAX_SIDE / side)
