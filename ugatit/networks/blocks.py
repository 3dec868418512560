"""Building blocks of the generator: residual, AdaLIN residual and upsampling blocks (Kim et al. 2020, appendix)."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn.functional import conv2d, pixel_shuffle

from ugatit.networks.memory_format import padded, suggested_layout
from ugatit.networks.normalization import LIN, AdaLIN, instance_norm


class ReflectConv2d(nn.Conv2d):
    """Convolution with reflection padding, without bias as everywhere in U-GAT-IT's generator unless `bias`.

    (B, I, h, w) to (B, O, h / stride, w / stride), rounded up, for odd kernels.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, bias: bool = False) -> None:
        super().__init__(inputs, outputs, kernel, stride, bias=bias)
        self.border = kernel // 2

    def forward(self, features: Tensor) -> Tensor:
        return super().forward(padded(features, self.border, "reflect"))


class ToRGB(ReflectConv2d):
    """Reflection-padded convolution to the three colour channels. (B, I, h, w) to (B, 3, h, w), float32, before tanh.

    One convolution computes every row of the kernel separately; the results are then shifted by their rows and added.
    Matrix units waste most of their width on 3 output channels but little on 21 (7 rows of 3).
    """

    def __init__(self, inputs: int, kernel: int) -> None:
        super().__init__(inputs, 3, kernel)

    def forward(self, features: Tensor) -> Tensor:
        height, kernel = features.shape[2], self.weight.shape[2]
        rows = self.weight.permute(2, 0, 1, 3).flatten(0, 1).unsqueeze(2)  # (kernel * 3, I, 1, kernel)
        by_row = conv2d(padded(features, self.border, "reflect"), rows).float().chunk(kernel, dim=1)
        return torch.stack([part[:, :, row : row + height] for row, part in enumerate(by_row)]).sum(0)


class ConvNormReLU(nn.Module):
    """Encoder step: convolution, instance norm, ReLU. (B, I, h, w) to (B, O, h / stride, w / stride), rounded up."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = ReflectConv2d(inputs, outputs, kernel, stride)

    def forward(self, features: Tensor) -> Tensor:
        return instance_norm(self.conv(features), relu=True)


class ResidualBlock(nn.Module):
    """Two convolutions with instance norm, added to the input. (B, K, h, w) to the same shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = ReflectConv2d(channels, channels, 3)
        self.conv2 = ReflectConv2d(channels, channels, 3)

    def forward(self, features: Tensor) -> Tensor:
        hidden = instance_norm(self.conv1(features), relu=True)
        return features + instance_norm(self.conv2(hidden))


class AdaLINResidualBlock(nn.Module):
    """Residual block whose normalisations are AdaLIN. (B, K, h, w) to the same shape."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = ReflectConv2d(channels, channels, 3)
        self.norm1 = AdaLIN(channels, relu=True)
        self.conv2 = ReflectConv2d(channels, channels, 3)
        self.norm2 = AdaLIN(channels)

    def forward(
        self, features: Tensor, gamma: Tensor, beta: Tensor, rho1: Tensor | None = None, rho2: Tensor | None = None
    ) -> Tensor:
        """features: (B, K, h, w). gamma, beta: (B, K). rho1, rho2: (K,), replace the learned rho of each norm."""
        hidden: Tensor = self.norm1(self.conv1(features), gamma, beta, rho1)
        residual: Tensor = self.norm2(self.conv2(hidden), gamma, beta, rho2)
        return features + residual


class UpsampleBlock(nn.Module):
    """Nearest-neighbour upsampling by 2, 3x3 convolution, LIN, ReLU. (B, I, h, w) to (B, O, 2h, 2w).

    The convolution runs on the small map: neighbouring pixels of the enlarged map are equal, so each of the four output
    phases is a 2x2 convolution whose taps are sums of the 3x3 kernel's. This takes 4/9 of the multiplications.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3) * 0.02)
        self.norm = LIN(outputs, relu=True)

    def forward(self, features: Tensor, rho: Tensor | None = None) -> Tensor:
        """features: (B, I, h, w). rho: (O,), replaces the learned rho of the norm. Returns (B, O, 2h, 2w)."""
        result: Tensor = self.norm(self.upsampled_conv(features), rho)
        return result

    def upsampled_conv(self, features: Tensor) -> Tensor:
        """Return conv3x3(reflect_pad(nearest_x2(features))): (B, I, h, w) to (B, O, 2h, 2w)."""
        kernels = _phase_taps(_phase_taps(self.weight, 3), 2)  # (O, I, 2, 2, 2, 2): phase, tap; phase, tap
        kernels = kernels.permute(2, 4, 0, 1, 3, 5)  # (2, 2, O, I, 2, 2)
        # Reflecting the enlarged map by one pixel equals replicating the border of the small map.
        phases = conv2d(padded(features, 1, "replicate"), kernels.flatten(0, 2))  # (B, 4 O, h + 1, w + 1)
        return _interleave(phases)


def _interleave(phases: Tensor) -> Tensor:
    """Interleave four phases: (B, 4 O, h + 1, w + 1) to (B, O, 2h, 2w), in the same memory format.

    Phase (p, q) provides the pixels of rows p, p + 2, ... and columns q, q + 2, ..., starting at its own cell (p, q).
    """
    if torch.compiler.is_compiling():
        # Plain operations for the compiler, as it cannot look into the function with a gradient of its own.
        height, width = (side - 1 for side in phases.shape[2:])
        parts = [
            cells[:, :, number // 2 : number // 2 + height, number % 2 : number % 2 + width]
            for number, cells in enumerate(phases.chunk(4, dim=1))
        ]
        return pixel_shuffle(torch.stack(parts, dim=2).flatten(1, 2), 2)
    enlarged: Tensor = _Interleave.apply(phases)
    return enlarged


class _Interleave(torch.autograd.Function):
    """`_interleave` by four copies, in either direction."""

    @staticmethod
    def forward(ctx: Any, phases: Tensor) -> Tensor:
        count, channels, height, width = phases.shape
        layout = suggested_layout(phases)
        size = (count, channels // 4, 2 * (height - 1), 2 * (width - 1))
        enlarged = torch.empty(size, dtype=phases.dtype, device=phases.device, memory_format=layout)
        for pixels, cells in _matching_views(enlarged, phases):
            pixels.copy_(cells)
        return enlarged

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        count, channels, height, width = gradient.shape
        layout = suggested_layout(gradient)
        size = (count, 4 * channels, height // 2 + 1, width // 2 + 1)
        phases = torch.empty(size, dtype=gradient.dtype, device=gradient.device, memory_format=layout).zero_()
        for pixels, cells in _matching_views(gradient, phases):
            cells.copy_(pixels)
        return phases


def _matching_views(enlarged: Tensor, phases: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield, for each phase, views of its pixels and of its cells, (B, O, h, w) each."""
    height, width = (side - 1 for side in phases.shape[2:])
    for number, cells in enumerate(phases.chunk(4, dim=1)):
        row, column = divmod(number, 2)
        yield enlarged[:, :, row::2, column::2], cells[:, :, row : row + height, column : column + width]


def _phase_taps(kernel: Tensor, dim: int) -> Tensor:
    """Split a dimension of size 3 into (2 phases, 2 taps): the taps of even and of odd output pixels."""
    before, center, after = kernel.unbind(dim)
    taps: Tensor = torch.stack([before, center + after, before + center, after], dim).unflatten(dim, (2, 2))
    return taps
