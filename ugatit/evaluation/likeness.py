"""Likeness of translations to their true pictures, and what they keep of their inputs."""

from collections.abc import Collection

import torch
from torch import Tensor

from ugatit import metrics
from ugatit.errors import WeightsError
from ugatit.evaluation.pictures import Pairs
from ugatit.evaluation.pretrained import lpips
from ugatit.evaluation.scores import Sample


def preservation_samples(pictures: Tensor, images: Tensor, reconstructions: Tensor | None) -> dict[str, Sample]:
    """Measure what translations keep of the input: its shape on a white background, and the picture itself after the
    translation back (cycle error); None if there is no way back."""
    masks = metrics.foreground_mask(pictures)
    samples = {"shape_iou": Sample(metrics.mask_iou(masks, metrics.foreground_mask(images)))}
    if reconstructions is not None:
        samples["cycle_error_grey_levels"] = Sample(metrics.grey_levels(reconstructions, pictures))
    return samples


def paired_samples(
    device: torch.device, pictures: Tensor, images: Tensor, targets: Tensor, pairs: Pairs, measures: Collection[str]
) -> tuple[dict[str, Sample], dict[str, str]]:
    """Measure the similarity of translations to the true pictures, and that of the unchanged inputs for comparison.

    device: where the network of LPIPS runs. measures: which of PAIRED. Returns also why LPIPS could not be taken.
    """
    input_indices, target_indices = (list(indices) for indices in zip(*pairs, strict=True))
    pictures, images, truths = pictures[input_indices], images[input_indices], targets[target_indices]
    samples = {}
    if "psnr" in measures:
        samples["psnr_db"] = Sample(metrics.psnr(images, truths))
        samples["psnr_of_copying_db"] = Sample(metrics.psnr(pictures, truths))
    if "ssim" in measures:
        samples["ssim"] = Sample(metrics.ssim(images, truths))
        samples["ssim_of_copying"] = Sample(metrics.ssim(pictures, truths))
    if "lpips" in measures:
        try:
            samples["lpips"] = Sample(lpips(images, truths, device))
            samples["lpips_of_copying"] = Sample(lpips(pictures, truths, device))
        except WeightsError as error:
            return samples, {"lpips": str(error)}
    return samples, {}
