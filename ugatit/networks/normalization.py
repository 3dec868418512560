"""Adaptive layer-instance normalisation (Kim et al. 2020, eq. 1-2) as one affine map per picture and channel.

Mean and variance of a channel are gathered once; the layer's follow from the channels' (law of total variance),
and AdaLIN(a) = a * scale + shift. That is one reduction and one multiply-add over the features.
"""

import torch
from torch import Tensor, nn

EPS = 1e-5


def layer_instance_norm(features: Tensor, rho: Tensor, gamma: Tensor, beta: Tensor, eps: float = EPS) -> Tensor:
    """rho * InstanceNorm + (1 - rho) * LayerNorm, then gamma and beta.

    features: (B, K, h, w). rho: (K,) in [0, 1], 1 is instance norm. gamma, beta: (K,) or (B, K).
    Variances are unbiased, as in the published code (the paper does not say). Returns (B, K, h, w).
    """
    channels, positions = features.shape[1], features.shape[2] * features.shape[3]
    with torch.autocast(features.device.type, enabled=False):
        variance, mean = torch.var_mean(features.float(), dim=(2, 3))  # (B, K) each
        layer_mean = mean.mean(dim=1, keepdim=True)  # (B, 1)
        squares = (positions - 1) * variance + positions * (mean - layer_mean).square()
        layer_variance = squares.sum(dim=1, keepdim=True) / (channels * positions - 1)

        instance_share = rho * torch.rsqrt(variance + eps)
        layer_share = (1 - rho) * torch.rsqrt(layer_variance + eps)
        scale = gamma * (instance_share + layer_share)
        shift = beta - gamma * (instance_share * mean + layer_share * layer_mean)
    scale, shift = (term.to(features.dtype)[:, :, None, None] for term in (scale, shift))
    return torch.addcmul(shift, features, scale)


class AdaLIN(nn.Module):
    """AdaLIN with a learned rho a channel; gamma and beta come with each picture."""

    def __init__(self, channels: int, rho: float = 0.9) -> None:
        super().__init__()
        self.rho = nn.Parameter(torch.full((channels,), rho))

    def forward(self, features: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        """features: (B, K, h, w); gamma, beta: (B, K). Returns (B, K, h, w)."""
        return layer_instance_norm(features, self.rho, gamma, beta)


class LIN(nn.Module):
    """Layer-instance normalisation with learned gamma and beta (the published code's "ILN")."""

    def __init__(self, channels: int, rho: float = 0.0) -> None:
        super().__init__()
        self.rho = nn.Parameter(torch.full((channels,), rho))
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

    def forward(self, features: Tensor) -> Tensor:
        """features: (B, K, h, w). Returns (B, K, h, w)."""
        return layer_instance_norm(features, self.rho, self.gamma, self.beta)


def instance_norm(features: Tensor, eps: float = EPS) -> Tensor:
    """Instance normalisation without affine, biased variance. (B, K, h, w) to the same."""
    # Group norm with a channel a group is the same formula, and its kernels keep bf16 and channels_last.
    return nn.functional.group_norm(features, features.shape[1], eps=eps)


@torch.no_grad()
def clamp_rho(network: nn.Module) -> None:
    """Bring every rho of a network back into [0, 1] (paper, section 2.1.2: after each parameter update)."""
    for module in network.modules():
        if isinstance(module, AdaLIN | LIN):
            module.rho.clamp_(0, 1)
