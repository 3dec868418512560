"""The building blocks of the generator: residual, AdaLIN residual, upsampling."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn.functional import conv2d

from ugatit.networks.memory_format import padded, suggested_layout
from ugatit.networks.normalization import LIN, AdaLIN, instance_norm


class ReflectConv2d(nn.Conv2d):
    """A convolution without bias over a reflection-padded picture, as all of the generator's are."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride, bias=False)
        self.border = kernel // 2

    def forward(self, features: Tensor) -> Tensor:
        return super().forward(padded(features, self.border, "reflect"))


class ToRGB(ReflectConv2d):
    """A reflection-padded convolution to the three colours. (B, I, h, w) to (B, 3, h, w), float32.

    Each row of the kernel is a convolution of its own, all of them are asked at once, and their results are added,
    each shifted by its row: kernels of matrix units waste most of their width on three results, little on 21.
    """

    def __init__(self, inputs: int, kernel: int) -> None:
        super().__init__(inputs, 3, kernel)

    def forward(self, features: Tensor) -> Tensor:
        height, kernel = features.shape[2], self.weight.shape[2]
        rows = self.weight.permute(2, 0, 1, 3).flatten(0, 1).unsqueeze(2)  # (kernel * 3, I, 1, kernel)
        by_row = conv2d(padded(features, self.border, "reflect"), rows).float().chunk(kernel, dim=1)
        return torch.stack([part[:, :, row : row + height] for row, part in enumerate(by_row)]).sum(0)


class ConvNormReLU(nn.Module):
    """Convolution, instance norm, ReLU: the encoder's step. (B, I, h, w) to (B, O, h / stride, w / stride)."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = ReflectConv2d(inputs, outputs, kernel, stride)

    def forward(self, features: Tensor) -> Tensor:
        return instance_norm(self.conv(features), rectified=True)


class ResidualBlock(nn.Module):
    """Two convolutions with instance norm, added to what came in. (B, K, h, w) to the same."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = ReflectConv2d(channels, channels, 3)
        self.conv2 = ReflectConv2d(channels, channels, 3)

    def forward(self, features: Tensor) -> Tensor:
        hidden = instance_norm(self.conv1(features), rectified=True)
        return features + instance_norm(self.conv2(hidden))


class AdaLINResidualBlock(nn.Module):
    """A residual block whose norms are AdaLIN. features: (B, K, h, w); gamma, beta: (B, K).

    rho1, rho2: (K,), in place of what its first and its second norm learned.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = ReflectConv2d(channels, channels, 3)
        self.norm1 = AdaLIN(channels, rectified=True)
        self.conv2 = ReflectConv2d(channels, channels, 3)
        self.norm2 = AdaLIN(channels)

    def forward(
        self, features: Tensor, gamma: Tensor, beta: Tensor, rho1: Tensor | None = None, rho2: Tensor | None = None
    ) -> Tensor:
        hidden: Tensor = self.norm1(self.conv1(features), gamma, beta, rho1)
        change: Tensor = self.norm2(self.conv2(hidden), gamma, beta, rho2)
        return features + change


class UpsampleBlock(nn.Module):
    """Nearest x2, 3x3 convolution, LIN, ReLU. (B, I, h, w) to (B, O, 2h, 2w).

    Computed on the small map: each of the four output phases is a 2x2 convolution whose taps are sums of the
    3x3 kernel's, because neighbouring pixels of the enlarged map are equal. 4/9 of the multiplications.
    rho: (O,), in place of what its norm learned.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3) * 0.02)
        self.norm = LIN(outputs, rectified=True)

    def forward(self, features: Tensor, rho: Tensor | None = None) -> Tensor:
        result: Tensor = self.norm(self.upsampled_conv(features), rho)
        return result

    def upsampled_conv(self, features: Tensor) -> Tensor:
        """conv3x3(reflect_pad(nearest_x2(features))): (B, I, h, w) to (B, O, 2h, 2w)."""
        kernels = _phase_taps(_phase_taps(self.weight, 3), 2)  # (O, I, 2, 2, 2, 2): phase, tap; phase, tap
        kernels = kernels.permute(2, 4, 0, 1, 3, 5)  # (2, 2, O, I, 2, 2)
        # Reflecting the enlarged map by one pixel is repeating the small map's border.
        phases = conv2d(padded(features, 1, "replicate"), kernels.flatten(0, 2))  # (B, 4 O, h + 1, w + 1)
        enlarged: Tensor = _Interleave.apply(phases)
        return enlarged


class _Interleave(torch.autograd.Function):
    """The four phases' cells side by side: (B, 4 O, h + 1, w + 1) to (B, O, 2h, 2w), in the same memory layout.

    Phase (p, q) gives the pixels of rows p, p + 2, ... and columns q, q + 2, ...; it begins at cell (p, q) of its own.
    """

    @staticmethod
    def forward(ctx: Any, phases: Tensor) -> Tensor:
        count, channels, height, width = phases.shape
        layout = suggested_layout(phases)
        size = (count, channels // 4, 2 * (height - 1), 2 * (width - 1))
        enlarged = torch.empty(size, dtype=phases.dtype, device=phases.device, memory_format=layout)
        for pixels, cells in _same_places(enlarged, phases):
            pixels.copy_(cells)
        return enlarged

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        count, channels, height, width = gradient.shape
        layout = suggested_layout(gradient)
        size = (count, 4 * channels, height // 2 + 1, width // 2 + 1)
        phases = torch.empty(size, dtype=gradient.dtype, device=gradient.device, memory_format=layout).zero_()
        for pixels, cells in _same_places(gradient, phases):
            cells.copy_(pixels)
        return phases


def _same_places(enlarged: Tensor, phases: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Views of each phase's pixels and of its cells, (B, O, h, w) each."""
    height, width = (side - 1 for side in phases.shape[2:])
    for number, cells in enumerate(phases.chunk(4, dim=1)):
        row, column = divmod(number, 2)
        yield enlarged[:, :, row::2, column::2], cells[:, :, row : row + height, column : column + width]


def _phase_taps(kernel: Tensor, dim: int) -> Tensor:
    """Split one dimension of size 3 into (2 phases, 2 taps): what an even and what an odd pixel sums."""
    before, here, after = kernel.unbind(dim)
    taps: Tensor = torch.stack([before, here + after, before + here, after], dim).unflatten(dim, (2, 2))
    return taps
