"""Attention told by part: how dense a map is on each part of a picture whose parts are known."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from ugatit.data.faces import part_masks
from ugatit.evaluation.face_pairs import face_sets
from ugatit.evaluation.pictures import face_pictures, face_seeds
from ugatit.images.placement import place_map
from ugatit.models.base import TranslationModel

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]


def part_densities(placed: Array, masks: Mapping[str, Mask]) -> dict[str, float]:
    """Return each part's mean attention over that of the whole picture, the densest part first.

    placed: (H, W), the raw map placed on the picture. masks: each part's pixels, (H, W). 1 means as much attention as
    anywhere, 2 twice as much. Parts without pixels are left out; a map whose mean is not positive has no densities.
    Raises ValueError for a mask of another size.
    """
    mean = float(placed.mean(dtype=np.float64))
    for part, mask in masks.items():
        if mask.shape != placed.shape:
            raise ValueError(f"The mask of {part} is {mask.shape}, but the map is {placed.shape}.")
    if not mean > 0:
        return {}
    densities = {part: float(placed[mask].mean(dtype=np.float64)) / mean for part, mask in masks.items() if mask.any()}
    return dict(sorted(densities.items(), key=lambda item: -item[1]))


@torch.inference_mode()
def measure_parts(model: TranslationModel, origin: str, to: str, count: int) -> dict[str, float]:
    """Return the mean `part_densities` of the generator's attention over held-out faces, the densest part first.

    Raises TranslationError for a model that was not trained on drawn faces. The model must have attention.
    """
    faces, grid = face_sets(model)[origin], model.attention_grids(to)["generator"]
    size, seeds = model.image_size, face_seeds(count)
    device = next(model.parameters()).device
    found: dict[str, list[float]] = {}
    for seed, picture in zip(seeds, face_pictures(faces, seeds, size).images, strict=True):
        attention = model.translate(picture[None].to(device), to).attention_map
        assert attention is not None
        placed = place_map(attention[0, 0].float().cpu().numpy(), grid, grid, (size, size))
        for part, density in part_densities(placed, part_masks(faces.style, seed, size, **faces.named)).items():
            found.setdefault(part, []).append(density)
    means = {part: float(np.mean(densities)) for part, densities in found.items()}
    return dict(sorted(means.items(), key=lambda item: -item[1]))
