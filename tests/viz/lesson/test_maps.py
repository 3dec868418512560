"""Raw maps drawn over pictures."""

import numpy as np
import pytest
from PIL import Image

from ugatit.networks.geometry import Grid
from viz.lesson.maps import OPACITY, SIGNED, draw_map
from viz.overlay import colorize

GREY = Image.new("RGB", (200, 200), (128, 128, 128))
CELLS = (Grid(24.5, 50, 50), Grid(24.5, 50, 50))


def color(value: float, colormap: str) -> np.ndarray:
    mixed = 128 + (colorize(np.array([[value]], np.float32), colormap)[0, 0].astype(float) - 128) * OPACITY
    return np.rint(mixed)


def test_the_brightest_pixel_is_on_the_highest_cell() -> None:
    values = np.zeros((4, 4), np.float32)
    values[1, 2] = 3
    drawn = np.asarray(draw_map(values, GREY, CELLS)).astype(int).sum(axis=2)
    row, column = np.unravel_index(drawn.argmax(), drawn.shape)
    assert (row // 50, column // 50) == (1, 2)


def test_zero_has_the_middle_colour_of_a_signed_map() -> None:
    values = np.full((4, 4), 0.0, np.float32)
    values[0, 0], values[3, 3] = 5, -1
    drawn = np.asarray(draw_map(values, GREY, CELLS, signed=True))
    np.testing.assert_allclose(drawn[100, 100], color(0.5, SIGNED), atol=1)
    np.testing.assert_allclose(drawn[0, 0], color(1, SIGNED), atol=1)
    np.testing.assert_allclose(drawn[199, 199], color(0.4, SIGNED), atol=1)


@pytest.mark.parametrize("signed", [False, True])
def test_a_flat_map_has_one_colour(signed: bool) -> None:
    drawn = np.asarray(draw_map(np.full((4, 4), 7.0, np.float32), GREY, CELLS))
    assert (drawn == drawn[0, 0]).all()
    flat = np.asarray(draw_map(np.zeros((4, 4), np.float32), GREY, CELLS, signed=signed))
    np.testing.assert_allclose(flat[0, 0], color(0.5 if signed else 0, SIGNED if signed else "inferno"), atol=1)


def test_maps_with_common_limits_have_one_scale() -> None:
    low, high = np.full((4, 4), 1.0, np.float32), np.full((4, 4), 2.0, np.float32)
    one, other = (np.asarray(draw_map(values, GREY, CELLS, limits=(0, 2))) for values in (low, high))
    np.testing.assert_allclose(one[0, 0], color(0.5, "inferno"), atol=1)
    np.testing.assert_allclose(other[0, 0], color(1, "inferno"), atol=1)
