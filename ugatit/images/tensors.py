"""RGB pictures to tensors in [-1, 1] and back."""

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ugatit.errors import PictureError


def to_tensor(picture: Image.Image) -> Tensor:
    """RGB picture -> (1, 3, H, W) float32 in [-1, 1]."""
    pixels = torch.from_numpy(np.array(picture, dtype=np.float32))
    return pixels.permute(2, 0, 1).unsqueeze(0).contiguous().div_(127.5).sub_(1)


def to_picture(image: Tensor) -> Image.Image:
    """(3, H, W) in [-1, 1] -> RGB picture; values beyond are clamped. Raises PictureError for NaN."""
    if image.isnan().any():
        raise PictureError("NaN cannot be drawn: the weights behind this picture are damaged; load others.")
    pixels = image.detach().float().clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)
    return Image.fromarray(pixels.permute(1, 2, 0).contiguous().cpu().numpy())
