"""Measures over pictures."""

import torch
from torch import Tensor


def psnr(pictures: Tensor, truths: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of each picture to its truth, in dB; infinite where they are equal.

    Both (B, 3, H, W) in [-1, 1]. Returns (B,).
    """
    error = (pictures - truths).square().mean(dim=(1, 2, 3))
    return 10 * torch.log10(4 / error)


def grey_levels(pictures: Tensor, others: Tensor) -> Tensor:
    """Mean absolute difference of each pair in grey levels of 255. Both (B, 3, H, W) in [-1, 1]. Returns (B,)."""
    return (pictures - others).abs().mean(dim=(1, 2, 3)) * 127.5
