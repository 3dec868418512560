"""Norms that CycleGAN and pix2pix choose by name: batch norm and instance norm. Also both papers' first weights."""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, relu

from ugatit.errors import ConfigError
from ugatit.networks.normalization import EPS, instance_norm

Statistics = Literal["picture", "batch", "running"]
"""Whose mean and variance batch norm uses: each picture's own, those of the batch, or those averaged in training."""
STATISTICS: tuple[Statistics, ...] = ("picture", "batch", "running")
NORMS = ("instance", "batch")
MOMENTUM = 0.1
"""The share of a new batch in batch norm's running statistics."""


class BatchNorm(nn.Module):
    """Batch norm (Ioffe & Szegedy 2015) that can be told whose statistics to use. ReLU follows if `relu`.

    By each picture's own statistics it is instance norm with a learned scale and shift, which is what the paper of
    pix2pix calls batch norm with a batch of one (Isola et al. 2017, section 3.3).
    Unlike torch's, it counts no batches: a weights folder holds floating-point numbers only.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int, relu: bool = False) -> None:
        super().__init__()
        self.relu = relu
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, features: Tensor, statistics: Statistics | None = None) -> Tensor:
        """Return the shape of features, (B, K, h, w).

        statistics: None for those of the batch in training mode, else the running ones. In training mode those of a
        batch are also averaged into the running ones. Raises ConfigError for unknown statistics.
        """
        whose = statistics or ("batch" if self.training else "running")
        if whose not in STATISTICS:
            raise ConfigError(f"statistics must be picture, batch or running, got {whose!r}.")
        normalised = self._by_picture(features) if whose == "picture" else self._by_many(features, whose == "batch")
        return relu(normalised) if self.relu else normalised

    def _by_many(self, features: Tensor, by_batch: bool) -> Tensor:
        # torch averages what it sees into the running statistics that it is given.
        given = self.training or not by_batch
        mean, variance = (self.running_mean, self.running_var) if given else (None, None)
        return batch_norm(features, mean, variance, self.weight, self.bias, by_batch, MOMENTUM, EPS)

    def _by_picture(self, features: Tensor) -> Tensor:
        # The pictures stand beside each other as channels of one, so nothing of a picture reaches another.
        pictures, channels = features.shape[:2]
        alone = features.reshape(1, pictures * channels, *features.shape[2:])
        weight, bias = self.weight.repeat(pictures), self.bias.repeat(pictures)
        return batch_norm(alone, None, None, weight, bias, True, MOMENTUM, EPS).reshape(features.shape)


class InstanceNorm(nn.Module):
    """Instance norm without parameters: each picture's own statistics, always. ReLU follows if `relu`."""

    def __init__(self, relu: bool = False) -> None:
        super().__init__()
        self.relu = relu

    def forward(self, features: Tensor, statistics: Statistics | None = None) -> Tensor:
        """Return the shape of features, (B, K, h, w). statistics: of no effect."""
        return instance_norm(features, self.relu)


def make_norm(norm: str, channels: int, relu: bool = False) -> InstanceNorm | BatchNorm:
    """Return a norm of (B, K, h, w) by its name; ReLU follows if `relu`. Raises ConfigError for another name."""
    if norm not in NORMS:
        raise ConfigError(f"norm must be {' or '.join(NORMS)}, got {norm!r}.")
    return BatchNorm(channels, relu) if norm == "batch" else InstanceNorm(relu)


class NormedConv(nn.Module):
    """A convolution, or a transposed one that doubles the size, and perhaps a norm.

    norm: batch, instance, or empty for none.
    """

    def __init__(self, conv: nn.Conv2d | nn.ConvTranspose2d, norm: str) -> None:
        super().__init__()
        self.conv = conv
        self.norm = make_norm(norm, conv.out_channels) if norm else None

    def forward(self, features: Tensor, statistics: Statistics | None = None) -> Tensor:
        """(B, K, h, w) to (B, K', h', w'). statistics: of batch norm."""
        result: Tensor = self.conv(features)
        return result if self.norm is None else self.norm(result, statistics)


def init_weights(network: nn.Module) -> None:
    """Draw convolutions from N(0, 0.02) and batch norm's scales from N(1, 0.02), biases zero.

    Isola et al. 2017, appendix 6.2; Zhu et al. 2017, appendix 7.1.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | BatchNorm):
            nn.init.normal_(module.weight, 1.0 if isinstance(module, BatchNorm) else 0.0, 0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
