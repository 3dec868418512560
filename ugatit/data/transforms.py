"""How a training picture is varied: one crop, one resize, one flip, drawn from its own random numbers."""

import numpy as np
from PIL import Image
from torch import Tensor

from ugatit.images import to_tensor


def square(picture: Image.Image) -> tuple[float, float, float, float]:
    """The centred square of a picture, as a box (left, top, right, bottom)."""
    width, height = picture.size
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return left, top, left + side, top + side


def fitted(picture: Image.Image, size: int) -> Tensor:
    """The centred square at `size`, unvaried: (3, size, size) in [-1, 1]."""
    return to_tensor(picture.resize((size, size), Image.Resampling.BICUBIC, box=square(picture)))[0]


def augmented(picture: Image.Image, size: int, draw: np.random.Generator, flip: bool, margin: float) -> Tensor:
    """Resize to size * (1 + margin), crop `size` at random, mirror every other picture (paper, appendix).

    picture: RGB, any size. Returns (3, size, size) in [-1, 1].
    """
    left, top, right, _ = square(picture)
    # Cropping the source and resizing once is the same picture as resizing first, with fewer pixels computed.
    side = (right - left) / (1 + margin)
    shift_x, shift_y = draw.uniform(0, right - left - side, size=2)
    box = (left + shift_x, top + shift_y, left + shift_x + side, top + shift_y + side)
    cropped = picture.resize((size, size), Image.Resampling.BICUBIC, box=box)
    if flip and draw.uniform() < 0.5:
        cropped = cropped.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return to_tensor(cropped)[0]
