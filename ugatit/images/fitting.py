"""Fitting pictures to the networks: resizing and padding to an accepted size, and cropping the padding off again."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from ugatit.networks.geometry import CanvasRule

RESAMPLE = Image.Resampling.BICUBIC


@dataclass(frozen=True)
class FittedPicture:
    """A picture resized and padded to a size the networks accept.

    canvas: RGB, the resized picture with its edge pixels repeated outwards.
    box: (left, top, right, bottom) in pixels, the part of the canvas that holds the picture.
    """

    canvas: Image.Image
    box: tuple[int, int, int, int]

    @property
    def size(self) -> tuple[int, int]:
        """Size of the resized picture, (width, height) in pixels."""
        left, top, right, bottom = self.box
        return right - left, bottom - top

    def crop(self, canvas: Image.Image) -> Image.Image:
        """Crop the padding off a picture of the canvas's size."""
        return canvas.crop(self.box)


def fit(picture: Image.Image, image_size: int, rule: CanvasRule, max_aspect: int = 3) -> FittedPicture:
    """Resize an RGB picture, keeping its aspect ratio, and pad it on all sides to a size the networks accept.

    The shorter side becomes `image_size` pixels. If the longer side would then exceed `max_aspect` times that, the
    longer side is scaled to this limit and the shorter one padded up to `image_size`. If the rule is a fixed square,
    the longer side becomes the side of the square. The picture is centred on the canvas.
    """
    if rule.square is not None:
        scale = rule.square / max(picture.size)
    else:
        scale = min(image_size / min(picture.size), max_aspect * image_size / max(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    resized = resize(picture, (width, height))
    if rule.square is not None:
        canvas_width = canvas_height = rule.square
    else:
        min_side = max(image_size, rule.min_side)
        canvas_width, canvas_height = (
            -(-max(side, min_side) // rule.multiple) * rule.multiple for side in (width, height)
        )
    left, top = (canvas_width - width) // 2, (canvas_height - height) // 2
    box = (left, top, left + width, top + height)
    if (canvas_width, canvas_height) == (width, height):
        return FittedPicture(resized, box)
    margins = ((top, canvas_height - box[3]), (left, canvas_width - box[2]), (0, 0))
    return FittedPicture(Image.fromarray(np.pad(np.asarray(resized), margins, mode="edge")), box)


def resize(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Resize to (width, height) with antialiasing; very large pictures are first averaged down to 3 times that size.

    Returns the picture itself if it already has that size.
    """
    return picture if picture.size == size else picture.resize(size, RESAMPLE, reducing_gap=3.0)
