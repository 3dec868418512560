"""Conversion between RGB pictures and tensors in [-1, 1]."""

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ugatit.errors import PictureError


def to_tensor(picture: Image.Image) -> Tensor:
    """Convert an RGB picture to a tensor: (1, 3, H, W), float32 in [-1, 1]."""
    pixels = torch.from_numpy(np.array(picture, dtype=np.float32))
    return pixels.permute(2, 0, 1).unsqueeze(0).contiguous().div_(127.5).sub_(1)


def to_picture(image: Tensor) -> Image.Image:
    """Convert a tensor, (3, H, W) in [-1, 1], to an RGB picture; values out of range are clamped.

    Raises PictureError if the tensor contains NaN.
    """
    if image.isnan().any():
        raise PictureError("NaN cannot be drawn: the weights behind this picture are damaged; load others.")
    pixels = image.detach().float().clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)
    return Image.fromarray(pixels.permute(1, 2, 0).contiguous().cpu().numpy())
