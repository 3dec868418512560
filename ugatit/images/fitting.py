"""Pictures in, tensors out, and back: the only place that normalises, resizes, pads and cuts back."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from ugatit.networks.geometry import CanvasRule

RESAMPLE = Image.Resampling.BICUBIC


@dataclass(frozen=True)
class Fit:
    """A picture laid on a canvas of a size the networks take.

    canvas: RGB, the resized picture with its edge pixels repeated outwards.
    box: (left, top, right, bottom) in pixels, where on the canvas the picture lies.
    """

    canvas: Image.Image
    box: tuple[int, int, int, int]

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the resized picture."""
        left, top, right, bottom = self.box
        return right - left, bottom - top

    def cut(self, canvas: Image.Image) -> Image.Image:
        """The part of a picture of the canvas's size that is not padding."""
        return canvas.crop(self.box)


def fit(picture: Image.Image, image_size: int, rule: CanvasRule, longest: int = 3) -> Fit:
    """Resize an RGB picture for the networks, keeping its aspect, and pad it, centred, to what they take.

    Its shorter side becomes `image_size`, unless its longer side would then pass `longest` times that: such a
    picture is scaled by its longer side, and its shorter one padded up to `image_size`. Where the rule is one
    square, the longer side becomes that square's.
    """
    if rule.square is not None:
        scale = rule.square / max(picture.size)
    else:
        scale = min(image_size / min(picture.size), longest * image_size / max(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    resized = resize(picture, (width, height))
    if rule.square is not None:
        canvas_width = canvas_height = rule.square
    else:
        least = max(image_size, rule.least)
        canvas_width, canvas_height = (
            -(-max(side, least) // rule.multiple) * rule.multiple for side in (width, height)
        )
    left, top = (canvas_width - width) // 2, (canvas_height - height) // 2
    box = (left, top, left + width, top + height)
    if (canvas_width, canvas_height) == (width, height):
        return Fit(resized, box)
    margins = ((top, canvas_height - box[3]), (left, canvas_width - box[2]), (0, 0))
    return Fit(Image.fromarray(np.pad(np.asarray(resized), margins, mode="edge")), box)


def resize(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture at (width, height), antialiased; very large ones are first averaged to thrice that size."""
    return picture if picture.size == size else picture.resize(size, RESAMPLE, reducing_gap=3.0)
