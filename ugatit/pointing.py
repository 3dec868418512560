"""Does a map look at the object? Pointing measures on scenes whose truth is known."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ugatit.data.scenes import scene
from ugatit.images import to_tensor
from ugatit.models.ugatit import UGATIT
from ugatit.networks.attention import NoAttention
from ugatit.networks.geometry import Grid
from ugatit.placement import place

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Pointing:
    """hits: share of scenes where the map's maximum lies on the object (Zhang et al. 2018, the pointing game).

    iou: mean intersection over union of the object with as many of the map's highest pixels as it has.
    """

    hits: float
    iou: float


def points_at(placed: Array, mask: Mask) -> tuple[bool, float]:
    """Whether the maximum lies in the mask, and the IoU of the mask with as many top pixels.

    placed: (H, W), the map on the picture. mask: (H, W). A flat map, which points nowhere, scores 0.
    """
    if not mask.any() or placed.max() == placed.min():
        return False, 0.0
    order = np.argsort(-placed, axis=None, kind="stable")
    common = int(mask.ravel()[order[: mask.sum()]].sum())
    return bool(mask.ravel()[order[0]]), common / (2 * int(mask.sum()) - common)


def maps_of(model: UGATIT, pictures: Tensor, to: str) -> dict[str, tuple[Array, Grid]]:
    """Every map there is of pictures translated to a domain: (N, h, w) and the grid its cells lie on.

    `generator`, `local`, `global` are attention maps; `... gap evidence` and `... gmp evidence` the signed class
    activation maps of either pooling; empty without attention. pictures: (N, 3, S, S) in [-1, 1].
    """
    generator, critics = model.generator(to), model.critics(to)
    translation = generator(pictures).image
    seen = {"generator": (generator.attention, generator.encoder(pictures))}
    seen |= {name: (critic.attention, critic.features(translation)) for name, critic in critics.items()}
    grids = model.attention_grids(to)
    maps: dict[str, tuple[Array, Grid]] = {}
    for name, (attention, features) in seen.items():
        if isinstance(attention, NoAttention):
            continue
        of_network = {name: attention(features).attention_map} | {
            f"{name} {pooling} evidence": attention.evidence(features, pooling) for pooling in ("gap", "gmp")
        }
        maps |= {n: (m[:, 0].float().cpu().numpy(), grids[name]) for n, m in of_network.items()}
    return maps


@torch.inference_mode()
def pointing(model: UGATIT, kind: str, to: str, seeds: range, batch_size: int = 20) -> Mapping[str, Pointing]:
    """Pointing of every map of `maps_of` on scenes of one kind, drawn at the model's size from these seeds."""
    device = next(model.parameters()).device
    scores: dict[str, list[tuple[bool, float]]] = {}
    for start in range(0, len(seeds), batch_size):
        scenes = [scene(kind, seed, model.image_size) for seed in seeds[start : start + batch_size]]
        pictures = torch.cat([to_tensor(picture) for picture, _ in scenes]).to(device)
        for name, (values, grid) in maps_of(model, pictures, to).items():
            for one, (_, mask) in zip(values, scenes, strict=True):
                placed = place(one, grid, grid, mask.shape)
                scores.setdefault(name, []).append(points_at(placed, mask))
    return {
        name: Pointing(float(np.mean([hit for hit, _ in pairs])), float(np.mean([iou for _, iou in pairs])))
        for name, pairs in scores.items()
    }
