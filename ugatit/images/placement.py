"""Resampling of raw maps to the pixels of their picture, by the true positions of their cells."""

import numpy as np
from numpy.typing import NDArray

from ugatit.networks.geometry import Grid

Array = NDArray[np.float32]


def place_map(values: Array, rows: Grid, columns: Grid, size: tuple[int, int]) -> Array:
    """Resample a raw map, (h, w), to a picture of `size` (height, width): (height, width), float32, raw values.

    Bilinear between the true centres of the cells; beyond the outermost centres the nearest cell is repeated.
    rows, columns: grids of the cells along the vertical and the horizontal axis, in pixels.
    Non-finite values count as the lowest finite one, so that they do not spread.
    Raises ValueError for values that are not a non-empty (h, w) array.
    """
    values = replace_non_finite(values)
    height, width = size
    vertical = _interpolation(rows, values.shape[0], height)
    horizontal = _interpolation(columns, values.shape[1], width)
    placed: Array = (vertical @ values.astype(np.float64) @ horizontal.T).astype(np.float32)
    return placed


def replace_non_finite(values: Array) -> Array:
    """Return the map, (h, w), with non-finite values replaced by the lowest finite one, or by 0 if there is none.

    Raises ValueError for values that are not a non-empty (h, w) array.
    """
    if values.ndim != 2 or not values.size:
        raise ValueError(f"A map must be a non-empty (h, w) array, got shape {values.shape}.")
    is_finite = np.isfinite(values)
    if is_finite.all():
        return values
    lowest = values[is_finite].min() if is_finite.any() else 0.0
    return np.where(is_finite, values, lowest).astype(np.float32)


def _interpolation(grid: Grid, cells: int, pixels: int) -> NDArray[np.float64]:
    """Return the weight of each cell at each pixel, (pixels, cells): a hat function around the cell's centre."""
    cell = ((np.arange(pixels) - grid.start) / grid.stride).clip(0, cells - 1)
    return (1 - np.abs(cell[:, None] - np.arange(cells))).clip(min=0)
