"""Measures over pictures and maps, one number a picture."""

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

NEARLY_WHITE = 0.8
"""A pixel whose darkest colour lies above this, of [-1, 1], counts as white ground (230 of 255)."""


def psnr(pictures: Tensor, truths: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of each picture to its truth, in dB; infinite where they are equal.

    Both (B, 3, H, W) in [-1, 1]. Returns (B,).
    """
    error = (pictures - truths).square().mean(dim=(1, 2, 3))
    return 10 * torch.log10(4 / error)


def ssim(pictures: Tensor, truths: Tensor) -> Tensor:
    """Structural similarity of each picture to its truth (Wang et al. 2004, Gaussian window of 11 px), at most 1.

    Both (B, 3, H, W) in [-1, 1], sides of 11 px or more. Returns (B,).
    """
    from torchmetrics.functional.image import structural_similarity_index_measure

    # Its term for brightness supposes values from 0 up.
    similarity = structural_similarity_index_measure(
        (pictures + 1) / 2, (truths + 1) / 2, data_range=1.0, reduction="none"
    )
    assert isinstance(similarity, Tensor)
    return similarity


def grey_levels(pictures: Tensor, others: Tensor) -> Tensor:
    """Mean absolute difference of each pair in grey levels of 255. Both (B, 3, H, W) in [-1, 1]. Returns (B,)."""
    return (pictures - others).abs().mean(dim=(1, 2, 3)) * 127.5


def not_white(pictures: Tensor) -> Tensor:
    """Where an object stands on white ground. (B, 3, H, W) in [-1, 1] to (B, H, W), bool."""
    return pictures.amin(dim=1) <= NEARLY_WHITE


def overlap(masks: Tensor, others: Tensor) -> Tensor:
    """Intersection over union of each pair of masks, 1 where both are empty. Both (B, H, W), bool. Returns (B,)."""
    union = (masks | others).sum(dim=(1, 2))
    common = (masks & others).sum(dim=(1, 2))
    return torch.where(union > 0, common / union.clamp(min=1), torch.ones_like(common, dtype=torch.float32))


def share_on(maps: Tensor, masks: Tensor) -> Tensor:
    """How much denser a map is on an object than on the whole picture: its share there over the object's area.

    maps: (B, h, w), not negative, at their native size. masks: (B, H, W), bool. Returns (B,): 1 for a flat map, at
    most 1 / area; NaN where the map is all zero or the object empty.
    """
    area = adaptive_avg_pool2d(masks.float()[:, None], (maps.shape[1], maps.shape[2]))[:, 0]
    on_object = (maps * area).sum(dim=(1, 2)) / maps.sum(dim=(1, 2))
    return on_object / area.mean(dim=(1, 2))


def rank_correlation(maps: Tensor, others: Tensor) -> Tensor:
    """Spearman's rank correlation of each pair of maps. Both (B, h, w). Returns (B,), NaN for a flat map."""
    from torchmetrics.functional.regression import spearman_corrcoef

    columns = [values.flatten(1).double().T for values in (maps, others)]  # (h * w, B)
    flat = torch.stack([values.eq(values[:1]).all(dim=0) for values in columns]).any(dim=0)
    correlations = [spearman_corrcoef(one, other) for one, other in zip(columns[0].T, columns[1].T, strict=True)]
    return torch.where(flat, torch.nan, torch.stack(correlations))
