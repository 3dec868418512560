from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from PIL import Image

from ugatit.errors import TranslationError
from viz.i18n import LANGUAGES, words_in
from viz.overlay import COLORMAPS, color_stops, colorize, outline, overlay


@pytest.fixture
def picture() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (12, 17, 3), np.uint8))


@pytest.fixture
def heatmap() -> np.ndarray:
    return np.random.default_rng(1).random((12, 17)).astype(np.float32)


def test_opacity_zero_is_the_picture(picture: Image.Image, heatmap: np.ndarray) -> None:
    assert overlay(picture, heatmap, 0).tobytes() == picture.tobytes()


def test_opacity_one_is_the_colors(picture: Image.Image, heatmap: np.ndarray) -> None:
    np.testing.assert_array_equal(np.asarray(overlay(picture, heatmap, 1)), colorize(heatmap))


def test_overlay_is_monotone_in_opacity(picture: Image.Image, heatmap: np.ndarray) -> None:
    steps = [np.asarray(overlay(picture, heatmap, a), int) for a in np.linspace(0, 1, 41)]
    toward = np.sign(steps[-1] - steps[0])
    assert all(((after - before) * toward >= 0).all() for before, after in pairwise(steps))
    assert all((after == before)[toward == 0].all() for before, after in pairwise(steps))


@pytest.mark.parametrize("name", COLORMAPS)
def test_every_offered_colormap_is_matplotlibs(name: str) -> None:
    levels = np.arange(256, dtype=np.float32)[None] / 255
    theirs = matplotlib.colormaps[name](levels, bytes=True)[..., :3]
    np.testing.assert_array_equal(colorize(levels, name), theirs)


def test_turbo_is_the_default_and_jet_the_papers(heatmap: np.ndarray) -> None:
    assert COLORMAPS[0] == "turbo"
    assert "paper" in words_in("en").attention_maps.colormaps["jet"]
    assert all(tuple(words.attention_maps.colormaps) == COLORMAPS for words in LANGUAGES.values())
    np.testing.assert_array_equal(colorize(heatmap), colorize(heatmap, "turbo"))


def test_values_beyond_the_range_take_its_ends() -> None:
    wild = np.array([[-1, 2, np.nan, np.inf, -np.inf]], np.float32)
    tame = np.array([[0, 1, 0, 1, 0]], np.float32)
    np.testing.assert_array_equal(colorize(wild), colorize(tame))


def test_unknown_colormap_names_those_there_are(heatmap: np.ndarray) -> None:
    with pytest.raises(TranslationError, match=r"'rainbow'.*turbo, jet, viridis"):
        colorize(heatmap, "rainbow")


@pytest.mark.parametrize("opacity", [-0.1, 1.5, float("nan")])
def test_opacity_out_of_range_is_named(picture: Image.Image, heatmap: np.ndarray, opacity: float) -> None:
    with pytest.raises(TranslationError, match=f"between 0 and 1, got {opacity}"):
        overlay(picture, heatmap, opacity)


def test_a_heatmap_of_another_size_is_refused(picture: Image.Image) -> None:
    with pytest.raises(ValueError, match=r"\(17, 12\) does not fit a picture \(12, 17\)"):
        overlay(picture, np.zeros((17, 12), np.float32))


def test_a_transparent_or_gray_picture_becomes_rgb() -> None:
    for mode in ("L", "RGBA", "P"):
        assert overlay(Image.new(mode, (4, 3)), np.zeros((3, 4), np.float32)).mode == "RGB"


@pytest.mark.parametrize("ground", ["white", "black", "gray", "red"])
def test_an_outline_shows_on_any_color(ground: str) -> None:
    mask = np.zeros((64, 64), bool)
    mask[20:40, 10:50] = True
    drawn = np.asarray(outline(Image.new("RGB", (64, 64), ground), mask), int)
    untouched = np.asarray(Image.new("RGB", (64, 64), ground), int)
    white, black = (drawn == 255).all(-1), (drawn == 0).all(-1)
    assert white[20, 10:50].all()
    assert black[19, 10:50].all()
    assert black[21, 12:48].all()
    np.testing.assert_array_equal(drawn[23:37, 13:47], untouched[23:37, 13:47])
    np.testing.assert_array_equal(drawn[:18], untouched[:18])


def test_an_outline_closes_at_the_edge_of_the_picture() -> None:
    drawn = np.asarray(outline(Image.new("RGB", (32, 32), "gray"), np.ones((32, 32), bool)))
    assert (drawn[0] == 255).all()
    assert (drawn[16, 16] == 128).all()


def test_an_empty_mask_leaves_the_picture(picture: Image.Image) -> None:
    assert outline(picture, np.zeros((12, 17), bool)).tobytes() == picture.tobytes()


def test_a_mask_is_stretched_to_the_picture_and_the_picture_kept() -> None:
    picture = Image.new("RGB", (64, 64), "gray")
    mask = np.zeros((16, 16), bool)
    mask[4:8, 4:8] = True
    assert (np.asarray(outline(picture, mask))[16, 16:32] == 255).all()
    assert picture.getcolors() == [(64 * 64, (128, 128, 128))]


def test_stops_run_from_the_low_to_the_high_end_of_the_colour_map() -> None:
    assert color_stops("gray", 3) == ["#000000", "#808080", "#ffffff"]
