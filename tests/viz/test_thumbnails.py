from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ugatit.data.domain import Domain, Dropped, Picture
from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.thumbnails import MAX_ASPECT, MAX_THUMBNAILS, SIDE, scene_strip, thumbnail, thumbnail_strip

RED, BLUE = (220, 20, 20), (20, 20, 220)


def banded(width: int, height: int) -> Image.Image:
    """Red, but for a blue square in the middle."""
    side = min(width, height)
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, ((width - side) // 2, (height - side) // 2, (width + side) // 2, (height + side) // 2))
    return picture


def domain(folder: Path, count: int, held_out: int = 0, dropped: tuple[Dropped, ...] = ()) -> Domain:
    pictures = []
    for number in range(count + held_out):
        banded(30, 20).save(path := folder / f"{number}.png")
        pictures.append(Picture(path, (30, 20), str(number)))
    return Domain("red", str(folder), tuple(pictures[:count]), tuple(pictures[count:]), dropped)


@pytest.mark.parametrize("size", [(90, 60), (60, 90), (200, 20)])
def test_a_crop_keeps_the_middle_and_dims_the_rest(size: tuple[int, int]) -> None:
    drawn = np.asarray(thumbnail(banded(*size), "crop")).astype(int)
    height, width, _ = drawn.shape
    np.testing.assert_allclose(drawn[height // 2, width // 2], BLUE, atol=3)
    corner = drawn[0, 0]
    assert np.abs(corner - RED).max() > 40
    assert corner.argmax() == 0, "the removed part can still be recognised"


@pytest.mark.parametrize(
    ("size", "fit"), [((300, 300), "crop"), ((300, 300), "pad"), ((300, 300), "stretch"), ((100, 50), "stretch")]
)
def test_a_square_or_stretched_picture_is_not_dimmed(size: tuple[int, int], fit: str) -> None:
    drawn = thumbnail(Image.new("RGB", size, BLUE), fit)
    assert drawn.size == (SIDE, SIDE)
    assert drawn.getcolors() == [(SIDE * SIDE, BLUE)]


def test_padding_shows_the_whole_picture_and_dims_what_is_filled_in() -> None:
    drawn = np.asarray(thumbnail(Image.new("RGB", (100, 50), BLUE), "pad")).astype(int)
    assert drawn.shape == (SIDE, SIDE, 3)
    kept = (np.abs(drawn - BLUE).max(-1) < 3).sum()
    assert kept == pytest.approx(SIDE * SIDE / 2, rel=0.05)
    assert np.abs(drawn[0, 0] - BLUE).max() > 40


@pytest.mark.parametrize("size", [(3000, 20), (20, 3000), (1, 40)])
def test_no_picture_makes_the_strip_wider_than_a_few_squares(size: tuple[int, int]) -> None:
    drawn = thumbnail(Image.new("RGB", size, BLUE), "crop")
    assert drawn.height == SIDE
    assert 1 <= drawn.width <= MAX_ASPECT * SIDE


def test_a_strip_counts_and_names_what_was_left_out(tmp_path: Path) -> None:
    flawed = tuple(Dropped(f"{number}.jpg", "is cut off") for number in range(8))
    strip = thumbnail_strip(domain(tmp_path, 3, 1, flawed), ENGLISH)
    assert strip.counts == "3 pictures to learn from · 1 set aside to watch · 8 left out"
    assert strip.left_out[0] == "0.jpg: is cut off"
    assert strip.left_out[-1] == "and 3 more"
    assert len(strip.thumbnails) == 3


def test_a_strip_counts_in_the_language_of_the_page(tmp_path: Path) -> None:
    strip = thumbnail_strip(domain(tmp_path, 1, 0, (Dropped("a.jpg", "is cut off"),)), KOREAN)
    assert strip.counts.startswith(KOREAN.train.learned[0].format(count=1))
    assert KOREAN.train.none_held_out in strip.counts
    assert strip.counts.endswith(KOREAN.train.left_out.format(count=1))


def test_a_strip_of_many_pictures_shows_a_few_evenly_selected(tmp_path: Path) -> None:
    many = domain(tmp_path, 4 * MAX_THUMBNAILS)
    for place in (1, 2, 3):
        many.training[place].path.unlink()
    assert len(thumbnail_strip(many, ENGLISH).thumbnails) == MAX_THUMBNAILS
    many.training[0].path.unlink()
    assert len(thumbnail_strip(many, ENGLISH).thumbnails) == MAX_THUMBNAILS - 1


def test_drawn_scenes_have_a_strip_too() -> None:
    strip = scene_strip([banded(40, 40)] * 2, "disc", ENGLISH)
    assert len(strip.thumbnails) == 2
    assert "disc" in strip.counts
