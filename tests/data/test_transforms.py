"""How training pictures are varied: inside the picture, by their own random numbers."""

import numpy as np
import pytest
import torch
from PIL import Image

from ugatit.data.transforms import augmented, fitted, square


def gradient(width: int, height: int) -> Image.Image:
    """Red grows from left to right, green from top to bottom."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, width)[None]
    pixels[..., 1] = np.linspace(0, 255, height)[:, None]
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("size", "box"), [((10, 10), (0, 0, 10, 10)), ((20, 10), (5, 0, 15, 10)), ((10, 13), (0, 1.5, 10, 11.5))]
)
def test_square_is_centred(size: tuple[int, int], box: tuple[float, ...]) -> None:
    assert square(Image.new("RGB", size)) == box


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (64, 64), (300, 200)])
def test_any_picture_becomes_a_square_in_range(size: tuple[int, int]) -> None:
    for tensor in (fitted(gradient(*size), 32), augmented(gradient(*size), 32, np.random.default_rng(0), True, 0.1)):
        assert tensor.shape == (3, 32, 32)
        assert tensor.dtype == torch.float32
        assert tensor.abs().max() <= 1


def test_fitting_a_picture_of_that_size_changes_nothing() -> None:
    picture = gradient(32, 32)
    expected = torch.from_numpy(np.asarray(picture, np.float32) / 127.5 - 1).permute(2, 0, 1)
    torch.testing.assert_close(fitted(picture, 32), expected)


def test_same_random_numbers_give_the_same_variation() -> None:
    views = [augmented(gradient(90, 70), 32, np.random.default_rng(seed), True, 0.2) for seed in (1, 1, 2)]
    assert torch.equal(views[0], views[1])
    assert not torch.equal(views[0], views[2])


def test_without_margin_and_flip_nothing_is_varied() -> None:
    view = augmented(gradient(64, 64), 32, np.random.default_rng(0), False, 0.0)
    torch.testing.assert_close(view, fitted(gradient(64, 64), 32))


def test_about_every_other_picture_is_mirrored() -> None:
    views = [augmented(gradient(32, 32), 32, np.random.default_rng(seed), True, 0.1) for seed in range(100)]
    mirrored = sum(bool(view[0, 0, 0] > view[0, 0, -1]) for view in views)
    assert 30 < mirrored < 70


def test_crop_moves_about_as_far_as_the_margin_lets_it() -> None:
    # Of 286 px a crop of 256 shows nine tenths; where it begins runs over the remaining tenth.
    views = [augmented(gradient(286, 286), 256, np.random.default_rng(s), False, 30 / 256) for s in range(40)]
    spans = [float(view[0, 0, -1] - view[0, 0, 0]) / 2 for view in views]
    starts = [float(view[0, 0, 0] + 1) / 2 for view in views]
    assert spans == pytest.approx([256 / 286] * 40, abs=0.02)
    assert min(starts) < 0.03
    assert max(starts) == pytest.approx(30 / 286, abs=0.03)
