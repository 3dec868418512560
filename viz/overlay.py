"""Colour heatmaps in [0, 1] and blend them over pictures."""

from functools import cache

import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageColor, ImageFilter, ImageOps

from ugatit.errors import TranslationError
from viz.heatmap import Array

Pixels = NDArray[np.uint8]

COLORMAPS = ("turbo", "jet", "viridis", "inferno", "magma", "cividis", "RdBu_r", "gray")
"""The available colour maps, by matplotlib's names. The first is the default."""

STEPS = 256


@cache
def _colors(colormap: str) -> Pixels:
    if colormap not in COLORMAPS:
        raise TranslationError(f"There is no colour map {colormap!r}; choose one of: {', '.join(COLORMAPS)}.")
    ramp = matplotlib.colormaps[colormap](np.linspace(0, 1, STEPS), bytes=True)
    return np.ascontiguousarray(ramp[:, :3], dtype=np.uint8)


def colorize(heatmap: Array, colormap: str = "turbo") -> Pixels:
    """Return the colours, (H, W, 3) uint8, of a heatmap, (H, W) in [0, 1]; NaN counts as 0, other values are clipped.

    Raises TranslationError for a colour map that is not in COLORMAPS.
    """
    # A lookup table of 256 colours is much faster than matplotlib, which matters while a slider moves.
    unit = np.nan_to_num(heatmap, nan=0.0, posinf=1.0, neginf=0.0).clip(0, 1)
    colors: Pixels = _colors(colormap)[np.rint(unit * (STEPS - 1)).astype(np.uint8)]
    return colors


def color_stops(colormap: str, count: int = 17) -> list[str]:
    """Return `count` colours of a colour map from its low to its high end, as #rrggbb.

    Raises TranslationError for a colour map that is not in COLORMAPS.
    """
    ramp = colorize(np.linspace(0, 1, count, dtype=np.float32)[None], colormap)[0]
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in ramp.tolist()]


def check_opacity(opacity: float) -> float:
    """Return the opacity. Raises TranslationError if it is outside [0, 1]."""
    if not 0 <= opacity <= 1:
        raise TranslationError(f"Opacity must lie between 0 and 1, got {opacity}.")
    return opacity


def overlay(picture: Image.Image, heatmap: Array, opacity: float = 0.6, colormap: str = "turbo") -> Image.Image:
    """Blend the colours of an (H, W) heatmap in [0, 1] over a picture of that size; RGB.

    opacity: 0 shows the picture, 1 the colours; each channel changes monotonically in between.
    Raises TranslationError for an opacity outside [0, 1] or an unknown colour map, ValueError for another size.
    """
    weight = np.float32(check_opacity(opacity))
    if heatmap.shape != (picture.height, picture.width):
        height_width = (picture.height, picture.width)
        raise ValueError(f"A heatmap {heatmap.shape} does not fit a picture {height_width}.")
    background = np.asarray(picture.convert("RGB"), np.float32)
    colors = colorize(heatmap, colormap).astype(np.float32)
    blended = background + (colors - background) * weight
    return Image.fromarray(np.rint(blended).astype(np.uint8))


def outline(picture: Image.Image, mask: NDArray[np.bool_], color: str = "white") -> Image.Image:
    """Draw the contour of a (h, w) mask over a picture; RGB. The mask is stretched to the picture's size.

    The line is just inside the object and has a dark border on both sides, so that it is visible on any colour;
    an object cut off by the picture's edge is closed along the edge.
    """
    width = max(1, round(min(picture.size) / 128))
    inside = Image.fromarray(mask.astype(np.uint8) * 255).resize(picture.size, Image.Resampling.NEAREST)
    # The padding closes the contour if the object touches the picture's edge.
    padded = ImageOps.expand(inside, border=2 * width, fill=0)
    line = ImageChops.subtract(padded, padded.filter(ImageFilter.MinFilter(2 * width + 1)))
    border = line.filter(ImageFilter.MaxFilter(2 * width + 1))
    result = picture.convert("RGB")
    for shape, fill in ((border, "black"), (line, color)):
        result.paste(ImageColor.getrgb(fill), mask=ImageOps.crop(shape, 2 * width))
    return result
