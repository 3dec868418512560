"""How far two drawn pictures lie apart."""

import numpy as np
from PIL import Image

from viz.lesson.subject import Map


def change(before: Image.Image, after: Image.Image) -> Map:
    """(H, W): each pixel's mean absolute difference over its colours, in grey levels of 255. Equal sizes, RGB."""
    pixels = (np.asarray(picture, np.float32) for picture in (before, after))
    apart: Map = np.abs(np.subtract(*pixels)).mean(axis=2)
    return apart
