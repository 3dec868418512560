"""Convolutions and linear maps whose spectral norm is held at one (Miyato et al. 2018, algorithm 1)."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn.functional import conv2d, linear, normalize

from ugatit.networks.memory_format import in_memory_order, suggested_layout


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
        return self.weight_and_sigma()[1]

    def weight_and_sigma(self) -> tuple[Tensor, Tensor]:
        """The weight and `sigma()`, for those who use both: the gradients of both are then one tensor."""
        with torch.autocast(self.weight.device.type, enabled=False):
            with torch.no_grad():
                matrix = _matrix(self.weight)
                u, v = self.u, _in_memory_order(self.v, self.weight)
                if self.training:
                    v = normalize(torch.mv(matrix.t(), u), dim=0)
                stretched = torch.mv(matrix, v)
                if self.training:
                    # A new tensor, not in-place: a backward pass may still need the one before.
                    u = normalize(stretched, dim=0)
                    self.u.copy_(u)
                    self.v.copy_(_in_logical_order(v, self.weight))
            # Copies: the buffers move on before the backward pass asks for what they were.
            found: tuple[Tensor, Tensor] = _WeightAndSigma.apply(self.weight, u.clone(), v.clone(), stretched)
            return found


class _WeightAndSigma(torch.autograd.Function):
    """A weight, and u . (W v) by its vectors in memory order; the gradient of the latter is a rank-one matrix."""

    @staticmethod
    def forward(ctx: Any, weight: Tensor, u: Tensor, v: Tensor, stretched: Tensor) -> tuple[Tensor, Tensor]:
        ctx.save_for_backward(u, v)
        ctx.shape, ctx.layout = weight.shape, suggested_layout(weight)
        ctx.set_materialize_grads(False)
        return weight.view_as(weight), torch.dot(u, stretched)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, on_weight: Tensor | None, on_sigma: Tensor | None) -> tuple[Tensor | None, ...]:
        u, v = ctx.saved_tensors
        if on_sigma is None:
            return on_weight, None, None, None
        if on_weight is None:
            total = torch.zeros(ctx.shape, dtype=u.dtype, device=u.device).contiguous(memory_format=ctx.layout)
        else:
            total = on_weight.contiguous(memory_format=ctx.layout)
        # In place: the weight's gradient was made for this sum, and with 33 million numbers a second one is dear.
        _matrix(total).addr_(u * on_sigma, v)
        return total, None, None, None


def _matrix(weight: Tensor) -> Tensor:
    """A weight (O, ...) as (O, columns) without a copy: columns in the order in which they lie in memory."""
    return in_memory_order(weight).flatten(1)


def _in_memory_order(columns: Tensor, weight: Tensor) -> Tensor:
    if suggested_layout(weight) == torch.channels_last:
        return columns.view(weight.shape[1:]).permute(1, 2, 0).flatten()
    return columns


def _in_logical_order(columns: Tensor, weight: Tensor) -> Tensor:
    if suggested_layout(weight) == torch.channels_last:
        channels, height, width = weight.shape[1:]
        return columns.view(height, width, channels).permute(2, 0, 1).flatten()
    return columns


class SpectralConv2d(SpectralNorm):
    """Convolution by weight / sigma, then bias. (B, I, h, w) to (B, O, h', w'); padding is the caller's."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, bias: bool = True) -> None:
        super().__init__(outputs, inputs, kernel, kernel)
        self.stride = stride
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, features: Tensor) -> Tensor:
        weight, sigma = self.weight_and_sigma()
        scale = sigma.reciprocal()
        height, width = ((side - weight.shape[2]) // self.stride + 1 for side in features.shape[2:])
        result_size = features.shape[0] * weight.shape[0] * height * width
        # conv(x, W / sigma) = conv(x, W) / sigma: divide whichever is smaller.
        if weight.numel() <= result_size:
            return conv2d(features, weight * scale, self.bias, self.stride)
        result = conv2d(features, weight, None, self.stride)
        scale = scale.to(result.dtype)
        if self.bias is None:
            return result * scale
        return torch.addcmul(self.bias.to(result.dtype)[:, None, None], result, scale)


class SpectralLinear(SpectralNorm):
    """Linear map to one logit by weight / sigma, without bias. (B, K) to (B, 1)."""

    def __init__(self, inputs: int) -> None:
        super().__init__(1, inputs)

    def forward(self, pooled: Tensor) -> Tensor:
        weight, sigma = self.weight_and_sigma()
        return linear(pooled, weight / sigma)
