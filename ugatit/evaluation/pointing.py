"""Pointing measures: whether a map highlights the object, on drawn scenes where its mask is known."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ugatit.data.scenes import KINDS, scene
from ugatit.data.source_string import is_scene, source_name
from ugatit.data.sources import UNSEEN_SCENES
from ugatit.errors import ConfigError, TranslationError
from ugatit.explain.explainer import GENERATOR, Explainer
from ugatit.explain.results import Explanation
from ugatit.images.placement import place_map
from ugatit.images.tensors import to_tensor
from ugatit.models.base import TranslationModel

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
BATCH_SIZE = 20


@dataclass(frozen=True)
class Pointing:
    """Pointing measures of one map, over a set of scenes.

    hits: the share of scenes where the map's maximum lies on the object (the pointing game, Zhang et al. 2018).
    iou: the mean intersection over union of the object and the map's highest pixels, as many as the object has.
    """

    hits: float
    iou: float


def pointing_score(placed: Array, mask: Mask) -> tuple[bool, float]:
    """Return whether a map's maximum lies in a mask, and the IoU of the mask and as many of the map's highest pixels.

    placed: (H, W), the map placed on the picture. mask: (H, W). A constant map points nowhere and scores (False, 0).
    """
    if not mask.any() or placed.max() == placed.min():
        return False, 0.0
    order = np.argsort(-placed, axis=None, kind="stable")
    common = int(mask.ravel()[order[: mask.sum()]].sum())
    return bool(mask.ravel()[order[0]]), common / (2 * int(mask.sum()) - common)


def attention_and_evidence(explainer: Explainer, pictures: Tensor) -> dict[str, dict[str, Array]]:
    """Compute all maps of pictures and of their translations, (N, h, w), by network and then by name.

    The networks' names stand for attention maps, the critics' of the translation; `... gap evidence` and
    `... gmp evidence` are the signed class activation maps of each pooling. pictures: (N, 3, S, S) in [-1, 1].
    """
    translated = explainer.explain(explainer.encode(pictures))
    explanations: dict[str, Explanation] = {GENERATOR: translated}
    for name in explainer.networks:
        if name != GENERATOR:
            explanations[name] = explainer.judge(explainer.encode(translated.image, name))
    return {
        network: {
            name: maps[:, 0].float().cpu().numpy()
            for name, maps in (
                (network, explanation.attention_map),
                (f"{network} gap evidence", explanation.gap.evidence),
                (f"{network} gmp evidence", explanation.gmp.evidence),
            )
        }
        for network, explanation in explanations.items()
    }


def measure_pointing(
    model: TranslationModel, kind: str, to: str, seeds: range, precision: str = "fp32"
) -> dict[str, Pointing]:
    """Measure pointing on drawn scenes of one kind, for every map of `attention_and_evidence`, by name.

    seeds: of the scenes, which are drawn at the model's size. precision: of the networks, fp32 or bf16.
    Raises TranslationError for a model without attention.
    """
    explainer = Explainer(model, to, precision)
    device = next(model.parameters()).device
    scores: dict[str, list[tuple[bool, float]]] = {}
    for start in range(0, len(seeds), BATCH_SIZE):
        scenes = [scene(kind, seed, model.image_size) for seed in seeds[start : start + BATCH_SIZE]]
        pictures = torch.cat([to_tensor(picture) for picture, _ in scenes]).to(device)
        for network, maps in attention_and_evidence(explainer, pictures).items():
            grid = explainer.grids[network]
            for name, values in maps.items():
                scores.setdefault(name, []).extend(
                    pointing_score(place_map(attention, grid, grid, mask.shape), mask)
                    for attention, (_, mask) in zip(values, scenes, strict=True)
                )
    return {
        name: Pointing(float(np.mean([hit for hit, _ in pairs])), float(np.mean([iou for _, iou in pairs])))
        for name, pairs in scores.items()
    }


def measure_pointing_both_directions(
    model: TranslationModel, seeds: range, precision: str = "fp32"
) -> dict[str, dict[str, Pointing]]:
    """Measure pointing on unseen scenes, by direction (`disc to square`) and then by map.

    precision: of the networks, fp32 or bf16. Raises ConfigError for seeds that training may have used, and
    TranslationError for a model that was not trained on scenes or has no attention.
    """
    if not seeds or seeds[0] < 0 or seeds[-1] >= UNSEEN_SCENES:
        raise ConfigError(
            f"Unseen scenes are those from seed 0 to {UNSEEN_SCENES - 1:,}; {len(seeds)} from seed {seeds.start:,} on "
            "are not among them."
        )
    kinds = scene_kinds(model)
    return {
        f"{origin} to {to}": measure_pointing(model, kinds[origin], to, seeds, precision)
        for origin, to in model.sample_targets.items()
    }


def scene_kinds(model: TranslationModel) -> dict[str, str]:
    """Return the kind of scene each domain was trained on. Raises TranslationError for a model of other pictures."""
    sources = model.manifest.sources if model.manifest else ()
    kinds = [source_name(source) for source in sources if is_scene(source)]
    if len(kinds) != len(model.domains) or not set(kinds) <= set(KINDS):
        raise TranslationError(
            f"These weights for {' and '.join(model.domains)} were not trained on drawn scenes (scenes:disc, "
            "scenes:square), where alone it is known what attention should find: use disc2square or such a run."
        )
    return dict(zip(model.domains, kinds, strict=True))
