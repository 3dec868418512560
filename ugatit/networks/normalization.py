"""Instance norm and adaptive layer-instance norm (Kim et al. 2020, eq. 1-2) as one affine map per picture and channel.

Mean and variance are computed once for each channel; those of the layer follow from them (law of total variance).
The output is features * scale + shift. The gradient is again an affine map, of features and output gradient. This
takes two passes over the features, where automatic differentiation would take a dozen.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from ugatit.networks.channelwise import gradient_sums, match_features, moments, scale_and_shift
from ugatit.networks.memory_format import full_precision, suggested_layout

EPS = 1e-5

Affine = Callable[..., tuple[Tensor, Tensor]]
"""(mean, variance, positions, *parameters) to (scale, shift); mean, variance, scale, shift: (B, K)."""


def _channelwise_affine(features: Tensor, relu: bool, affine: Affine, *parameters: Tensor) -> Tensor:
    """Return features * scale + shift, then ReLU if `relu`: (B, K, h, w) to the same shape and dtype.

    affine: scale and shift, from the channel means and variances of the features.
    """
    if torch.compiler.is_compiling():
        # Plain operations, which the compiler fuses; it cannot look into the function with a gradient of its own.
        values, positions = full_precision(features), features[0, 0].numel()
        variance, mean = torch.var_mean(values, dim=(2, 3), correction=min(1, positions - 1))
        scale, shift = affine(mean, variance, positions, *parameters)
        result = (values * scale[:, :, None, None] + shift[:, :, None, None]).to(features.dtype)
        return torch.relu(result) if relu else result
    normalised: Tensor = _ChannelwiseAffine.apply(features, relu, affine, *parameters)
    return normalised


class _ChannelwiseAffine(torch.autograd.Function):
    """features * scale + shift, with both computed from the channel means and variances of the features.

    ReLU follows if `relu`. Only the features are saved for the backward pass: recomputing the ReLU mask is cheaper than
    storing it.
    """

    @staticmethod
    def forward(ctx: Any, features: Tensor, relu: bool, affine: Affine, *parameters: Tensor) -> Tensor:
        mean, variance = moments(features)
        scale, shift = affine(mean, variance, features[0, 0].numel(), *parameters)
        ctx.save_for_backward(features, mean, variance, *parameters)
        ctx.affine, ctx.relu = affine, relu
        result = scale_and_shift(features, scale, shift)
        return result.relu_() if relu else result

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        features, mean, variance, *parameters = ctx.saved_tensors
        gradient = gradient.contiguous(memory_format=suggested_layout(features))
        positions = features[0, 0].numel()
        with torch.enable_grad():
            inputs = [t.detach().requires_grad_() for t in (mean, variance, *parameters)]
            outputs = ctx.affine(inputs[0], inputs[1], positions, *inputs[2:])
        scale, shift = (output.detach() for output in outputs)
        if ctx.relu:
            gradient = torch.ops.aten.threshold_backward(gradient, scale_and_shift(features, scale, shift), 0)
        on_mean, on_variance, *on_parameters = torch.autograd.grad(outputs, inputs, gradient_sums(gradient, features))
        slope = on_variance * (2 / max(1, positions - 1))
        offset = on_mean / positions - slope * mean
        on_features = scale_and_shift(features, slope, offset).addcmul_(gradient, match_features(scale, features))
        return on_features, None, None, *on_parameters


def _instance_affine(mean: Tensor, variance: Tensor, positions: int) -> tuple[Tensor, Tensor]:
    scale = torch.rsqrt(variance * ((positions - 1) / positions) + EPS)
    return scale, -mean * scale


def _scaled_instance_affine(
    mean: Tensor, variance: Tensor, positions: int, gamma: Tensor, beta: Tensor
) -> tuple[Tensor, Tensor]:
    scale, shift = _instance_affine(mean, variance, positions)
    return gamma * scale, gamma * shift + beta


def _layer_instance_affine(
    mean: Tensor, variance: Tensor, positions: int, rho: Tensor, gamma: Tensor, beta: Tensor
) -> tuple[Tensor, Tensor]:
    channels = mean.shape[1]
    layer_mean = mean.mean(dim=1, keepdim=True)  # (B, 1)
    squares = (positions - 1) * variance + positions * (mean - layer_mean).square()
    layer_variance = squares.sum(dim=1, keepdim=True) / max(1, channels * positions - 1)

    instance_share = rho * torch.rsqrt(variance + EPS)
    layer_share = (1 - rho) * torch.rsqrt(layer_variance + EPS)
    scale = gamma * (instance_share + layer_share)
    shift = beta - gamma * (instance_share * mean + layer_share * layer_mean)
    return scale, shift


def instance_norm(features: Tensor, relu: bool = False) -> Tensor:
    """Instance normalisation without learned parameters, with biased variance; then ReLU if `relu`.

    (B, K, h, w) to the same shape and dtype.
    """
    with torch.autocast(features.device.type, enabled=False):
        return _channelwise_affine(features, relu, _instance_affine)


def layer_instance_norm(features: Tensor, rho: Tensor, gamma: Tensor, beta: Tensor, relu: bool = False) -> Tensor:
    """Return gamma * (rho * InstanceNorm + (1 - rho) * LayerNorm) + beta; then ReLU if `relu` (Kim et al. 2020, eq. 1).

    features: (B, K, h, w). rho: (K,) in [0, 1], 1 is instance norm. gamma, beta: (K,) or (B, K).
    Variances are unbiased, as in the published code; the paper does not specify this. Returns (B, K, h, w).
    """
    with torch.autocast(features.device.type, enabled=False):
        parameters = (rho.float(), gamma.float(), beta.float())
        return _channelwise_affine(features, relu, _layer_instance_affine, *parameters)


class AdaLIN(nn.Module):
    """Adaptive layer-instance norm: rho is learned per channel, gamma and beta are inputs. ReLU follows if `relu`."""

    def __init__(self, channels: int, rho: float = 0.9, relu: bool = False) -> None:
        super().__init__()
        self.relu = relu
        self.rho = nn.Parameter(torch.full((channels,), rho))

    def forward(self, features: Tensor, gamma: Tensor, beta: Tensor, rho: Tensor | None = None) -> Tensor:
        """features: (B, K, h, w). gamma, beta: (B, K). rho: (K,), replaces the learned one. Returns (B, K, h, w)."""
        return layer_instance_norm(features, self.rho if rho is None else rho, gamma, beta, self.relu)


class LIN(nn.Module):
    """Layer-instance norm with learned rho, gamma and beta ("ILN" in the published code). ReLU follows if `relu`."""

    def __init__(self, channels: int, rho: float = 0.0, relu: bool = False) -> None:
        super().__init__()
        self.relu = relu
        self.rho = nn.Parameter(torch.full((channels,), rho))
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

    def forward(self, features: Tensor, rho: Tensor | None = None) -> Tensor:
        """features: (B, K, h, w). rho: (K,), replaces the learned one. Returns (B, K, h, w)."""
        return layer_instance_norm(features, self.rho if rho is None else rho, self.gamma, self.beta, self.relu)


class AffineInstanceNorm(nn.Module):
    """Instance norm with a learned scale and shift, always by the picture's own statistics. ReLU follows if `relu`.

    (B, K, h, w) to the same shape and dtype.
    """

    def __init__(self, channels: int, relu: bool = False) -> None:
        super().__init__()
        self.relu = relu
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, features: Tensor) -> Tensor:
        with torch.autocast(features.device.type, enabled=False):
            return _channelwise_affine(features, self.relu, _scaled_instance_affine, self.weight, self.bias)

    def reset_parameters(self) -> None:
        """Scale by one and shift by nothing."""
        nn.init.ones_(self.weight)
        nn.init.zeros_(self.bias)


@torch.no_grad()
def clamp_rho(network: nn.Module) -> None:
    """Clamp every rho of a network to [0, 1], as needed after each update (Kim et al. 2020, section 2.1.2)."""
    for module in network.modules():
        if isinstance(module, AdaLIN | LIN):
            module.rho.clamp_(0, 1)
