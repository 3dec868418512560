"""Moments, affine maps and sums by torch's batch-norm kernels beside the plain writing, in every type and layout."""

import pytest
import torch
from torch import Tensor

from ugatit.networks.channelwise import moments, scaled, sums

KERNELS = (torch.bfloat16, torch.channels_last)
"""What the batch-norm kernels are used for, on the CPU."""
WAYS = [KERNELS, (torch.bfloat16, torch.contiguous_format), (torch.float32, torch.channels_last)]
SIZES = [(2, 5, 4, 6), (1, 3, 8, 8), (3, 1, 2, 2), (2, 4, 1, 3)]


def features(size: tuple[int, ...], way: tuple[torch.dtype, torch.memory_format], seed: int = 0) -> Tensor:
    values = torch.randn(size, generator=torch.Generator().manual_seed(seed)) * 2 + 3
    return values.to(way[0]).contiguous(memory_format=way[1])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", WAYS)
def test_moments_are_means_and_unbiased_variances_in_float32(
    size: tuple[int, ...], way: tuple[torch.dtype, torch.memory_format]
) -> None:
    maps = features(size, way)
    mean, variance = moments(maps)
    assert mean.dtype == variance.dtype == torch.float32
    torch.testing.assert_close(mean.double(), maps.double().mean((2, 3)), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(variance.double(), maps.double().var((2, 3)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("way", WAYS)
def test_a_flat_map_has_no_variance(way: tuple[torch.dtype, torch.memory_format]) -> None:
    flat = features((2, 3, 4, 4), way).fill_(7)
    mean, variance = moments(flat)
    assert torch.equal(mean, torch.full((2, 3), 7.0))
    assert not variance.any()


def test_a_single_cell_has_no_variance() -> None:
    assert not moments(features((2, 3, 1, 1), KERNELS))[1].any()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", WAYS)
def test_scaling_is_one_affine_map_a_picture_and_channel(
    size: tuple[int, ...], way: tuple[torch.dtype, torch.memory_format]
) -> None:
    maps, scale, shift = features(size, way), torch.randn(size[:2]), torch.randn(size[:2])
    result = scaled(maps, scale, shift)
    assert result.dtype == maps.dtype
    assert result.stride() == maps.stride()
    exact = maps.double() * scale[:, :, None, None] + shift[:, :, None, None]
    assert (result.double() - exact).abs().max() <= 2e-2 * exact.abs().max()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", WAYS)
def test_sums_are_of_the_gradient_and_of_it_times_the_features(
    size: tuple[int, ...], way: tuple[torch.dtype, torch.memory_format]
) -> None:
    maps, gradient = features(size, way), features(size, way, seed=1)
    on_scale, on_shift = sums(gradient, maps)
    assert on_scale.dtype == on_shift.dtype == torch.float32
    torch.testing.assert_close(on_scale.double(), (gradient.double() * maps.double()).sum((2, 3)), rtol=1e-5, atol=1e-4)
    torch.testing.assert_close(on_shift.double(), gradient.double().sum((2, 3)), rtol=1e-5, atol=1e-4)
