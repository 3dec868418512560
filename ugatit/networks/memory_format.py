"""Memory formats of feature maps, and padding that preserves them."""

import torch
from torch import Tensor
from torch.nn.functional import pad


def prepare_input(picture: Tensor) -> Tensor:
    """Return a picture in the format a network reads fastest: (B, 3, H, W) to the same shape.

    Under autocast: autocast's dtype, channels last. Otherwise the picture itself.
    All layers keep the format of their input. A batch of one, or a slice, has strides that fit both formats; without
    an explicit format, every convolution would convert every feature map.
    """
    device = picture.device.type
    if not torch.is_autocast_enabled(device):
        return picture
    return picture.to(torch.get_autocast_dtype(device), memory_format=torch.channels_last)


def full_precision(features: Tensor) -> Tensor:
    """Return 16-bit numbers as float32; float32 and float64 as they are."""
    return features.float() if features.element_size() < 4 else features


def padded(features: Tensor, border: int, mode: str) -> Tensor:
    """Pad (B, K, h, w) by `border` cells on all four sides, keeping the dtype. mode: as in torch's `pad`.

    Under autocast, torch would pad in float32 on the CPU, although padding only copies.
    """
    if mode == "replicate" and torch.compiler.is_compiling():
        # The compiler gives the gradient of torch's own replication another memory layout than it expects.
        for dim in (2, 3):
            first, last = features.narrow(dim, 0, 1), features.narrow(dim, -1, 1)
            features = torch.cat([*[first] * border, features, *[last] * border], dim)
        return features
    with torch.autocast(features.device.type, enabled=False):
        return pad(features, [border] * 4, mode=mode)


def suggested_layout(features: Tensor) -> torch.memory_format:
    """Return channels last if the features are unambiguously so, else contiguous."""
    channels_last = features.is_contiguous(memory_format=torch.channels_last) and not features.is_contiguous()
    return torch.channels_last if channels_last else torch.contiguous_format


def in_memory_order(values: Tensor) -> Tensor:
    """Return a view whose dimensions are in memory order; it is contiguous for channels-last features or kernels."""
    return values.permute(0, 2, 3, 1) if suggested_layout(values) == torch.channels_last else values
