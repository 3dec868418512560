"""Read the attributes off a picture of a face."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageColor

from ugatit.data.face_styles import HAIR, SKIN


@dataclass(frozen=True)
class FaceReading:
    """What a reader saw. hair, skin: names of `HAIR` and `SKIN`. smile, glasses: None where it cannot tell."""

    hair: str
    skin: str
    smile: bool | None
    glasses: bool | None


def read_face(picture: Image.Image, style: str) -> FaceReading:
    """Return the colours of hair and skin: the commonest of each palette, by the nearest colour of each pixel."""
    pixels = np.asarray(picture.convert("RGB")).astype(np.float64)
    palette = [*HAIR.values(), *SKIN.values(), "#ffffff"]
    colors = np.array([ImageColor.getrgb(color)[:3] for color in palette], dtype=np.float64)
    nearest = ((pixels[:, :, None] - colors) ** 2).sum(axis=3).argmin(axis=2)
    height = len(nearest)
    hair = np.bincount(nearest[: height // 3].ravel(), minlength=len(palette))[: len(HAIR)]
    skin = np.bincount(nearest[height // 3 : 3 * height // 4].ravel(), minlength=len(palette))[len(HAIR) : -1]
    return FaceReading(list(HAIR)[hair.argmax()], list(SKIN)[skin.argmax()], None, None)
