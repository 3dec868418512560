"""Drawn scenes with known ground truth: two domains that differ in one object, whose pixels are given as a mask.

Both domains have a textured background and two to four triangles. A "disc" scene has a striped disc, a "square" scene
a framed square. Scenes of one seed and size differ in that object's shape only: each is the true translation of the
other.
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

    kind: "disc" or "square". seed: an integer, 0 or more. size: side in pixels, 8 or more.
    Returns the picture, RGB, and the object's mask, (size, size) bool. Raises DataError for other values.
    """
    if kind not in KINDS:
        raise DataError(f"There are no scenes of {kind!r}; there are: {', '.join(KINDS)}.")
    if seed < 0 or size < 8:
        raise DataError(f"A scene needs a seed from 0 and a size from 8 px up, got seed {seed}, size {size}.")
    rng = np.random.default_rng(seed)
    coordinates = (np.arange(size) + 0.5) / size
    y, x = np.meshgrid(coordinates, coordinates, indexing="ij")  # (size, size) each, in [0, 1]
    picture = _background(rng, x, y)
    for _ in range(rng.integers(2, 5)):
        picture = _overlay(picture, _triangle(rng, x, y), _color(rng), size)

    radius = rng.uniform(0.17, 0.27)
    center_x, center_y = rng.uniform(radius + 0.03, 0.97 - radius, size=2)
    angle = rng.uniform(0, np.pi)
    fill, trim = _contrasting_colors(rng)
    across = (x - center_x) * np.cos(angle) + (y - center_y) * np.sin(angle)
    along = (y - center_y) * np.cos(angle) - (x - center_x) * np.sin(angle)
    if kind == "disc":
        inside = radius - np.hypot(across, along)
        stripes = radius / 6 - np.abs((across + radius) % (radius / 1.5) - radius / 3)
        trimmed = np.minimum(inside, stripes)
    else:
        # Not rotated, and of the same area as the disc.
        side = radius * np.sqrt(np.pi) / 2
        inside = side - np.maximum(np.abs(x - center_x), np.abs(y - center_y))
        trimmed = np.minimum(inside, side * 0.3 - inside)
    picture = _overlay(picture, inside, fill, size)
    picture = _overlay(picture, trimmed, trim, size)
    pixels = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(pixels), inside > 0


def _background(rng: np.random.Generator, x: Plane, y: Plane) -> Plane:
    """Return a random colour textured with three sine waves and noise, (size, size, 3), roughly in [0, 1]."""
    texture = np.zeros_like(x)
    for _ in range(3):
        frequency_x, frequency_y = rng.uniform(-5, 5, size=2)
        texture += np.sin(2 * np.pi * (frequency_x * x + frequency_y * y) + rng.uniform(0, 2 * np.pi))
    texture = 0.05 * texture + rng.normal(0, 0.02, size=x.shape)
    base = np.asarray(colorsys.hsv_to_rgb(rng.uniform(), rng.uniform(0.1, 0.5), rng.uniform(0.3, 0.85)))
    return base + texture[..., None]


def _color(rng: np.random.Generator) -> Plane:
    return np.asarray(colorsys.hsv_to_rgb(rng.uniform(), rng.uniform(0.3, 1), rng.uniform(0.25, 1)))


def _contrasting_colors(rng: np.random.Generator) -> tuple[Plane, Plane]:
    """Return two colours of distant hue, one dark and one light: stripes and frames stay visible on any background."""
    hue = rng.uniform()
    dark = colorsys.hsv_to_rgb(hue, rng.uniform(0.5, 1), rng.uniform(0.1, 0.35))
    light = colorsys.hsv_to_rgb((hue + rng.uniform(0.3, 0.7)) % 1, rng.uniform(0.2, 0.8), rng.uniform(0.85, 1))
    pair = (np.asarray(dark), np.asarray(light))
    return pair if rng.uniform() < 0.5 else pair[::-1]


def _triangle(rng: np.random.Generator, x: Plane, y: Plane) -> Plane:
    """Return the distance to the nearest edge of a random triangle: positive inside, in fractions of the side."""
    center_x, center_y = rng.uniform(0.05, 0.95, size=2)
    radius, rotation = rng.uniform(0.05, 0.11), rng.uniform(0, 2 * np.pi)
    normals = rotation + np.array([0, 2, 4]) * np.pi / 3
    edges = [radius - (x - center_x) * np.cos(n) - (y - center_y) * np.sin(n) for n in normals]
    nearest: Plane = np.minimum.reduce(edges)
    return nearest


def _overlay(picture: Plane, inside: Plane, color: Plane, size: int) -> Plane:
    """Paint a colour over the picture where `inside` is positive, with edges antialiased over one pixel."""
    alpha = np.clip(inside * size + 0.5, 0, 1)[..., None]
    return picture * (1 - alpha) + color * alpha
