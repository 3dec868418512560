"""Channels as small pictures: what is strongest is brightest, and the marks lie where the maxima are."""

import numpy as np
import pytest
from PIL import Image

from ugatit.networks.geometry import Grid
from viz.lesson.channels import THUMB_SIDE, dotted, thumbnail

GRIDS = (Grid(1.5, 4), Grid(1.5, 4))


def brightness(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, float).sum(axis=2)


@pytest.mark.parametrize("size", [(32, 32), (96, 32), (200, 331), (32, 20)])
def test_a_thumbnail_is_small_and_keeps_the_shape(size: tuple[int, int]) -> None:
    drawn = thumbnail(np.random.default_rng(0).random((8, 8), np.float32), Image.new("RGB", size), GRIDS)
    assert min(drawn.size) == THUMB_SIDE
    assert drawn.width / drawn.height == pytest.approx(size[0] / size[1], rel=0.02)


@pytest.mark.parametrize("cell", [(0, 0), (3, 6), (7, 7)])
def test_the_strongest_cell_is_the_brightest_place(cell: tuple[int, int]) -> None:
    values = np.zeros((8, 8), np.float32)
    values[cell] = 5
    drawn = brightness(thumbnail(values, Image.new("RGB", (32, 32)), GRIDS))
    row, column = np.unravel_index(drawn.argmax(), drawn.shape)
    assert (row // 12, column // 12) == cell


def test_a_ring_lies_around_the_maximum() -> None:
    values = np.zeros((8, 8), np.float32)
    values[5, 2] = 1
    plain, ringed = (brightness(thumbnail(values, Image.new("RGB", (32, 32)), GRIDS, ring)) for ring in (False, True))
    rows, columns = np.nonzero(plain != ringed)
    assert (rows.mean(), columns.mean()) == pytest.approx((5.5 * 12, 2.5 * 12), abs=1)


def test_a_flat_channel_is_dark_all_over() -> None:
    drawn = brightness(thumbnail(np.full((8, 8), 3, np.float32), Image.new("RGB", (32, 32)), GRIDS))
    assert np.ptp(drawn) == 0


def test_dots_are_red_in_favour_blue_against_and_larger_for_more() -> None:
    found = np.zeros((8, 8), np.float32)
    found[1, 1], found[6, 6], found[1, 6] = 4, -4, 1
    drawn = np.asarray(dotted(found, Image.new("RGB", (32, 32), "white"), GRIDS), int)
    red, blue = (drawn[..., one] - drawn[..., other] > 40 for one, other in ((0, 2), (2, 0)))
    side = drawn.shape[0] // 8
    assert red[int(1.5 * side), int(1.5 * side)]
    assert blue[int(6.5 * side), int(6.5 * side)]
    large, small = (red[side : 2 * side, columns : columns + side].sum() for columns in (side, 6 * side))
    assert 0 < small < large / 2


def test_without_maxima_no_dot_is_drawn() -> None:
    drawn = np.asarray(dotted(np.zeros((8, 8), np.float32), Image.new("RGB", (32, 32), "white"), GRIDS))
    assert (drawn == 255).all()
