"""What is truly there on a drawn picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class GroundTruth:
    """The masks of the object that distinguishes the domains, (h, w) bool: on the input and on its true translation."""

    source: Mask
    translation: Mask


def changed_pixels(before: Image.Image, after: Image.Image) -> Mask:
    """Return where two RGB pictures of equal size differ in any colour: (H, W)."""
    mask: Mask = (np.asarray(before) != np.asarray(after)).any(axis=2)
    return mask
