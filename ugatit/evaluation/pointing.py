"""Does a map look at the object? Pointing measures on scenes whose truth is known."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ugatit.data.scenes import KINDS, scene
from ugatit.data.sources import UNSEEN_SCENES, is_drawn, source_name
from ugatit.errors import ConfigError, TranslationError
from ugatit.explain.explainer import GENERATOR, Explainer
from ugatit.explain.results import Explanation
from ugatit.images.placement import place
from ugatit.images.tensors import to_tensor
from ugatit.models.base import TranslationModel

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
BATCH = 20


@dataclass(frozen=True)
class Pointing:
    """hits: share of scenes where the map's maximum lies on the object (Zhang et al. 2018, the pointing game).

    iou: mean intersection over union of the object with as many of the map's highest pixels as it has.
    """

    hits: float
    iou: float


def pointing_score(placed: Array, mask: Mask) -> tuple[bool, float]:
    """Whether the maximum lies in the mask, and the IoU of the mask with as many top pixels.

    placed: (H, W), the map on the picture. mask: (H, W). A flat map, which points nowhere, scores 0.
    """
    if not mask.any() or placed.max() == placed.min():
        return False, 0.0
    order = np.argsort(-placed, axis=None, kind="stable")
    common = int(mask.ravel()[order[: mask.sum()]].sum())
    return bool(mask.ravel()[order[0]]), common / (2 * int(mask.sum()) - common)


def maps_of(explainer: Explainer, pictures: Tensor) -> dict[str, dict[str, Array]]:
    """Every map there is of pictures and of their translations: by network, then by name, (N, h, w).

    `generator`, `local`, `global` are attention maps, the critics' of the translation; `... gap evidence` and
    `... gmp evidence` the signed class activation maps of either pooling. pictures: (N, 3, S, S) in [-1, 1].
    """
    translated = explainer.explain(explainer.encode(pictures))
    seen: dict[str, Explanation] = {GENERATOR: translated}
    for name in explainer.networks:
        if name != GENERATOR:
            seen[name] = explainer.judge(explainer.encode(translated.image, name))
    return {
        network: {
            name: maps[:, 0].float().cpu().numpy()
            for name, maps in (
                (network, explanation.attention_map),
                (f"{network} gap evidence", explanation.gap.evidence),
                (f"{network} gmp evidence", explanation.gmp.evidence),
            )
        }
        for network, explanation in seen.items()
    }


def measure_pointing(
    model: TranslationModel, kind: str, to: str, seeds: range, precision: str = "fp32"
) -> dict[str, Pointing]:
    """Pointing of every map of `maps_of`, by name, on scenes of one kind, drawn at the model's size from these seeds.

    precision: of the networks, fp32 or bf16. Raises TranslationError for a model without attention.
    """
    explainer = Explainer(model, to, precision)
    device = next(model.parameters()).device
    scores: dict[str, list[tuple[bool, float]]] = {}
    for start in range(0, len(seeds), BATCH):
        scenes = [scene(kind, seed, model.image_size) for seed in seeds[start : start + BATCH]]
        pictures = torch.cat([to_tensor(picture) for picture, _ in scenes]).to(device)
        for network, maps in maps_of(explainer, pictures).items():
            grid = explainer.grids[network]
            for name, values in maps.items():
                scores.setdefault(name, []).extend(
                    pointing_score(place(one, grid, grid, mask.shape), mask)
                    for one, (_, mask) in zip(values, scenes, strict=True)
                )
    return {
        name: Pointing(float(np.mean([hit for hit, _ in pairs])), float(np.mean([iou for _, iou in pairs])))
        for name, pairs in scores.items()
    }


def measure_pointing_both_ways(
    model: TranslationModel, seeds: range, precision: str = "fp32"
) -> dict[str, dict[str, Pointing]]:
    """Pointing of every map on unseen scenes, by direction (`disc to square`), then by map.

    precision: of the networks, fp32 or bf16. Raises ConfigError for seeds that training may have shown, and
    TranslationError for a model that was not trained on scenes or has no attention.
    """
    if not seeds or seeds[0] < 0 or seeds[-1] >= UNSEEN_SCENES:
        raise ConfigError(
            f"Unseen scenes are those from seed 0 to {UNSEEN_SCENES - 1:,}; {len(seeds)} from seed {seeds.start:,} on "
            "are not among them."
        )
    return {
        f"{origin} to {model.other(origin)}": measure_pointing(model, kind, model.other(origin), seeds, precision)
        for origin, kind in scene_kinds(model).items()
    }


def scene_kinds(model: TranslationModel) -> dict[str, str]:
    """The kind of scene each domain was trained on. Raises TranslationError for a model of other pictures."""
    data = model.manifest.data if model.manifest else {}
    sources = [str(data.get(name) or "") for name in ("domain_a", "domain_b")]
    kinds = [source_name(source) for source in sources if is_drawn(source)]
    if len(kinds) != 2 or not set(kinds) <= set(KINDS):
        raise TranslationError(
            f"These weights for {' and '.join(model.domains)} were not trained on drawn scenes (scenes:disc, "
            "scenes:square), where alone it is known what attention should find: use disc2square or such a run."
        )
    return dict(zip(model.domains, kinds, strict=True))
