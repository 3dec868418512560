"""Convolutions and linear maps whose spectral norm is held at one (Miyato et al. 2018, algorithm 1)."""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear, normalize


class SpectralNorm(nn.Module):
    """A weight of any shape and its largest singular value, tracked by one power iteration a training pass.

    weight: the weight *before* normalisation (`weight_orig` of published checkpoints).
    """

    u: Tensor
    v: Tensor

    def __init__(self, *shape: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(shape) * 0.02)
        rows, columns = shape[0], self.weight[0].numel()
        self.register_buffer("u", normalize(torch.randn(rows), dim=0))
        self.register_buffer("v", normalize(torch.randn(columns), dim=0))

    def sigma(self) -> Tensor:
        """The largest singular value, (), differentiable in the weight; moves u and v in training mode."""
        with torch.autocast(self.weight.device.type, enabled=False):
            matrix = self.weight.flatten(1)
            if not self.training:
                return torch.dot(self.u, torch.mv(matrix, self.v))
            # New tensors, not in-place: a backward pass may still need the ones before.
            with torch.no_grad():
                v = normalize(torch.mv(matrix.t(), self.u), dim=0)
            stretched = torch.mv(matrix, v)
            with torch.no_grad():
                u = normalize(stretched, dim=0)
                self.u.copy_(u)
                self.v.copy_(v)
            return torch.dot(u, stretched)


class SpectralConv2d(SpectralNorm):
    """Convolution by weight / sigma, then bias. (B, I, h, w) to (B, O, h', w'); padding is the caller's."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, bias: bool = True) -> None:
        super().__init__(outputs, inputs, kernel, kernel)
        self.stride = stride
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, features: Tensor) -> Tensor:
        scale = self.sigma().reciprocal()
        height, width = ((side - self.weight.shape[2]) // self.stride + 1 for side in features.shape[2:])
        result_size = features.shape[0] * self.weight.shape[0] * height * width
        # conv(x, W / sigma) = conv(x, W) / sigma: divide whichever is smaller.
        if self.weight.numel() <= result_size:
            return conv2d(features, self.weight * scale, self.bias, self.stride)
        result = conv2d(features, self.weight, None, self.stride)
        scale = scale.to(result.dtype)
        if self.bias is None:
            return result * scale
        return torch.addcmul(self.bias.to(result.dtype)[:, None, None], result, scale)


class SpectralLinear(SpectralNorm):
    """Linear map to one logit by weight / sigma, without bias. (B, K) to (B, 1)."""

    def __init__(self, inputs: int) -> None:
        super().__init__(1, inputs)

    def forward(self, pooled: Tensor) -> Tensor:
        return linear(pooled, self.weight / self.sigma())
