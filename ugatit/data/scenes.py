"""Drawn scenes whose truth is known: two domains that differ in one object, whose place is given as a mask.

A textured ground and two to four triangles occur in both domains. A striped disc makes a scene a "disc", a framed
square a "square". Scenes of one seed and size share everything but that object's form: each is the other's true
translation.
"""

import colorsys

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ugatit.errors import DataError

KINDS = ("disc", "square")

Plane = NDArray[np.float64]


def scene(kind: str, seed: int, size: int = 64) -> tuple[Image.Image, NDArray[np.bool_]]:
    """Draw one scene.

    kind: "disc" or "square". seed: any whole number from 0 up. size: side in pixels, 8 or more.
    Returns the picture, RGB, and the object's mask, (size, size) bool. Raises DataError for other values.
    """
    if kind not in KINDS:
        raise DataError(f"There are no scenes of {kind!r}; there are: {', '.join(KINDS)}.")
    if seed < 0 or size < 8:
        raise DataError(f"A scene needs a seed from 0 and a size from 8 px up, got seed {seed}, size {size}.")
    draw = np.random.default_rng(seed)
    ticks = (np.arange(size) + 0.5) / size
    y, x = np.meshgrid(ticks, ticks, indexing="ij")  # (size, size) each, in [0, 1]
    picture = _ground(draw, x, y)
    for _ in range(draw.integers(2, 5)):
        picture = _over(picture, _triangle(draw, x, y), _color(draw), size)

    radius = draw.uniform(0.17, 0.27)
    center_x, center_y = draw.uniform(radius + 0.03, 0.97 - radius, size=2)
    angle = draw.uniform(0, np.pi)
    fill, trim = _contrasting(draw)
    across = (x - center_x) * np.cos(angle) + (y - center_y) * np.sin(angle)
    along = (y - center_y) * np.cos(angle) - (x - center_x) * np.sin(angle)
    if kind == "disc":
        inside = radius - np.hypot(across, along)
        stripes = radius / 6 - np.abs((across + radius) % (radius / 1.5) - radius / 3)
        trimmed = np.minimum(inside, stripes)
    else:
        # Upright, and of the disc's area.
        side = radius * np.sqrt(np.pi) / 2
        inside = side - np.maximum(np.abs(x - center_x), np.abs(y - center_y))
        trimmed = np.minimum(inside, side * 0.3 - inside)
    picture = _over(picture, inside, fill, size)
    picture = _over(picture, trimmed, trim, size)
    pixels = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(pixels), inside > 0


def _ground(draw: np.random.Generator, x: Plane, y: Plane) -> Plane:
    """A few sines and noise in one random colour, (size, size, 3) in about [0, 1]."""
    texture = np.zeros_like(x)
    for _ in range(3):
        frequency_x, frequency_y = draw.uniform(-5, 5, size=2)
        texture += np.sin(2 * np.pi * (frequency_x * x + frequency_y * y) + draw.uniform(0, 2 * np.pi))
    texture = 0.05 * texture + draw.normal(0, 0.02, size=x.shape)
    base = np.asarray(colorsys.hsv_to_rgb(draw.uniform(), draw.uniform(0.1, 0.5), draw.uniform(0.3, 0.85)))
    return base + texture[..., None]


def _color(draw: np.random.Generator) -> Plane:
    return np.asarray(colorsys.hsv_to_rgb(draw.uniform(), draw.uniform(0.3, 1), draw.uniform(0.25, 1)))


def _contrasting(draw: np.random.Generator) -> tuple[Plane, Plane]:
    """Two colours far apart in hue, one dark and one light, so that stripes and frames can be told on any ground."""
    hue = draw.uniform()
    dark = colorsys.hsv_to_rgb(hue, draw.uniform(0.5, 1), draw.uniform(0.1, 0.35))
    light = colorsys.hsv_to_rgb((hue + draw.uniform(0.3, 0.7)) % 1, draw.uniform(0.2, 0.8), draw.uniform(0.85, 1))
    pair = (np.asarray(dark), np.asarray(light))
    return pair if draw.uniform() < 0.5 else pair[::-1]


def _triangle(draw: np.random.Generator, x: Plane, y: Plane) -> Plane:
    """Distance to the nearest edge of a random triangle, positive inside, in shares of the picture's side."""
    center_x, center_y = draw.uniform(0.05, 0.95, size=2)
    reach, turn = draw.uniform(0.05, 0.11), draw.uniform(0, 2 * np.pi)
    normals = turn + np.array([0, 2, 4]) * np.pi / 3
    edges = [reach - (x - center_x) * np.cos(n) - (y - center_y) * np.sin(n) for n in normals]
    nearest: Plane = np.minimum.reduce(edges)
    return nearest


def _over(picture: Plane, inside: Plane, color: Plane, size: int) -> Plane:
    """Lay a colour over the picture where `inside` is positive, with edges softened over one pixel."""
    cover = np.clip(inside * size + 0.5, 0, 1)[..., None]
    return picture * (1 - cover) + color * cover
