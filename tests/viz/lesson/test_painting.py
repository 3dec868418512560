"""Paintings: parsed from text and written to it, and mapped to the right cells of any picture."""

import random

import numpy as np
import pytest
from PIL import Image

from ugatit.errors import TranslationError
from ugatit.networks.geometry import Grid
from viz.lesson.painting import AMPLIFY, FACTORS, MAX_CELLS, SUPPRESS, Painting, brightest_cells, grid_shape

CELL = Grid(start=1.5, stride=4)


def any_painting(seed: int) -> Painting:
    draw = random.Random(seed)
    rows, columns = draw.randint(1, MAX_CELLS), draw.randint(1, MAX_CELLS)
    letters = draw.choice(("u", "uh", "ua", "uha", "h"))
    return Painting(rows, columns, "".join(draw.choice(letters) for _ in range(rows * columns)))


@pytest.mark.parametrize("seed", range(30))
def test_a_painting_is_restored_from_its_text(seed: int) -> None:
    painting = any_painting(seed)
    if painting.painted.any():
        assert Painting.from_text(painting.text) == painting
    else:
        assert painting.text == ""


def test_text_needs_no_escaping_and_stays_short() -> None:
    where = np.zeros((16, 16), bool)
    where[4:9, 5:11] = True
    text = Painting.from_mask(where, AMPLIFY).text
    assert text == "16x16-u69h6u10h6u10h6u10h6u10h6"
    checkered = Painting(16, 16, "ha" * 128)
    assert len(checkered.text) < 600


@pytest.mark.parametrize(
    "text",
    [
        "", "16x16", "x-", "16x16-u", "16x16-z3", "16x16-u-3", "16x16-h257", "2x2-h5", "0x4-", "17x4-h1", "99x99-h1",
        "4x4-h1 ", "4x4-h1\n", "4x4-h٣", "4x4-h1000", "<script>", "4x4-h9999999999999999999",
    ],
)  # fmt: skip
def test_a_text_that_is_no_painting_is_refused(text: str) -> None:
    with pytest.raises(TranslationError, match="painting"):
        Painting.from_text(text)


@pytest.mark.parametrize("cells", ["hhh", "hhhhh", "hhhx", ""])
def test_cells_must_be_as_many_as_the_size_says(cells: str) -> None:
    with pytest.raises(TranslationError, match="2x2"):
        Painting(2, 2, cells)


@pytest.mark.parametrize(
    ("size", "cells"),
    [((64, 64), (16, 16)), ((128, 128), (16, 16)), ((192, 64), (5, 16)), ((64, 192), (16, 5)), ((32, 32), (8, 8))],
)
def test_cells_are_nearly_square_and_no_finer_than_the_map(size: tuple[int, int], cells: tuple[int, int]) -> None:
    assert grid_shape(size, (CELL, CELL)) == cells


def test_each_cell_of_a_map_takes_the_factor_painted_over_its_centre() -> None:
    painting = Painting(2, 4, "huua" + "auuh")
    mask = painting.mask((4, 8), (CELL, CELL), (32, 16)).numpy()
    factors = [[FACTORS[letter] for letter in row for _ in range(2)] for row in ("huua", "auuh") for _ in range(2)]
    np.testing.assert_array_equal(mask, factors)


def test_cells_on_removed_padding_take_the_nearest_painted_cell() -> None:
    # Two cells above the picture and two below it are on padding.
    painting = Painting(2, 1, "ah")
    mask = painting.mask((8, 1), (CELL.shifted(8), CELL), (4, 16))
    np.testing.assert_array_equal(mask[:, 0], [0, 0, 0, 0, 3, 3, 3, 3])


def test_painted_pixels_are_those_under_painted_cells() -> None:
    pixels = Painting(2, 2, "uhuu").pixel_mask((6, 4))
    assert pixels.shape == (4, 6)
    assert pixels[:2, 3:].all()
    assert pixels.sum() == 6


@pytest.mark.parametrize("size", [(64, 64), (96, 32), (200, 128)])
def test_drawing_changes_painted_cells_alone(size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, (90, 120, 150))
    painting = Painting(4, 4, "h" + "u" * 14 + "a")
    drawn = np.asarray(painting.draw_over(picture))
    scale = drawn.shape[0] // size[1]
    changed = (drawn != (90, 120, 150)).any(axis=2)
    expected = np.repeat(np.repeat(painting.pixel_mask(size), scale, 0), scale, 1)
    np.testing.assert_array_equal(changed, expected)


def test_brightest_cells_are_the_upper_half_of_the_maps_range() -> None:
    values = np.zeros((8, 8), np.float32)
    values[2:4, 4:6] = 10
    values[6, 0] = 4
    where = brightest_cells(values, (CELL, CELL), (32, 32), (8, 8))
    np.testing.assert_array_equal(where, values > 5)


def test_a_blank_painting_changes_nothing() -> None:
    mask = Painting.blank(5, 3).mask((8, 8), (CELL, CELL), (32, 32))
    assert (mask == 1).all()
    assert not Painting.blank(5, 3).pixel_mask((32, 32)).any()


def test_a_mask_selects_the_letters_inside_and_outside() -> None:
    where = np.array([[True, False], [False, False]])
    assert Painting.from_mask(where, AMPLIFY).cells == "huuu"
    assert Painting.from_mask(where, AMPLIFY, SUPPRESS).cells == "haaa"
