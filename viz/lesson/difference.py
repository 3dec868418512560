"""The difference between two pictures in grey levels."""

import numpy as np
from PIL import Image

from viz.lesson.subject import Map


def pixel_difference(before: Image.Image, after: Image.Image) -> Map:
    """Return each pixel's mean absolute difference over its colours, (H, W), in grey levels of 255.

    Both pictures are RGB and of equal size.
    """
    pixels = (np.asarray(picture, np.float32) for picture in (before, after))
    difference: Map = np.abs(np.subtract(*pixels)).mean(axis=2)
    return difference
