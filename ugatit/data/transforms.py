"""Training transforms: make a picture square, crop it at random and mirror it."""

import numpy as np
from PIL import Image
from torch import Tensor

from ugatit.errors import DataError
from ugatit.images.tensors import to_tensor

Box = tuple[float, float, float, float]


def square_box(size: tuple[int, int], fit: str) -> Box:
    """Return the square that is trained on: (left, top, right, bottom) in the picture's pixels.

    size: (width, height). fit: crop, the centred square; pad, the square around the picture, larger than it;
    stretch, the whole picture, which is resized to a square afterwards. Raises DataError for another fit.
    """
    width, height = size
    if fit == "stretch":
        return 0, 0, width, height
    if fit not in ("crop", "pad"):
        raise DataError(f"A picture cannot be fitted by {fit!r}: use crop, pad or stretch.")
    side = min(size) if fit == "crop" else max(size)
    left, top = (width - side) / 2, (height - side) / 2
    return left, top, left + side, top + side


def to_square(picture: Image.Image, side: int, fit: str = "crop") -> Image.Image:
    """Return a picture as a square of `side` pixels: cropped, stretched, or padded with its edge pixels."""
    box = square_box(picture.size, fit)
    if fit != "pad" or picture.width == picture.height:
        return picture.resize((side, side), Image.Resampling.BICUBIC, box=box)
    scale = side / max(picture.size)
    width, height = (max(1, round(edge * scale)) for edge in picture.size)
    resized = picture.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (side - width) // 2, (side - height) // 2
    margins = ((top, side - height - top), (left, side - width - left), (0, 0))
    return Image.fromarray(np.pad(np.asarray(resized), margins, mode="edge"))


def square_tensor(picture: Image.Image, size: int, fit: str = "crop") -> Tensor:
    """Return a picture as a square without augmentation: (3, size, size) in [-1, 1]."""
    return to_tensor(to_square(picture, size, fit))[0]


def enlarged_side(size: int, margin: float) -> int:
    """Return the side in pixels of the square from which crops of `size` are taken (published: 286 for 256)."""
    return round(size * (1 + margin))


def augment(enlarged: Image.Image, size: int, rng: np.random.Generator, flip: bool) -> Tensor:
    """Crop `size` pixels of an enlarged square at random; mirror it with probability 0.5 if `flip` (paper, appendix).

    enlarged: RGB, square, of side `enlarged_side`. Returns (3, size, size) in [-1, 1].
    """
    left, top = rng.integers(0, enlarged.width - size, size=2, endpoint=True).tolist()
    cropped = enlarged.crop((left, top, left + size, top + size))
    if flip and rng.uniform() < 0.5:
        cropped = cropped.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return to_tensor(cropped)[0]
