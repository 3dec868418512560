"""What instance normalisation takes from a picture, and how the drawn one gets it back."""

import torch
from torch import Tensor

SATURATION = 0.97
"""How far towards white or black a picture's mean counts: beyond, tanh could not draw anything but that."""


def recolored(drawn: Tensor, picture: Tensor) -> Tensor:
    """Draw relative to the source's own mean and spread of each colour.

    The encoder's first instance normalisation leaves no trace of either, so the networks cannot learn them: without
    this, a tint that covers a whole picture is guessed. Not in the paper.
    drawn: (B, 3, H, W), before tanh. picture: (B, 3, H, W) in [-1, 1]. Returns (B, 3, H, W), before tanh.
    """
    spread, mean = torch.std_mean(picture.float(), dim=(2, 3), keepdim=True)
    return 2 * spread * drawn.float() + torch.atanh(SATURATION * mean)
