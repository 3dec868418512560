"""Convolution and linear layers with spectral normalisation (Miyato et al. 2018, algorithm 1)."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn.functional import conv2d, linear, normalize

from ugatit.networks.memory_format import in_memory_order, suggested_layout


class SpectralNorm(nn.Module):
    """A weight and its largest singular value sigma, tracked by one power iteration per forward pass in training mode.

    shape: of the weight, output channels first; sigma is that of the matrix (shape[0], product of the others).
    weight: the parameter *before* normalisation (`weight_orig` in published checkpoints).
    u, v: unit-length estimates of the first left and right singular vectors.
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
        """Return the largest singular value, (), differentiable in the weight; updates u and v in training mode."""
        return self.weight_and_sigma()[1]

    def weight_and_sigma(self) -> tuple[Tensor, Tensor]:
        """Return the weight and `sigma()` together, so that backward accumulates both gradients in one tensor.

        Updates u and v in training mode.
        """
        with torch.autocast(self.weight.device.type, enabled=False):
            if torch.compiler.is_compiling():
                # Plain operations, as the compiler cannot look into the function with a gradient of its own.
                v = _to_memory_order(self.v, self.weight).clone()
                return self.weight, torch.dot(self.u.clone(), torch.mv(_matrix(self.weight), v))
            u, v, weight_v = self._iterated()
            # Clones: the next forward pass may update the buffers before the backward pass of this one.
            result: tuple[Tensor, Tensor] = _WeightAndSigma.apply(self.weight, u.clone(), v.clone(), weight_v)
            return result

    def update_vectors(self) -> None:
        """Update u and v in training mode, as a forward pass does.

        For compiled networks, before each pass. Their code must not do it: its backward pass would compute v again,
        from the u that has changed since.
        """
        with torch.autocast(self.weight.device.type, enabled=False):
            self._iterated()

    @torch.no_grad()
    def _iterated(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return u, v in memory order, and W v; after an update of u and v in training mode."""
        matrix = _matrix(self.weight)
        u, v = self.u, _to_memory_order(self.v, self.weight)
        if self.training:
            v = normalize(torch.mv(matrix.t(), u), dim=0)
        weight_v = torch.mv(matrix, v)
        if self.training:
            # A new tensor, not in-place: a backward pass may still need the previous one.
            u = normalize(weight_v, dim=0)
            self.u.copy_(u)
            self.v.copy_(_to_logical_order(v, self.weight))
        return u, v, weight_v


class _WeightAndSigma(torch.autograd.Function):
    """The weight and sigma = u . (W v), with v in memory order; the gradient of sigma is a rank-one matrix."""

    @staticmethod
    def forward(ctx: Any, weight: Tensor, u: Tensor, v: Tensor, weight_v: Tensor) -> tuple[Tensor, Tensor]:
        ctx.save_for_backward(u, v)
        ctx.shape, ctx.layout = weight.shape, suggested_layout(weight)
        ctx.set_materialize_grads(False)
        return weight.view_as(weight), torch.dot(u, weight_v)

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
        # In place: no one else uses this gradient, and a copy of up to 33 million numbers is expensive.
        _matrix(total).addr_(u * on_sigma, v)
        return total, None, None, None


def _matrix(weight: Tensor) -> Tensor:
    """Return a weight (O, ...) as a matrix (O, columns) without a copy; its columns are in memory order."""
    return in_memory_order(weight).flatten(1)


def _to_memory_order(columns: Tensor, weight: Tensor) -> Tensor:
    if suggested_layout(weight) == torch.channels_last:
        return columns.view(weight.shape[1:]).permute(1, 2, 0).flatten()
    return columns


def _to_logical_order(columns: Tensor, weight: Tensor) -> Tensor:
    if suggested_layout(weight) == torch.channels_last:
        channels, height, width = weight.shape[1:]
        return columns.view(height, width, channels).permute(2, 0, 1).flatten()
    return columns


class SpectralConv2d(SpectralNorm):
    """Convolution with weight / sigma, then bias, without padding. (B, I, h, w) to (B, O, h', w')."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, bias: bool = True) -> None:
        super().__init__(outputs, inputs, kernel, kernel)
        self.stride = stride
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, features: Tensor) -> Tensor:
        weight, sigma = self.weight_and_sigma()
        scale = sigma.reciprocal()
        height, width = ((side - weight.shape[2]) // self.stride + 1 for side in features.shape[2:])
        result_size = features.shape[0] * weight.shape[0] * height * width
        # conv(x, W / sigma) = conv(x, W) / sigma: divide the smaller of the two tensors.
        if weight.numel() <= result_size:
            return conv2d(features, weight * scale, self.bias, self.stride)
        result = conv2d(features, weight, None, self.stride)
        scale = scale.to(result.dtype)
        if self.bias is None:
            return result * scale
        return torch.addcmul(self.bias.to(result.dtype)[:, None, None], result, scale)


class SpectralLinear(SpectralNorm):
    """Linear layer with one output, weight / sigma and no bias. (B, K) to (B, 1)."""

    def __init__(self, inputs: int) -> None:
        super().__init__(1, inputs)

    def forward(self, pooled: Tensor) -> Tensor:
        weight, sigma = self.weight_and_sigma()
        return linear(pooled, weight / sigma)
