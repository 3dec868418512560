"""Channel thumbnails and peaks: the strongest cell is the brightest, and the marks are at the maxima."""

import numpy as np
import pytest
from PIL import Image

from ugatit.networks.geometry import Grid
from viz.lesson.channels import THUMBNAIL_SIDE, channel_thumbnail, draw_peaks

GRIDS = (Grid(1.5, 4), Grid(1.5, 4))


def brightness(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, float).sum(axis=2)


@pytest.mark.parametrize("size", [(32, 32), (96, 32), (200, 331), (32, 20)])
def test_a_thumbnail_is_small_and_keeps_the_shape(size: tuple[int, int]) -> None:
    drawn = channel_thumbnail(np.random.default_rng(0).random((8, 8), np.float32), Image.new("RGB", size), GRIDS)
    assert min(drawn.size) == THUMBNAIL_SIDE
    assert drawn.width / drawn.height == pytest.approx(size[0] / size[1], rel=0.02)


@pytest.mark.parametrize("cell", [(0, 0), (3, 6), (7, 7)])
def test_the_strongest_cell_is_the_brightest_place(cell: tuple[int, int]) -> None:
    values = np.zeros((8, 8), np.float32)
    values[cell] = 5
    drawn = brightness(channel_thumbnail(values, Image.new("RGB", (32, 32)), GRIDS))
    row, column = np.unravel_index(drawn.argmax(), drawn.shape)
    assert (row // 12, column // 12) == cell


def test_a_ring_is_drawn_around_the_maximum() -> None:
    values = np.zeros((8, 8), np.float32)
    values[5, 2] = 1
    without, with_ring = (
        brightness(channel_thumbnail(values, Image.new("RGB", (32, 32)), GRIDS, ring)) for ring in (False, True)
    )
    rows, columns = np.nonzero(without != with_ring)
    assert (rows.mean(), columns.mean()) == pytest.approx((5.5 * 12, 2.5 * 12), abs=1)


def test_a_flat_channel_is_dark_all_over() -> None:
    drawn = brightness(channel_thumbnail(np.full((8, 8), 3, np.float32), Image.new("RGB", (32, 32)), GRIDS))
    assert np.ptp(drawn) == 0


def test_positive_peaks_are_red_negative_ones_blue_and_larger_values_have_larger_dots() -> None:
    result = np.zeros((8, 8), np.float32)
    result[1, 1], result[6, 6], result[1, 6] = 4, -4, 1
    drawn = np.asarray(draw_peaks(result, Image.new("RGB", (32, 32), "white"), GRIDS), int)
    red, blue = (drawn[..., one] - drawn[..., other] > 40 for one, other in ((0, 2), (2, 0)))
    side = drawn.shape[0] // 8
    assert red[int(1.5 * side), int(1.5 * side)]
    assert blue[int(6.5 * side), int(6.5 * side)]
    large, small = (red[side : 2 * side, columns : columns + side].sum() for columns in (side, 6 * side))
    assert 0 < small < large / 2


def test_without_maxima_no_dot_is_drawn() -> None:
    drawn = np.asarray(draw_peaks(np.zeros((8, 8), np.float32), Image.new("RGB", (32, 32), "white"), GRIDS))
    assert (drawn == 255).all()
