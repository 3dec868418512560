"""Raw maps over pictures as the lesson draws them: in colours that colour-blind readers tell apart."""

import numpy as np
from PIL import Image

from ugatit.networks.geometry import Grid
from viz.contact_sheet import enlarged
from viz.display import screen_factor
from viz.heatmap import Array, place
from viz.overlay import overlay

ATTENTION, SIGNED = "inferno", "RdBu_r"
"""The colour maps of values from low to high, and of values around 0."""
OPACITY = 0.7

Grids = tuple[Grid, Grid]
Limits = tuple[float, float]


def laid(
    values: Array, picture: Image.Image, grids: Grids, signed: bool = False, limits: Limits | None = None
) -> Image.Image:
    """A raw (h, w) map over the picture it belongs to, drawn large enough for a screen; RGB.

    grids: where rows and columns lie on the picture. signed: 0 is the middle of the colours. limits: the raw values
    at the ends of the colours, for maps that are to be compared; else this map's own.
    """
    factor = screen_factor(picture)
    rows, columns = (grid.scaled(factor) for grid in grids)
    beneath = enlarged(picture, factor)
    placed = place(values, rows, columns, (beneath.height, beneath.width))
    low, high = limits or limits_of(placed, signed)
    span = high - low
    # A flat map has nothing to point at: the low end, or the middle where it is signed.
    unit = (placed.astype(np.float64) - low) / span if span > 0 else np.full(placed.shape, 0.5 if signed else 0.0)
    return overlay(beneath, unit.clip(0, 1).astype(np.float32), OPACITY, SIGNED if signed else ATTENTION)


def limits_of(values: Array, signed: bool = False) -> Limits:
    """A map's lowest and highest value, or as far below 0 as above where it is signed."""
    if signed:
        reach = float(np.abs(values).max())
        return -reach, reach
    return float(values.min()), float(values.max())
