"""Channels as small pictures, and where each has its maximum."""

import math

import numpy as np
from PIL import Image, ImageDraw
from torch import Tensor

from viz.contact_sheet import enlarged
from viz.display import screen_factor
from viz.heatmap import place
from viz.lesson.maps import ATTENTION, OPACITY, SIGNED, Grids, limits_of
from viz.lesson.subject import Map
from viz.overlay import overlay, stops

THUMB_SIDE = 96
SUPERSAMPLING = 4

Position = tuple[float, float]


def thumbnail(values: Map, picture: Image.Image, grids: Grids, ring: bool = False) -> Image.Image:
    """One channel, (h, w), over the picture it was found in, in colours of its own scale; small, RGB.

    ring: around the channel's maximum.
    """
    # A sliver, a hundred times as long as wide, would be drawn longer than a browser or a file can hold.
    factor = min(THUMB_SIDE / min(picture.size), 4 * THUMB_SIDE / max(picture.size))
    small = enlarged(picture, factor)
    # Rounded to whole pixels, the two sides may be scaled a little differently.
    rows, columns = (
        grid.scaled(side / whole) for grid, side, whole in zip(grids, small.size[::-1], picture.size[::-1], strict=True)
    )
    placed = place(values, rows, columns, (small.height, small.width))
    low, high = limits_of(placed)
    unit = (placed - low) / (high - low) if high > low else np.zeros_like(placed)
    drawn = overlay(small, unit.astype(np.float32), OPACITY, ATTENTION)
    if ring:
        row, column = np.unravel_index(values.argmax(), values.shape)
        center = (columns.start + columns.stride * column, rows.start + rows.stride * row)
        draw = ImageDraw.Draw(drawn)
        for radius, ink, width in ((8, "black", 4), (7, "white", 2)):
            draw.circle(center, radius, outline=ink, width=width)
    return drawn


def peaks(features: Tensor, contributions: Tensor) -> Map:
    """What each cell contributes to the logit of max pooling: the sum over the channels with their maximum there.

    features: (1, K, h, w). contributions: (1, K), to that logit. Returns (h, w); its sum is the logit.
    """
    cells = features[0].flatten(1).argmax(dim=1)
    summed = contributions.new_zeros(features[0, 0].numel()).index_add(0, cells, contributions[0])
    found: Map = summed.unflatten(0, features.shape[2:]).float().cpu().numpy()
    return found


def peak_cells(features: Tensor) -> list[tuple[int, int]]:
    """The (row, column) of each channel's maximum. features: (1, K, h, w)."""
    width = features.shape[3]
    return [divmod(cell, width) for cell in features[0].flatten(1).argmax(dim=1).tolist()]


def dotted(found: Map, picture: Image.Image, grids: Grids) -> Image.Image:
    """A dot on the picture at each cell that is not 0: its area is the value's size, its colour the value's sign.

    found: (h, w). Returns RGB, large enough for a screen.
    """
    factor = screen_factor(picture)
    beneath = enlarged(picture, factor)
    # Paled, so that the dots stand out on any picture.
    ground = Image.blend(beneath, Image.new("RGB", beneath.size, "white"), 0.55)
    rows, columns = (grid.scaled(factor * SUPERSAMPLING) for grid in grids)
    large = ground.resize((ground.width * SUPERSAMPLING, ground.height * SUPERSAMPLING), Image.Resampling.BICUBIC)
    draw, (against, *_, in_favour) = ImageDraw.Draw(large), stops(SIGNED)
    reach = float(np.abs(found).max()) or 1.0
    largest = 0.06 * min(large.size)
    for row, column in sorted(zip(*np.nonzero(found), strict=True), key=lambda cell: -abs(float(found[cell]))):
        value = float(found[row, column])
        center = (columns.start + columns.stride * int(column), rows.start + rows.stride * int(row))
        radius = largest * math.sqrt(abs(value) / reach)
        draw.circle(center, radius, in_favour if value > 0 else against, "white", SUPERSAMPLING)
    return large.resize(ground.size, Image.Resampling.LANCZOS)
