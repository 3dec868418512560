"""Metrics, compared with values worked out by hand."""

import math

import pytest
import torch
from torch import Tensor

from ugatit.metrics import density_ratio, foreground_mask, grey_levels, mask_iou, psnr, rank_correlation, ssim

GREY = torch.zeros(1, 3, 16, 16)


@pytest.fixture
def picture() -> Tensor:
    return torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_psnr_of_a_known_error() -> None:
    # 0.2 of a range of 2 is a tenth: 20 dB.
    assert psnr(GREY + 0.2, GREY).item() == pytest.approx(20, abs=1e-4)
    assert psnr(GREY, GREY).item() == math.inf


def test_grey_levels_count_in_255() -> None:
    assert grey_levels(GREY + 2 / 255, GREY).item() == pytest.approx(1)


def test_ssim_is_one_for_equal_pictures_and_less_for_others_of_the_batch(picture: Tensor) -> None:
    same, other = ssim(torch.cat([picture, -picture]), torch.cat([picture, picture])).tolist()
    assert same == pytest.approx(1, abs=1e-5)
    assert other < 0.5


def test_white_background_is_light_in_every_colour() -> None:
    picture = torch.ones(1, 3, 1, 4)
    picture[0, :, 0, 1] = -1
    picture[0, 2, 0, 2] = 0  # yellow
    picture[0, :, 0, 3] = 0.9
    assert foreground_mask(picture).tolist() == [[[False, True, True, False]]]


def test_iou_of_masks() -> None:
    left, top = torch.zeros(1, 4, 4, dtype=torch.bool), torch.zeros(1, 4, 4, dtype=torch.bool)
    left[:, :, :2], top[:, :2] = True, True
    empty = torch.zeros_like(left)
    assert mask_iou(left, top).item() == pytest.approx(4 / 12)
    assert mask_iou(empty, empty).item() == 1
    assert mask_iou(empty, left).item() == 0


def test_density_ratio_is_one_for_a_flat_map_and_up_to_the_inverse_of_the_area() -> None:
    mask = torch.zeros(1, 8, 8, dtype=torch.bool)
    mask[:, :4, :4] = True
    on_object = torch.zeros(1, 4, 4)
    on_object[:, :2, :2] = 3
    assert density_ratio(torch.ones(1, 4, 4), mask).item() == pytest.approx(1)
    assert density_ratio(on_object, mask).item() == pytest.approx(4)
    assert density_ratio(on_object.flip(2), mask).item() == 0


def test_rank_correlation_depends_on_order_alone_and_is_undefined_for_a_flat_map() -> None:
    rising = torch.arange(12.0).reshape(1, 3, 4)
    maps = torch.cat([rising, rising, torch.ones(1, 3, 4)])
    similar, opposite, flat = rank_correlation(maps, torch.cat([rising**3, -rising, torch.ones(1, 3, 4)])).tolist()
    assert similar == pytest.approx(1)
    assert opposite == pytest.approx(-1)
    assert math.isnan(flat)
