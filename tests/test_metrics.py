"""Measures, against values worked out by hand."""

import math

import pytest
import torch

from ugatit.metrics import grey_levels, not_white, overlap, psnr, rank_correlation, share_on, ssim

GREY = torch.zeros(1, 3, 16, 16)


def test_psnr_of_a_known_error() -> None:
    # 0.2 of a range of 2 is a tenth: 20 dB.
    assert psnr(GREY + 0.2, GREY).item() == pytest.approx(20, abs=1e-4)
    assert psnr(GREY, GREY).item() == math.inf


def test_grey_levels_count_in_255() -> None:
    assert grey_levels(GREY + 2 / 255, GREY).item() == pytest.approx(1)


def test_ssim_is_one_for_the_same_and_less_for_others() -> None:
    picture = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
    assert ssim(picture, picture).tolist() == pytest.approx([1, 1], abs=1e-5)
    assert (ssim(picture, -picture) < 0.5).all()


def test_ssim_tells_pictures_of_a_batch_apart() -> None:
    picture = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0)) * 2 - 1
    same, other = ssim(torch.cat([picture, -picture]), torch.cat([picture, picture])).tolist()
    assert same > other


def test_white_ground_is_what_is_light_in_every_colour() -> None:
    picture = torch.ones(1, 3, 1, 4)
    picture[0, :, 0, 1] = -1
    picture[0, 2, 0, 2] = 0  # yellow
    picture[0, :, 0, 3] = 0.9
    assert not_white(picture).tolist() == [[[False, True, True, False]]]


def test_overlap_of_masks() -> None:
    left, top = torch.zeros(1, 4, 4, dtype=torch.bool), torch.zeros(1, 4, 4, dtype=torch.bool)
    left[:, :, :2], top[:, :2] = True, True
    assert overlap(left, top).item() == pytest.approx(4 / 12)
    nothing = torch.zeros_like(left)
    assert overlap(nothing, nothing).item() == 1
    assert overlap(nothing, left).item() == 0


def test_flat_map_is_as_dense_on_the_object_as_anywhere() -> None:
    mask = torch.zeros(1, 8, 8, dtype=torch.bool)
    mask[:, :4, :4] = True
    assert share_on(torch.ones(1, 4, 4), mask).item() == pytest.approx(1)


def test_map_on_the_object_alone_is_as_dense_as_the_area_allows() -> None:
    mask = torch.zeros(1, 8, 8, dtype=torch.bool)
    mask[:, :4, :4] = True
    on_it = torch.zeros(1, 4, 4)
    on_it[:, :2, :2] = 3
    assert share_on(on_it, mask).item() == pytest.approx(4)
    assert share_on(on_it.flip(2), mask).item() == 0


def test_rank_correlation_sees_order_alone() -> None:
    rising = torch.arange(12.0).reshape(1, 3, 4)
    assert rank_correlation(rising, rising**3).item() == pytest.approx(1)
    assert rank_correlation(rising, -rising).item() == pytest.approx(-1)


def test_flat_map_has_no_rank_correlation() -> None:
    maps = torch.stack([torch.arange(12.0).reshape(3, 4), torch.ones(3, 4)])
    alike, flat = rank_correlation(maps, maps.clone()).tolist()
    assert alike == pytest.approx(1)
    assert math.isnan(flat)
