"""Spectral normalisation, compared with singular values and PyTorch's own implementation."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, normalize
from torch.nn.utils import spectral_norm

from ugatit.networks.spectral import SpectralConv2d, SpectralLinear

SIDES = [5, 40]
"""For a small picture the weight is the larger tensor, for a large one the result: the smaller is divided by sigma."""
sides = pytest.mark.parametrize("side", SIDES)


def layer(bias: bool = True, stride: int = 1) -> SpectralConv2d:
    torch.manual_seed(0)
    conv = SpectralConv2d(3, 6, kernel=4, stride=stride, bias=bias)
    if conv.bias is not None:
        nn.init.normal_(conv.bias)
    return conv


def photo(side: int) -> Tensor:
    return torch.randn(2, 3, side, side, generator=torch.Generator().manual_seed(1))


def test_sides_cover_both_ways_to_divide() -> None:
    results = [2 * 6 * (side - 3) ** 2 for side in SIDES]
    assert results[0] < layer().weight.numel() <= results[1]


def test_sigma_becomes_the_largest_singular_value() -> None:
    conv = layer()
    for _ in range(200):
        conv.sigma()
    largest = torch.linalg.svdvals(conv.weight.detach().flatten(1))[0]
    torch.testing.assert_close(conv.sigma().detach(), largest)
    for vector in (conv.u, conv.v):
        torch.testing.assert_close(vector.norm(), torch.tensor(1.0))


def test_one_training_pass_is_one_power_iteration() -> None:
    conv = layer()
    matrix, u = conv.weight.detach().flatten(1), conv.u.clone()
    conv(photo(5))
    v = normalize(matrix.t() @ u, dim=0)
    torch.testing.assert_close(conv.v, v)
    torch.testing.assert_close(conv.u, normalize(matrix @ v, dim=0))


def test_vectors_do_not_change_in_eval_mode() -> None:
    conv = layer().eval()
    before = conv.u.clone(), conv.v.clone()
    conv(photo(5))
    assert torch.equal(conv.u, before[0])
    assert torch.equal(conv.v, before[1])


@sides
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("stride", [1, 2])
def test_output_is_the_convolution_by_the_normalised_weight(side: int, bias: bool, stride: int) -> None:
    conv = layer(bias, stride).eval()
    expected = conv2d(photo(side), conv.weight / conv.sigma(), conv.bias, stride)
    torch.testing.assert_close(conv(photo(side)), expected)


@sides
@pytest.mark.parametrize("training", [True, False])
def test_outputs_and_gradients_are_those_of_torchs_spectral_norm(side: int, training: bool) -> None:
    ours, theirs = layer(), spectral_norm(nn.Conv2d(3, 6, 4), eps=1e-12)
    with torch.no_grad():
        theirs.weight_orig.copy_(ours.weight)
        theirs.bias.copy_(ours.bias)
        theirs.weight_u.copy_(ours.u)
        theirs.weight_v.copy_(ours.v)
    output_gradient = torch.randn(2, 6, side - 3, side - 3)
    results = []
    for conv, weight in ((ours, ours.weight), (theirs, theirs.weight_orig)):
        picture = photo(side).requires_grad_()
        output = conv.train(training)(picture)
        results.append((output, *torch.autograd.grad(output, (picture, weight, conv.bias), output_gradient)))
    for mine, torchs in zip(*results, strict=True):
        assert (mine - torchs).abs().max() <= 1e-5 * torchs.abs().max()
    torch.testing.assert_close(ours.u, theirs.weight_u)


def test_two_passes_before_one_backward_keep_their_graph() -> None:
    conv = layer()
    total = conv(photo(5)).sum() + conv(photo(40)).mean()
    total.backward()
    assert conv.weight.grad.isfinite().all()


@sides
def test_nothing_depends_on_the_memory_format_of_the_weight(side: int) -> None:
    plain, channels_last = layer(), layer().to(memory_format=torch.channels_last)
    assert channels_last.weight.stride() != plain.weight.stride()
    for _ in range(2):
        for conv in (plain, channels_last):
            conv(photo(side)).square().sum().backward()
    for name in ("weight", "bias"):
        torch.testing.assert_close(getattr(channels_last, name).grad, getattr(plain, name).grad, rtol=1e-4, atol=1e-4)
    for name in ("u", "v"):
        torch.testing.assert_close(getattr(channels_last, name), getattr(plain, name))


def test_sigma_alone_has_its_gradient() -> None:
    conv = layer().eval()
    conv.sigma().backward()
    torch.testing.assert_close(conv.weight.grad.flatten(1), torch.outer(conv.u, conv.v))


def test_scale_of_a_linear_weight_does_not_matter() -> None:
    torch.manual_seed(0)
    linear, pooled = SpectralLinear(7), torch.randn(3, 7)
    before = linear(pooled)
    with torch.no_grad():
        linear.weight.mul_(5)
    torch.testing.assert_close(linear(pooled), before)
    torch.testing.assert_close(before, pooled @ normalize(linear.weight, dim=1).t())


@sides
def test_bf16_comes_near(side: int) -> None:
    conv = layer().eval()
    exact = conv(photo(side))
    with torch.autocast("cpu", torch.bfloat16):
        half = conv(photo(side))
    assert half.dtype == torch.bfloat16
    assert (half.float() - exact).abs().max() < 0.05 * exact.abs().max()
