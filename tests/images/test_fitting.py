"""Pictures fit the networks' canvas, keep their aspect ratio, and are cropped back to it."""

import numpy as np
import pytest

from tests import pictures
from ugatit.images.decoding import open_picture
from ugatit.images.fitting import fit
from ugatit.networks.geometry import CanvasRule

ANY_RECTANGLE = CanvasRule(multiple=4, min_side=24)
SQUARE = CanvasRule(multiple=4, min_side=24, square=64)


@pytest.mark.parametrize(
    ("size", "resized", "canvas"),
    [
        ((64, 64), (32, 32), (32, 32)),
        ((300, 200), (48, 32), (48, 32)),
        ((333, 250), (43, 32), (44, 32)),
        ((250, 333), (32, 43), (32, 44)),
        ((600, 200), (96, 32), (96, 32)),
        ((5000, 300), (96, 6), (96, 32)),
        ((3, 4000), (1, 96), (32, 96)),
        ((1, 1), (32, 32), (32, 32)),
        ((7, 5), (45, 32), (48, 32)),
    ],
)
def test_shorter_side_becomes_the_image_size(
    size: tuple[int, int], resized: tuple[int, int], canvas: tuple[int, int]
) -> None:
    fitted = fit(pictures.photo(*size), 32, ANY_RECTANGLE)
    assert fitted.size == resized
    assert fitted.canvas.size == canvas
    assert fitted.crop(fitted.canvas).size == resized


def test_canvas_is_as_large_as_the_deepest_critic_needs() -> None:
    assert fit(pictures.photo(), 32, CanvasRule(multiple=4, min_side=96)).canvas.size == (96, 96)


@pytest.mark.parametrize("size", [(500, 300), (20, 30), (1, 1), (5000, 300), (64, 64)])
def test_square_rule_fits_the_longer_side(size: tuple[int, int]) -> None:
    fitted = fit(pictures.photo(*size), 64, SQUARE)
    assert fitted.canvas.size == (64, 64)
    assert max(fitted.size) == 64


def test_padding_repeats_the_edge_around_the_centred_picture() -> None:
    fitted = fit(pictures.photo(100, 50), 64, SQUARE)
    left, top, right, bottom = fitted.box
    assert (left, top, right, bottom) == (0, 16, 64, 48)
    canvas = np.asarray(fitted.canvas)
    np.testing.assert_array_equal(canvas[:top], np.broadcast_to(canvas[top], (top, 64, 3)))
    np.testing.assert_array_equal(canvas[bottom:], np.broadcast_to(canvas[bottom - 1], (64 - bottom, 64, 3)))


def test_picture_of_the_right_size_is_not_resampled() -> None:
    picture = pictures.photo(48, 32)
    np.testing.assert_array_equal(np.asarray(fit(picture, 32, ANY_RECTANGLE).canvas), np.asarray(picture))


def test_fine_stripes_shrink_to_gray_not_to_moire() -> None:
    stripes = np.zeros((512, 512), np.uint8)
    stripes[:, ::2] = 255
    shrunk = np.asarray(fit(open_picture(stripes), 32, ANY_RECTANGLE).canvas)
    assert abs(shrunk.astype(int) - 127).max() <= 6
