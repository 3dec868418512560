"""Raw attention maps to heatmaps in [0, 1]: placed on the picture first, then normalised under a name.

The order matters. A map can have cells whose centres lie on padding that was cut away from the picture;
normalised first, such a cell could set the scale, and the picture would show no maximum at all. So `place`
keeps raw values, and `normalize` takes its scale from what can be seen. Measuring uses the raw maps alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ugatit.errors import TranslationError
from ugatit.images.placement import finite, place

__all__ = ["NORMALIZATIONS", "Normalization", "Scale", "normalization_named", "normalize", "place"]

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Scale:
    """The raw values that become 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True)
class Normalization:
    """A named way from raw values to [0, 1].

    flat: what a map becomes whose scale has no length. scales: from maps of finite values to one scale for each.
    """

    flat: float
    scales: Callable[[Sequence[Array]], list[Scale]]


def _minmax(maps: Sequence[Array]) -> list[Scale]:
    return [Scale(float(values.min()), float(values.max())) for values in maps]


def _shared(maps: Sequence[Array]) -> list[Scale]:
    each = _minmax(maps)
    return [Scale(min(scale.low for scale in each), max(scale.high for scale in each))] * len(each)


def _symmetric(maps: Sequence[Array]) -> list[Scale]:
    reaches = [float(np.abs(values).max()) for values in maps]
    return [Scale(-reach, reach) for reach in reaches]


# `minmax` equals the published `cam()`, which subtracts the minimum and divides by the maximum of the result.
NORMALIZATIONS: dict[str, Normalization] = {
    "minmax": Normalization(0.0, _minmax),
    "shared": Normalization(0.0, _shared),
    "symmetric": Normalization(0.5, _symmetric),
}


def normalization_named(name: str) -> Normalization:
    """The normalisation of that name. Raises TranslationError, naming those there are."""
    if name not in NORMALIZATIONS:
        offered = ", ".join(NORMALIZATIONS)
        raise TranslationError(f"There is no normalisation {name!r}; choose one of: {offered}.")
    return NORMALIZATIONS[name]


def normalize(maps: Sequence[Array], normalization: str = "minmax") -> list[Array]:
    """Each (h, w) map as float32 in [0, 1], never NaN.

    `minmax`: from each map's lowest to its highest value; a flat map is 0. `shared`: the same over all maps
    given. `symmetric`: 0 becomes 0.5, the largest magnitude 0 or 1; for signed evidence. Values that are not
    finite count as the lowest finite one, and a map with none at all as 0 everywhere.
    Raises TranslationError for a normalisation that does not exist.
    """
    chosen = normalization_named(normalization)
    known = [finite(values) for values in maps]
    scaled = []
    for values, scale in zip(known, chosen.scales(known), strict=True):
        if scale.low == scale.high:
            scaled.append(np.full(values.shape, chosen.flat, np.float32))
            continue
        # float64: the distance between two float32 values can overflow float32.
        unit = (values.astype(np.float64) - scale.low) / (scale.high - scale.low)
        scaled.append(unit.clip(0.0, 1.0).astype(np.float32))
    return scaled
