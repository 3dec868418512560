"""How features lie in memory, and padding that leaves them so."""

import torch
from torch import Tensor
from torch.nn.functional import pad


def laid_out(picture: Tensor) -> Tensor:
    """A picture as a network reads it fastest: under autocast in its type and channels last, else as it came.

    (B, 3, H, W) to the same. What follows keeps the layout of its input; a batch of one, or a slice, has none that
    is unmistakable, and a network entered without one would turn every feature map around for every convolution.
    """
    device = picture.device.type
    if not torch.is_autocast_enabled(device):
        return picture
    return picture.to(torch.get_autocast_dtype(device), memory_format=torch.channels_last)


def padded(features: Tensor, border: int, mode: str) -> Tensor:
    """torch's padding by `border` cells on all four sides, in the features' own precision.

    Autocast would pad in float32 on the CPU, though padding only copies.
    """
    with torch.autocast(features.device.type, enabled=False):
        return pad(features, [border] * 4, mode=mode)


def suggested_layout(features: Tensor) -> torch.memory_format:
    """Channels last where the features unmistakably are, else contiguous."""
    channels_last = features.is_contiguous(memory_format=torch.channels_last) and not features.is_contiguous()
    return torch.channels_last if channels_last else torch.contiguous_format


def in_memory_order(values: Tensor) -> Tensor:
    """A view whose dimensions stand in the order of memory: contiguous for features or kernels with channels last."""
    return values.permute(0, 2, 3, 1) if suggested_layout(values) == torch.channels_last else values
