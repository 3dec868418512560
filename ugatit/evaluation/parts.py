"""Attention told by part: how dense a map is on each part of a picture whose parts are known."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]


def part_densities(placed: Array, masks: Mapping[str, Mask]) -> dict[str, float]:
    """Return each part's mean attention over that of the whole picture, the densest part first.

    placed: (H, W), the raw map placed on the picture. masks: each part's pixels, (H, W). 1 means as much attention as
    anywhere, 2 twice as much. Parts without pixels are left out; a map whose mean is not positive has no densities.
    Raises ValueError for a mask of another size.
    """
    mean = float(placed.mean(dtype=np.float64))
    for part, mask in masks.items():
        if mask.shape != placed.shape:
            raise ValueError(f"The mask of {part} is {mask.shape}, but the map is {placed.shape}.")
    if not mean > 0:
        return {}
    densities = {part: float(placed[mask].mean(dtype=np.float64)) / mean for part, mask in masks.items() if mask.any()}
    return dict(sorted(densities.items(), key=lambda item: -item[1]))
