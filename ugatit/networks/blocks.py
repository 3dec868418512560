"""The building blocks of the generator: residual, AdaLIN residual, upsampling."""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad, pixel_shuffle, relu

from ugatit.networks.normalization import LIN, AdaLIN, instance_norm


class ReflectConv2d(nn.Conv2d):
    """A convolution without bias over a reflection-padded picture, as all of the generator's are."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride, bias=False)
        self.border = kernel // 2

    def forward(self, features: Tensor) -> Tensor:
        return super().forward(pad(features, [self.border] * 4, mode="reflect"))


class ConvNormReLU(nn.Module):
    """Convolution, instance norm, ReLU: the encoder's step. (B, I, h, w) to (B, O, h / stride, w / stride)."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = ReflectConv2d(inputs, outputs, kernel, stride)

    def forward(self, features: Tensor) -> Tensor:
        return relu(instance_norm(self.conv(features)))


class ResidualBlock(nn.Module):
    """Two convolutions with instance norm, added to what came in. (B, K, h, w) to the same."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = ReflectConv2d(channels, channels, 3)
        self.conv2 = ReflectConv2d(channels, channels, 3)

    def forward(self, features: Tensor) -> Tensor:
        hidden = relu(instance_norm(self.conv1(features)))
        return features + instance_norm(self.conv2(hidden))


class AdaLINResidualBlock(nn.Module):
    """A residual block whose norms are AdaLIN. features: (B, K, h, w); gamma, beta: (B, K)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = ReflectConv2d(channels, channels, 3)
        self.norm1 = AdaLIN(channels)
        self.conv2 = ReflectConv2d(channels, channels, 3)
        self.norm2 = AdaLIN(channels)

    def forward(self, features: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        hidden = relu(self.norm1(self.conv1(features), gamma, beta))
        change: Tensor = self.norm2(self.conv2(hidden), gamma, beta)
        return features + change


class UpsampleBlock(nn.Module):
    """Nearest x2, 3x3 convolution, LIN, ReLU. (B, I, h, w) to (B, O, 2h, 2w).

    Computed on the small map: each of the four output phases is a 2x2 convolution whose taps are sums of the
    3x3 kernel's, because neighbouring pixels of the enlarged map are equal. 4/9 of the multiplications.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3) * 0.02)
        self.norm = LIN(outputs)

    def forward(self, features: Tensor) -> Tensor:
        return relu(self.norm(self.upsampled_conv(features)))

    def upsampled_conv(self, features: Tensor) -> Tensor:
        """conv3x3(reflect_pad(nearest_x2(features))): (B, I, h, w) to (B, O, 2h, 2w)."""
        height, width = features.shape[2:]
        kernels = _phase_taps(_phase_taps(self.weight, 3), 2)  # (O, I, 2, 2, 2, 2): phase, tap; phase, tap
        kernels = kernels.permute(2, 4, 0, 1, 3, 5)  # (2, 2, O, I, 2, 2)
        # Reflecting the enlarged map by one pixel is repeating the small map's border.
        padded = pad(features, [1, 1, 1, 1], mode="replicate")
        phases = conv2d(padded, kernels.flatten(0, 2))  # (B, 4 O, h + 1, w + 1)
        phases = phases.unflatten(1, (2, 2, -1))
        corners = [phases[:, p, q, :, p : p + height, q : q + width] for p in (0, 1) for q in (0, 1)]
        return pixel_shuffle(torch.stack(corners, dim=2).flatten(1, 2), 2)


def _phase_taps(kernel: Tensor, dim: int) -> Tensor:
    """Split one dimension of size 3 into (2 phases, 2 taps): what an even and what an odd pixel sums."""
    before, here, after = kernel.unbind(dim)
    taps: Tensor = torch.stack([before, here + after, before + here, after], dim).unflatten(dim, (2, 2))
    return taps
