"""What is truly there on a drawn picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class GroundTruth:
    """The masks of the object that distinguishes the domains, (h, w) bool: on the input and on its true translation."""

    source: Mask
    translation: Mask
