"""Training transforms: the square of each fit, and random crops and mirroring from a given generator."""

import numpy as np
import pytest
import torch
from PIL import Image

from ugatit.data.transforms import augment, enlarged_side, square_box, square_tensor, to_square
from ugatit.errors import DataError

FITS = ("crop", "pad", "stretch")


def gradient(width: int, height: int) -> Image.Image:
    """A picture whose red grows from left to right, green from top to bottom."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, width)[None]
    pixels[..., 1] = np.linspace(0, 255, height)[:, None]
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("size", "fit", "box"),
    [
        ((10, 10), "crop", (0, 0, 10, 10)),
        ((20, 10), "crop", (5, 0, 15, 10)),
        ((10, 13), "crop", (0, 1.5, 10, 11.5)),
        ((20, 10), "pad", (0, -5, 20, 15)),
        ((10, 13), "pad", (-1.5, 0, 11.5, 13)),
        ((20, 10), "stretch", (0, 0, 20, 10)),
    ],
)
def test_fit_decides_the_square(size: tuple[int, int], fit: str, box: tuple[float, ...]) -> None:
    assert square_box(size, fit) == box


def test_unknown_fit_is_named() -> None:
    with pytest.raises(DataError, match="'melt': use crop, pad or stretch"):
        square_box((4, 4), "melt")


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("size", [(1, 1), (7, 300), (300, 7), (64, 64), (300, 200)])
def test_any_picture_becomes_a_square_in_range(size: tuple[int, int], fit: str) -> None:
    tensor = square_tensor(gradient(*size), 32, fit)
    assert tensor.shape == (3, 32, 32)
    assert tensor.dtype == torch.float32
    assert tensor.abs().max() <= 1


@pytest.mark.parametrize("fit", FITS)
def test_fitting_a_square_of_that_size_changes_nothing(fit: str) -> None:
    picture = gradient(32, 32)
    expected = torch.from_numpy(np.asarray(picture, np.float32) / 127.5 - 1).permute(2, 0, 1)
    torch.testing.assert_close(square_tensor(picture, 32, fit), expected)


def test_crop_shows_the_middle_unstretched() -> None:
    pixels = np.asarray(to_square(gradient(300, 100), 100))
    np.testing.assert_array_equal(pixels, np.asarray(gradient(300, 100))[:, 100:200])


def test_stretch_shows_everything_edge_to_edge() -> None:
    pixels = np.asarray(to_square(gradient(300, 100), 100, "stretch"), float)
    for channel, line in ((0, pixels[50, :, 0]), (1, pixels[:, 50, 1])):
        assert line[0] < 4, channel
        assert line[-1] > 251, channel


@pytest.mark.parametrize("tall", [False, True])
def test_pad_shows_the_whole_picture_and_repeats_its_edges(tall: bool) -> None:
    wide = gradient(300, 100)
    pixels = np.asarray(to_square(wide.transpose(Image.Transpose.TRANSPOSE) if tall else wide, 90, "pad"))
    pixels = pixels.transpose(1, 0, 2) if tall else pixels
    resized = np.asarray(wide.resize((90, 30), Image.Resampling.BICUBIC))
    np.testing.assert_allclose(pixels[30:60].astype(int), resized.astype(int), atol=1)
    assert (pixels[:30] == pixels[30]).all()
    assert (pixels[60:] == pixels[59]).all()


@pytest.mark.parametrize(("size", "margin", "side"), [(256, 30 / 256, 286), (64, 0.0, 64), (100, 1.0, 200)])
def test_squares_are_enlarged_as_published(size: int, margin: float, side: int) -> None:
    assert enlarged_side(size, margin) == side


def test_same_random_numbers_give_the_same_view() -> None:
    views = [augment(gradient(40, 40), 32, np.random.default_rng(seed), True) for seed in (1, 1, 2)]
    assert torch.equal(views[0], views[1])
    assert not torch.equal(views[0], views[2])


def test_without_margin_and_flip_nothing_changes() -> None:
    view = augment(gradient(64, 64), 64, np.random.default_rng(0), False)
    torch.testing.assert_close(view, square_tensor(gradient(64, 64), 64))


def test_about_every_other_picture_is_mirrored() -> None:
    views = [augment(gradient(36, 36), 32, np.random.default_rng(seed), True) for seed in range(100)]
    mirrored = sum(bool(view[0, 0, 0] > view[0, 0, -1]) for view in views)
    assert 30 < mirrored < 70


def test_crops_are_whole_pixels_and_reach_every_corner() -> None:
    pixels = np.asarray(gradient(19, 19), np.float32) / 127.5 - 1
    starts = set()
    for seed in range(400):
        view = augment(gradient(19, 19), 16, np.random.default_rng(seed), False).permute(1, 2, 0).numpy()
        [start] = [(y, x) for y in range(4) for x in range(4) if np.allclose(pixels[y : y + 16, x : x + 16], view)]
        starts.add(start)
    assert len(starts) == 16
