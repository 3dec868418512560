"""Restoring the colour statistics that instance normalisation removes. Not part of the paper."""

import torch
from torch import Tensor

SATURATION = 0.97
"""Scale of the picture's mean before atanh: it keeps the shift finite, so tanh can still draw other values."""


def restore_colors(output: Tensor, picture: Tensor) -> Tensor:
    """Shift and scale the generator's output by the mean and standard deviation of the source's colours.

    The first instance normalisation of the encoder removes both, so the networks cannot learn them: without this
    function, a tint that covers the whole picture has to be guessed. Not in the paper.
    output: (B, 3, H, W), before tanh. picture: (B, 3, H, W) in [-1, 1]. Returns (B, 3, H, W), float32, before tanh.
    """
    deviation, mean = torch.std_mean(picture.float(), dim=(2, 3), keepdim=True)
    return 2 * deviation * output.float() + torch.atanh(SATURATION * mean)
