"""Measure a model's translations of pictures to one domain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ugatit import metrics
from ugatit.data.face_set import FaceSet
from ugatit.errors import TranslationError
from ugatit.evaluation.domain_classifier import DomainClassifier, train_classifier
from ugatit.evaluation.face_pairs import measure_faces
from ugatit.evaluation.pictures import Pairs, Pictures, read_pictures
from ugatit.images.placement import place_map
from ugatit.models.base import TranslationModel
from ugatit.networks.outputs import GeneratorOutput

BATCH_SIZE = 16
JUDGED = 400
"""How many drawn pictures a domain a judge is trained on."""


@dataclass(frozen=True)
class RoundTrip:
    """A model's translations of pictures, and the translations back to their own domain.

    images, reconstructions: (N, 3, S, S) in [-1, 1]; reconstructions is None if there is no way back. maps: the
    generator's attention maps, (N, h, w); None if the model has no attention.
    """

    images: Tensor
    reconstructions: Tensor | None
    maps: Tensor | None


@torch.inference_mode()
def translate_batches(model: TranslationModel, pictures: Tensor, to: str) -> Iterator[GeneratorOutput]:
    """Translate pictures, (N, 3, S, S) in [-1, 1], to a domain, batch by batch."""
    device = next(model.parameters()).device
    for batch in pictures.split(BATCH_SIZE):
        yield model.translate(batch.to(device), to)


def measure_translations(
    model: TranslationModel,
    inputs: Pictures,
    targets: Pictures,
    to: str,
    pairs: Pairs | None = None,
    judge: DomainClassifier | None = None,
    origin: str | None = None,
    faces: tuple[FaceSet, FaceSet] | None = None,
) -> dict[str, Any]:
    """Compute all measures of a model's translations of held-out pictures to a domain.

    targets: true pictures of that domain. pairs: the result of `match_by_name`, if inputs and targets of the same name
    show the same subject. judge: a classifier of the source and the target domain, in the order of the model's domains.
    origin: the inputs' domain, by default the model's only other one. Without it there is no translation back to
    measure. Raises TranslationError for a source domain that the model does not have, and for a judge without one or
    with the target for it.
    faces: the drawn faces that inputs and targets are, by seed, if they are.
    """
    origin = model.origin_of(to, origin)
    result = translate_round_trip(model, inputs.images, to, origin)
    measures: dict[str, Any] = {"pictures": len(inputs.names), "targets": len(targets.names)}
    if judge:
        if origin is None or origin == to:
            raise TranslationError("A judge needs the domain of the inputs as origin; it is not the target.")
        order = sorted((origin, to), key=model.domains.index)
        measures["recognised"] = recognition_ratio(judge, order, to, inputs.images, result.images, targets.images)
    if pairs:
        measures["paired"] = paired_measures(inputs.images, result.images, targets.images, pairs)
    measures["faithful"] = preservation_measures(inputs.images, result)
    if faces and inputs.names == targets.names:
        seeds = list(map(int, inputs.names))
        measures |= measure_faces(inputs.images, result.images, targets.images, *faces, seeds)
    if result.maps is not None and not faces:
        measures["attention"] = attention_measures(model, inputs.images, to, result.maps)
    return measures


@torch.inference_mode()
def translate_round_trip(model: TranslationModel, pictures: Tensor, to: str, origin: str | None) -> RoundTrip:
    """Translate pictures, (N, 3, S, S) in [-1, 1], to a domain and, if it is known, back to their own."""
    images, reconstructions, maps = [], [], []
    for output in translate_batches(model, pictures, to):
        if origin in model.targets:
            reconstructions.append(model.translate(output.image, origin).image.float().cpu())
        images.append(output.image.float().cpu())
        if output.attention_map is not None:
            maps.append(output.attention_map[:, 0].float().cpu())
    return RoundTrip(
        torch.cat(images),
        torch.cat(reconstructions) if reconstructions else None,
        torch.cat(maps) if maps else None,
    )


def preservation_measures(pictures: Tensor, result: RoundTrip) -> dict[str, float]:
    """Measure what translations keep of the input: its shape on a white background, and the picture itself after the
    translation back (cycle error)."""
    masks = metrics.foreground_mask(pictures)
    measures = {"shape_iou": float(metrics.mask_iou(masks, metrics.foreground_mask(result.images)).mean())}
    if result.reconstructions is not None:
        measures["cycle_error_grey_levels"] = float(metrics.grey_levels(result.reconstructions, pictures).mean())
    return measures


def paired_measures(pictures: Tensor, images: Tensor, targets: Tensor, pairs: Pairs) -> dict[str, float]:
    """Measure the similarity of translations to the true pictures, and that of the unchanged inputs for comparison."""
    input_indices, target_indices = (list(indices) for indices in zip(*pairs, strict=True))
    pictures, images, truths = pictures[input_indices], images[input_indices], targets[target_indices]
    return {
        "pairs": len(truths),
        "psnr_db": float(metrics.psnr(images, truths).mean()),
        "psnr_of_copying_db": float(metrics.psnr(pictures, truths).mean()),
        "ssim": float(metrics.ssim(images, truths).mean()),
        "ssim_of_copying": float(metrics.ssim(pictures, truths).mean()),
    }


def attention_measures(model: TranslationModel, pictures: Tensor, to: str, maps: Tensor) -> dict[str, float]:
    """Measure the generator's attention on pictures of objects on a white background. maps: (N, h, w).

    on_object: the object's share of attention divided by its share of the area. mirror_rank_correlation: between a
    picture's map and the map of its mirror image, mirrored back, cell by cell. mirror_rank_correlation_placed: the
    same after both maps are placed on the picture. Layers with stride 2 keep every second position, so the centre of
    a cell's mirror image may be up to a cell away: placed maps are compared by position, cells by index.
    """
    mirrored = torch.cat(
        [
            attention_map[:, 0].float().cpu()
            for output in translate_batches(model, pictures.flip(3), to)
            if (attention_map := output.attention_map) is not None
        ]
    )
    grid, size = model.attention_grids(to)["generator"], (pictures.shape[2], pictures.shape[3])
    placed, placed_mirrored = (
        torch.stack([torch.from_numpy(place_map(values.numpy(), grid, grid, size)) for values in stack])
        for stack in (maps, mirrored)
    )
    return {
        "on_object": float(metrics.density_ratio(maps, metrics.foreground_mask(pictures)).nanmean()),
        "mirror_rank_correlation": float(metrics.rank_correlation(maps, mirrored.flip(2)).nanmean()),
        "mirror_rank_correlation_placed": float(metrics.rank_correlation(placed, placed_mirrored.flip(2)).nanmean()),
    }


def recognition_ratio(
    judge: DomainClassifier,
    domains: Sequence[str],
    to: str,
    pictures: Tensor,
    images: Tensor,
    targets: Tensor,
) -> dict[str, Any]:
    """Measure how often a judge takes translations for the target, relative to true target pictures.

    domains: the two that the judge tells apart, in its order. images: the translations. pictures, targets: real
    pictures of the source and target domain that the judge was not trained on; its accuracy is measured on them.
    """
    target = domains.index(to)
    origin = domains[1 - target]
    share = judge.share(images, target)
    accuracy = {origin: judge.share(pictures, 1 - target), to: judge.share(targets, target)}
    return {
        "share": share,
        "share_of_true": accuracy[to],
        "ratio": share / accuracy[to] if accuracy[to] else None,
        "judge_accuracy": sum(accuracy.values()) / 2,
        "judge_accuracy_by_domain": accuracy,
        "judge_trained_on": judge.trained_on,
    }


def train_judge(sources: Sequence[str], size: int, seed: int) -> DomainClassifier:
    """Train a judge on two sources of real training pictures, the first domain's and the second's.

    sources: as for `read_pictures`; drawn ones give pictures of training seeds.
    """
    first, second = (read_pictures(source, size, JUDGED, training=number).images
                     for number, source in enumerate(sources))  # fmt: skip
    return train_classifier(first, second, seed)
