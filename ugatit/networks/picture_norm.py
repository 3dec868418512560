"""Norms that can treat each picture of a batch as if it were alone: batch norm and instance norm of pix2pix."""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm

from ugatit.errors import ConfigError
from ugatit.networks.normalization import EPS, instance_norm

Statistics = Literal["picture", "batch", "running"]
"""Whose mean and variance batch norm uses: each picture's own, those of the batch, or those averaged in training."""
STATISTICS: tuple[Statistics, ...] = ("picture", "batch", "running")
NORMS = ("batch", "instance")
MOMENTUM = 0.1


class PictureBatchNorm(nn.Module):
    """Batch norm that is told whose statistics to use. In training mode it also averages what it sees.

    By each picture's own statistics it is instance norm with a learned scale and shift, which is what the paper calls
    batch norm with a batch of one (Isola et al. 2017, section 3.3).
    """

    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, features: Tensor, statistics: Statistics) -> Tensor:
        """features: (B, K, h, w), of two positions or more. Returns the same shape.

        Raises ConfigError for other statistics.
        """
        if statistics == "running":
            return batch_norm(features, self.running_mean, self.running_var, self.weight, self.bias, eps=EPS)
        if statistics not in STATISTICS:
            raise ConfigError(f"statistics must be picture, batch or running, got {statistics!r}.")
        if self.training:
            self._track(features)
        if statistics == "batch":
            return batch_norm(features, None, None, self.weight, self.bias, True, eps=EPS)
        # The pictures stand beside each other as channels of one, so nothing of a picture reaches another.
        pictures, channels = features.shape[:2]
        alone = features.reshape(1, pictures * channels, *features.shape[2:])
        weight, bias = self.weight.repeat(pictures), self.bias.repeat(pictures)
        return batch_norm(alone, None, None, weight, bias, True, eps=EPS).reshape(features.shape)

    @torch.no_grad()
    def _track(self, features: Tensor) -> None:
        variance, mean = torch.var_mean(features.detach().float(), dim=(0, 2, 3))
        self.running_mean.lerp_(mean, MOMENTUM)
        self.running_var.lerp_(variance, MOMENTUM)
        self.num_batches_tracked.add_(1)


class PictureInstanceNorm(nn.Module):
    """Instance norm without parameters: each picture's own statistics, always."""

    def forward(self, features: Tensor, statistics: Statistics) -> Tensor:
        """features: (B, K, h, w). statistics: of no effect. Returns the same shape."""
        return instance_norm(features)


def make_norm(norm: str, channels: int) -> PictureBatchNorm | PictureInstanceNorm:
    """Return the norm by its name. Raises ConfigError for a name other than those of `NORMS`."""
    if norm not in NORMS:
        raise ConfigError(f"norm must be {' or '.join(NORMS)}, got {norm!r}.")
    return PictureBatchNorm(channels) if norm == "batch" else PictureInstanceNorm()
