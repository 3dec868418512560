"""The generator's blocks, compared with plain torch code for the same computation."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, interpolate, pad

from ugatit.networks.blocks import AdaLINResidualBlock, ConvNormReLU, ReflectConv2d, ResidualBlock, ToRGB, UpsampleBlock

LAYOUTS = [torch.contiguous_format, torch.channels_last]


def assert_same_values_and_gradients(outputs: tuple[Tensor, Tensor], inputs: list[Tensor], **tolerance: float) -> None:
    output_gradient = torch.randn_like(outputs[1])
    results = [(output, *torch.autograd.grad(output, inputs, output_gradient)) for output in outputs]
    for ours, plain in zip(*results, strict=True):
        torch.testing.assert_close(ours, plain, **tolerance)


@pytest.mark.parametrize("size", [(4, 4), (5, 3), (1, 1), (1, 6), (7, 2)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_upsampling_is_nearest_then_reflection_then_convolution(
    size: tuple[int, int], layout: torch.memory_format
) -> None:
    torch.manual_seed(0)
    block = UpsampleBlock(3, 2).double()
    features = torch.randn(2, 3, *size, dtype=torch.float64).contiguous(memory_format=layout).requires_grad_()
    enlarged = pad(interpolate(features, scale_factor=2, mode="nearest"), [1] * 4, mode="reflect")
    outputs = block.upsampled_conv(features), conv2d(enlarged, block.weight)
    assert_same_values_and_gradients(outputs, [features, block.weight])


@pytest.mark.parametrize("size", [(9, 8), (4, 5)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_to_rgb_is_one_reflection_padded_convolution(size: tuple[int, int], layout: torch.memory_format) -> None:
    torch.manual_seed(0)
    to_rgb = ToRGB(4, kernel=7)
    features = torch.randn(2, 4, *size).contiguous(memory_format=layout).requires_grad_()
    outputs = to_rgb(features), conv2d(pad(features, [3] * 4, mode="reflect"), to_rgb.weight)
    assert_same_values_and_gradients(outputs, [features, to_rgb.weight], rtol=1e-4, atol=1e-5)


def test_upsampling_block_ends_in_relu_at_twice_the_size() -> None:
    torch.manual_seed(0)
    output = UpsampleBlock(3, 2)(torch.randn(2, 3, 5, 4))
    assert output.shape == (2, 2, 10, 8)
    assert output.min() == 0


def test_reflect_conv_is_torchs_reflection_padding() -> None:
    torch.manual_seed(0)
    ours = ReflectConv2d(3, 4, kernel=7)
    plain = nn.Conv2d(3, 4, 7, padding=3, padding_mode="reflect", bias=False)
    plain.weight = ours.weight
    photo = torch.randn(1, 3, 9, 8)
    torch.testing.assert_close(ours(photo), plain(photo))


@pytest.mark.parametrize("side", [8, 9, 13])
def test_stride_two_halves_rounding_up(side: int) -> None:
    output = ConvNormReLU(3, 4, kernel=3, stride=2)(torch.randn(1, 3, side, side))
    assert output.shape[2:] == ((side + 1) // 2,) * 2


def test_residual_block_adds_to_its_input() -> None:
    block = ResidualBlock(3)
    nn.init.zeros_(block.conv2.weight)
    features = torch.randn(1, 3, 6, 6)
    torch.testing.assert_close(block(features), features)


def test_adalin_block_adds_only_beta_if_gamma_is_zero() -> None:
    features, beta = torch.randn(2, 3, 6, 6), torch.randn(2, 3)
    output = AdaLINResidualBlock(3)(features, torch.zeros(2, 3), beta)
    torch.testing.assert_close(output, features + beta[:, :, None, None])
