"""Metrics for batches of pictures, masks and attention maps; each returns one number per picture."""

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

NEARLY_WHITE = 0.8
"""A pixel whose darkest channel is above this value, on the scale [-1, 1], is white background (230 of 255)."""
SSIM_BATCH = 16


def psnr(pictures: Tensor, targets: Tensor) -> Tensor:
    """Return the peak signal-to-noise ratio of each picture against its target, in dB; infinite if they are equal.

    Both (B, 3, H, W) in [-1, 1]. Returns (B,).
    """
    error = (pictures - targets).square().mean(dim=(1, 2, 3))
    return 10 * torch.log10(4 / error)


def ssim(pictures: Tensor, targets: Tensor) -> Tensor:
    """Return the structural similarity of each picture to its target, at most 1.

    Wang et al. 2004, with a Gaussian window of 11 px. Both (B, 3, H, W) in [-1, 1], sides of 11 px or more.
    Returns (B,).
    """
    from torchmetrics.functional.image import structural_similarity_index_measure

    similarities = []
    # In parts: five filtered copies of all pictures at once would take gigabytes.
    for part, target_part in zip(pictures.split(SSIM_BATCH), targets.split(SSIM_BATCH), strict=True):
        # SSIM's luminance term assumes non-negative values.
        similarity = structural_similarity_index_measure(
            (part + 1) / 2, (target_part + 1) / 2, data_range=1.0, reduction="none"
        )
        assert isinstance(similarity, Tensor)
        similarities.append(similarity.reshape(-1))
    return torch.cat(similarities)


def grey_levels(pictures: Tensor, others: Tensor) -> Tensor:
    """Return the mean absolute difference of each pair of pictures in grey levels, 0 to 255.

    Both (B, 3, H, W) in [-1, 1]. Returns (B,).
    """
    return (pictures - others).abs().mean(dim=(1, 2, 3)) * 127.5


def foreground_mask(pictures: Tensor) -> Tensor:
    """Return where an object stands on a white background: (B, 3, H, W) in [-1, 1] to a bool mask (B, H, W)."""
    return pictures.amin(dim=1) <= NEARLY_WHITE


def mask_iou(masks: Tensor, others: Tensor) -> Tensor:
    """Return the intersection over union of each pair of masks, in [0, 1]; 1 if both are empty.

    Both (B, H, W), bool. Returns (B,).
    """
    union = (masks | others).sum(dim=(1, 2))
    intersection = (masks & others).sum(dim=(1, 2))
    return torch.where(union > 0, intersection / union.clamp(min=1), torch.ones_like(union, dtype=torch.float32))


def density_ratio(maps: Tensor, masks: Tensor) -> Tensor:
    """Return how much denser a map is on an object than on the whole picture.

    This is the share of the map that falls on the object, divided by the share of the picture the object covers.
    maps: (B, h, w), non-negative, at their native size. masks: (B, H, W), bool.
    Returns (B,): 1 for a flat map, at most 1 / area; NaN if the map is all zero or the mask is empty.
    """
    coverage = adaptive_avg_pool2d(masks.float()[:, None], (maps.shape[1], maps.shape[2]))[:, 0]
    map_share = (maps * coverage).sum(dim=(1, 2)) / maps.sum(dim=(1, 2))
    return map_share / coverage.mean(dim=(1, 2))


def rank_correlation(maps: Tensor, others: Tensor) -> Tensor:
    """Return Spearman's rank correlation of each pair of maps, in [-1, 1]; NaN if either map is flat.

    Both (B, h, w). Returns (B,).
    """
    from torchmetrics.functional.regression import spearman_corrcoef

    columns = [values.flatten(1).double().T for values in (maps, others)]  # (h * w, B)
    is_flat = torch.stack([values.eq(values[:1]).all(dim=0) for values in columns]).any(dim=0)
    correlations = [spearman_corrcoef(one, other) for one, other in zip(columns[0].T, columns[1].T, strict=True)]
    return torch.where(is_flat, torch.nan, torch.stack(correlations))
