"""Moments, affine maps and gradient sums in every dtype and memory format, compared with float64."""

import pytest
import torch
from torch import Tensor

from ugatit.networks.channelwise import gradient_sums, moments, scale_and_shift

Format = tuple[torch.dtype, torch.memory_format]

BATCH_NORM_KERNELS = (torch.bfloat16, torch.channels_last)
"""The format for which the batch-norm kernels are used on the CPU."""
FORMATS = [BATCH_NORM_KERNELS, (torch.bfloat16, torch.contiguous_format), (torch.float32, torch.channels_last)]
SIZES = [(2, 5, 4, 6), (1, 3, 8, 8), (3, 1, 2, 2), (2, 4, 1, 3)]


def features(size: tuple[int, ...], format: Format, seed: int = 0) -> Tensor:
    values = torch.randn(size, generator=torch.Generator().manual_seed(seed)) * 2 + 3
    return values.to(format[0]).contiguous(memory_format=format[1])


@pytest.fixture(params=FORMATS, ids=["bf16-channels-last", "bf16", "fp32-channels-last"])
def format(request: pytest.FixtureRequest) -> Format:
    return request.param


@pytest.fixture(params=SIZES, ids=str)
def maps(request: pytest.FixtureRequest, format: Format) -> Tensor:
    return features(request.param, format)


def test_moments_are_means_and_unbiased_variances_in_float32(maps: Tensor) -> None:
    mean, variance = moments(maps)
    assert mean.dtype == variance.dtype == torch.float32
    torch.testing.assert_close(mean.double(), maps.double().mean((2, 3)), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(variance.double(), maps.double().var((2, 3)), rtol=1e-4, atol=1e-5)


def test_a_flat_map_has_no_variance(format: Format) -> None:
    mean, variance = moments(features((2, 3, 4, 4), format).fill_(7))
    assert torch.equal(mean, torch.full((2, 3), 7.0))
    assert not variance.any()


def test_a_single_cell_has_no_variance() -> None:
    assert not moments(features((2, 3, 1, 1), BATCH_NORM_KERNELS))[1].any()


def test_scale_and_shift_is_one_affine_map_per_picture_and_channel(maps: Tensor) -> None:
    scale, shift = torch.randn(maps.shape[:2]), torch.randn(maps.shape[:2])
    result = scale_and_shift(maps, scale, shift)
    assert result.dtype == maps.dtype
    assert result.stride() == maps.stride()
    exact = maps.double() * scale[:, :, None, None] + shift[:, :, None, None]
    assert (result.double() - exact).abs().max() <= 2e-2 * exact.abs().max()


def test_gradient_sums_are_those_of_scale_and_shift(maps: Tensor, format: Format) -> None:
    gradient = features(tuple(maps.shape), format, seed=1)
    on_scale, on_shift = gradient_sums(gradient, maps)
    assert on_scale.dtype == on_shift.dtype == torch.float32
    torch.testing.assert_close(on_scale.double(), (gradient.double() * maps.double()).sum((2, 3)), rtol=1e-5, atol=1e-4)
    torch.testing.assert_close(on_shift.double(), gradient.double().sum((2, 3)), rtol=1e-5, atol=1e-4)
