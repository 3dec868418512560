"""Draw raw maps over pictures, in colours that colour-blind readers can distinguish."""

import numpy as np
from PIL import Image

from ugatit.networks.geometry import Grid
from viz.contact_sheet import enlarge
from viz.display import screen_factor
from viz.heatmap import Array, place_map
from viz.overlay import overlay

ATTENTION, SIGNED = "inferno", "RdBu_r"
"""The colour maps for values from low to high, and for signed values."""
OPACITY = 0.7

Grids = tuple[Grid, Grid]
Limits = tuple[float, float]


def draw_map(
    values: Array, picture: Image.Image, grids: Grids, signed: bool = False, limits: Limits | None = None
) -> Image.Image:
    """Draw a raw (h, w) map over its picture, enlarged for a screen; RGB.

    grids: the positions of the map's rows and columns on the picture. signed: 0 gets the middle colour.
    limits: the raw values at the ends of the colour map, to draw several maps on one scale; by default this map's own.
    """
    factor = screen_factor(picture)
    rows, columns = (grid.scaled(factor) for grid in grids)
    background = enlarge(picture, factor)
    placed = place_map(values, rows, columns, (background.height, background.width))
    low, high = limits or value_limits(placed, signed)
    span = high - low
    # A flat map has no maximum to show: it gets the low end, or the middle if it is signed.
    unit = (placed.astype(np.float64) - low) / span if span > 0 else np.full(placed.shape, 0.5 if signed else 0.0)
    return overlay(background, unit.clip(0, 1).astype(np.float32), OPACITY, SIGNED if signed else ATTENTION)


def value_limits(values: Array, signed: bool = False) -> Limits:
    """Return a map's lowest and highest value; if signed, limits symmetric around 0."""
    if signed:
        limit = float(np.abs(values).max())
        return -limit, limit
    return float(values.min()), float(values.max())
