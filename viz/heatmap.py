"""Turn raw attention maps into heatmaps in [0, 1]: place them on the picture first, then normalise them.

The order matters: cells on removed padding must not set the scale, so `place_map` keeps raw values and `normalize`
scales only what is visible. Measures use the raw maps.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ugatit.errors import TranslationError
from ugatit.images.placement import place_map, replace_non_finite

__all__ = ["NORMALIZATIONS", "Normalization", "Scale", "get_normalization", "normalize", "place_map"]

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Scale:
    """The raw values that are mapped to 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True)
class Normalization:
    """A way to map raw values to [0, 1].

    flat: the value of a map whose scale has zero length. scales: computes one scale for each of several finite maps.
    """

    flat: float
    scales: Callable[[Sequence[Array]], list[Scale]]


def _minmax(maps: Sequence[Array]) -> list[Scale]:
    return [Scale(float(values.min()), float(values.max())) for values in maps]


def _shared(maps: Sequence[Array]) -> list[Scale]:
    scales = _minmax(maps)
    return [Scale(min(scale.low for scale in scales), max(scale.high for scale in scales))] * len(scales)


def _symmetric(maps: Sequence[Array]) -> list[Scale]:
    limits = [float(np.abs(values).max()) for values in maps]
    return [Scale(-limit, limit) for limit in limits]


# `minmax` equals the published `cam()`, which subtracts the minimum and divides by the maximum of the result.
NORMALIZATIONS: dict[str, Normalization] = {
    "minmax": Normalization(0.0, _minmax),
    "shared": Normalization(0.0, _shared),
    "symmetric": Normalization(0.5, _symmetric),
}


def get_normalization(name: str) -> Normalization:
    """Return the normalisation of that name. Raises TranslationError, naming the valid ones, if there is none."""
    if name not in NORMALIZATIONS:
        offered = ", ".join(NORMALIZATIONS)
        raise TranslationError(f"There is no normalisation {name!r}; choose one of: {offered}.")
    return NORMALIZATIONS[name]


def normalize(maps: Sequence[Array], normalization: str = "minmax") -> list[Array]:
    """Return each (h, w) map as float32 in [0, 1], never NaN.

    `minmax`: from each map's lowest to its highest value; a flat map becomes 0. `shared`: the same with one scale for
    all maps. `symmetric`: 0 becomes 0.5 and the largest magnitude 0 or 1, for signed evidence. Non-finite values count
    as the lowest finite value; a map without finite values counts as 0 everywhere.
    Raises TranslationError for an unknown normalisation.
    """
    chosen = get_normalization(normalization)
    finite = [replace_non_finite(values) for values in maps]
    scaled = []
    for values, scale in zip(finite, chosen.scales(finite), strict=True):
        if scale.low == scale.high:
            scaled.append(np.full(values.shape, chosen.flat, np.float32))
            continue
        # float64: the distance between two float32 values can overflow float32.
        unit = (values.astype(np.float64) - scale.low) / (scale.high - scale.low)
        scaled.append(unit.clip(0.0, 1.0).astype(np.float32))
    return scaled
