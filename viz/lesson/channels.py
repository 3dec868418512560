"""Draw feature channels as thumbnails, and where their maxima are."""

import math

import numpy as np
from PIL import Image, ImageDraw
from torch import Tensor

from viz.contact_sheet import enlarge
from viz.display import screen_factor
from viz.heatmap import place_map
from viz.lesson.maps import ATTENTION, OPACITY, SIGNED, Grids, value_limits
from viz.lesson.subject import Map
from viz.overlay import color_stops, overlay

THUMBNAIL_SIDE = 96
SUPERSAMPLING = 4


def channel_thumbnail(values: Map, picture: Image.Image, grids: Grids, ring: bool = False) -> Image.Image:
    """Draw one channel, (h, w), as a small overlay on its picture, colours scaled to its own range; RGB.

    ring: draw a ring around the channel's maximum.
    """
    # The limit keeps a very long, narrow picture within what a browser or a file can hold.
    factor = min(THUMBNAIL_SIDE / min(picture.size), 4 * THUMBNAIL_SIDE / max(picture.size))
    small = enlarge(picture, factor)
    # Rounding to whole pixels may scale the two sides slightly differently.
    rows, columns = (
        grid.scaled(side / full) for grid, side, full in zip(grids, small.size[::-1], picture.size[::-1], strict=True)
    )
    placed = place_map(values, rows, columns, (small.height, small.width))
    low, high = value_limits(placed)
    unit = (placed - low) / (high - low) if high > low else np.zeros_like(placed)
    result = overlay(small, unit.astype(np.float32), OPACITY, ATTENTION)
    if ring:
        row, column = np.unravel_index(values.argmax(), values.shape)
        center = (columns.start + columns.stride * column, rows.start + rows.stride * row)
        draw = ImageDraw.Draw(result)
        for radius, color, width in ((8, "black", 4), (7, "white", 2)):
            draw.circle(center, radius, outline=color, width=width)
    return result


def peak_contributions(features: Tensor, contributions: Tensor) -> Map:
    """Return each cell's contribution to the max-pooling logit, summed over the channels with their maximum there.

    features: (1, K, h, w). contributions: (1, K), of each channel to that logit. Returns (h, w); its sum is the logit.
    """
    cells = features[0].flatten(1).argmax(dim=1)
    sums = contributions.new_zeros(features[0, 0].numel()).index_add(0, cells, contributions[0])
    result: Map = sums.unflatten(0, features.shape[2:]).float().cpu().numpy()
    return result


def peak_cells(features: Tensor) -> list[tuple[int, int]]:
    """Return the (row, column) of each channel's maximum. features: (1, K, h, w)."""
    width = features.shape[3]
    return [divmod(cell, width) for cell in features[0].flatten(1).argmax(dim=1).tolist()]


def draw_peaks(values: Map, picture: Image.Image, grids: Grids) -> Image.Image:
    """Draw a dot on the picture at each nonzero cell: its area shows the magnitude, its colour the sign.

    values: (h, w). Returns RGB, enlarged for a screen.
    """
    factor = screen_factor(picture)
    background = enlarge(picture, factor)
    # Lightened, so that the dots stand out on any picture.
    background = Image.blend(background, Image.new("RGB", background.size, "white"), 0.55)
    rows, columns = (grid.scaled(factor * SUPERSAMPLING) for grid in grids)
    large = background.resize(
        (background.width * SUPERSAMPLING, background.height * SUPERSAMPLING), Image.Resampling.BICUBIC
    )
    draw, (negative, *_, positive) = ImageDraw.Draw(large), color_stops(SIGNED)
    max_value = float(np.abs(values).max()) or 1.0
    max_radius = 0.06 * min(large.size)
    for row, column in sorted(zip(*np.nonzero(values), strict=True), key=lambda cell: -abs(float(values[cell]))):
        value = float(values[row, column])
        center = (columns.start + columns.stride * int(column), rows.start + rows.stride * int(row))
        radius = max_radius * math.sqrt(abs(value) / max_value)
        draw.circle(center, radius, positive if value > 0 else negative, "white", SUPERSAMPLING)
    return large.resize(background.size, Image.Resampling.LANCZOS)
