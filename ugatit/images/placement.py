"""Laying a raw map on its picture by where its cells truly lie."""

import numpy as np
from numpy.typing import NDArray

from ugatit.networks.geometry import Grid

Array = NDArray[np.float32]


def place(values: Array, rows: Grid, columns: Grid, size: tuple[int, int]) -> Array:
    """Lay a raw map (h, w) on a picture of `size` (height, width) pixels: (height, width) float32, raw.

    Bilinear between the cells' true centres; beyond the outermost centres the nearest cell goes on.
    Values that are not finite count as the lowest finite one, so that they cannot spread.
    """
    values = finite(values)
    height, width = size
    vertical = _interpolation(rows, values.shape[0], height)
    horizontal = _interpolation(columns, values.shape[1], width)
    placed: Array = (vertical @ values.astype(np.float64) @ horizontal.T).astype(np.float32)
    return placed


def finite(values: Array) -> Array:
    """The map with values that are not finite put to the lowest finite one, or to 0 where there is none.

    Raises ValueError for what is not a non-empty (h, w) array.
    """
    if values.ndim != 2 or not values.size:
        raise ValueError(f"A map must be a non-empty (h, w) array, got shape {values.shape}.")
    known = np.isfinite(values)
    if known.all():
        return values
    lowest = values[known].min() if known.any() else 0.0
    return np.where(known, values, lowest).astype(np.float32)


def _interpolation(grid: Grid, cells: int, pixels: int) -> NDArray[np.float64]:
    """(pixels, cells): how much of each cell a pixel takes, a hat function around the cell's centre."""
    cell = ((np.arange(pixels) - grid.start) / grid.stride).clip(0, cells - 1)
    return (1 - np.abs(cell[:, None] - np.arange(cells))).clip(min=0)
