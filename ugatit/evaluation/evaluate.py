"""Measure a model's translations of pictures to one domain."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ugatit import metrics
from ugatit.data.face_set import FaceSet
from ugatit.errors import TranslationError
from ugatit.evaluation.choice import PAIRED, WITHOUT_DOWNLOAD
from ugatit.evaluation.distributions import distribution_scores
from ugatit.evaluation.domain_classifier import DomainClassifier, train_classifier
from ugatit.evaluation.face_pairs import attribute_measures, edit_samples, is_edit
from ugatit.evaluation.face_reading import face_reader
from ugatit.evaluation.features import FeatureNetwork
from ugatit.evaluation.likeness import paired_samples, preservation_samples
from ugatit.evaluation.pictures import Pairs, Pictures, read_pictures
from ugatit.evaluation.scores import Sample, Score, means
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


def model_device(model: TranslationModel) -> torch.device:
    return next(model.parameters()).device


@torch.inference_mode()
def translate_batches(model: TranslationModel, pictures: Tensor, to: str) -> Iterator[GeneratorOutput]:
    """Translate pictures, (N, 3, S, S) in [-1, 1], to a domain, batch by batch."""
    for batch in pictures.split(BATCH_SIZE):
        yield model.translate(batch.to(model_device(model)), to)


@dataclass(frozen=True)
class Evaluation:
    """What was measured of a model's translations.

    translations: (N, 3, S, S) in [-1, 1]. measures: plain numbers by group. scores: the same measures with their
    uncertainty, by names of one level. not_measured: why a measure that was asked for could not be taken.
    """

    translations: Tensor
    measures: dict[str, Any]
    scores: dict[str, Score]
    not_measured: dict[str, str]


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
    """Return the plain numbers of `evaluate_translations`, of all measures that need no download."""
    return evaluate_translations(model, inputs, targets, to, pairs, judge, origin, faces).measures


def evaluate_translations(
    model: TranslationModel,
    inputs: Pictures,
    targets: Pictures,
    to: str,
    pairs: Pairs | None = None,
    judge: DomainClassifier | None = None,
    origin: str | None = None,
    faces: tuple[FaceSet, FaceSet] | None = None,
    measures: Collection[str] = WITHOUT_DOWNLOAD,
    features: FeatureNetwork | None = None,
    seed: int = 0,
) -> Evaluation:
    """Measure a model's translations of held-out pictures to a domain.

    targets: true pictures of that domain. pairs: the result of `match_by_name`, if inputs and targets of the same name
    show the same subject. judge: a classifier of the source and the target domain, in the order of the model's domains.
    origin: the inputs' domain, by default the model's only other one. Without it there is no translation back to
    measure. faces: the drawn faces that inputs and targets are, by seed, if they are. measures: of MEASURES; those that
    do not fit are left out. features: the network that KID, FID and IS are of. seed: of subsets and resamples.
    Raises TranslationError for a source domain that the model does not have, and for a judge without one or with the
    target for it.
    """
    origin = model.origin_of(to, origin)
    result = translate_round_trip(model, inputs.images, to, origin if "faithful" in measures else None)
    images, counts = result.images, {"pictures": len(inputs.names), "targets": len(targets.names)}
    groups: dict[str, Any] = {}
    samples: dict[str, Sample] = {}
    scores: dict[str, Score] = {}
    not_measured: dict[str, str] = {}

    def add(group: str, found: dict[str, Sample], **fields: Any) -> None:
        groups[group] = {**fields, **means(found)}
        samples.update(found)

    if features:
        described = [features.of(each) for each in (images, targets.images, inputs.images)]
        scores, not_measured = distribution_scores(described[0], described[1], described[2], measures, seed)
        scores = {name: score.beside(features.label()) for name, score in scores.items()}
        groups["distributions"] = {
            **features.label(),
            "network": features.description,
            **{name: score.value for name, score in scores.items()},
        }
    if judge:
        if origin is None or origin == to:
            raise TranslationError("A judge needs the domain of the inputs as origin; it is not the target.")
        order = sorted((origin, to), key=model.domains.index)
        recognised = recognition_ratio(judge, order, to, inputs.images, images, targets.images)
        groups["recognised"] = recognised
        samples["recognised"] = Sample.of_share(recognised["share"], len(images))
        samples["recognised_of_true"] = Sample.of_share(recognised["share_of_true"], len(targets.images))
    if pairs and not {*PAIRED}.isdisjoint(measures):
        of_pairs, not_paired = paired_samples(
            model_device(model), inputs.images, images, targets.images, pairs, measures
        )
        add("paired", of_pairs, pairs=len(pairs))
        not_measured |= not_paired
    if "faithful" in measures:
        add("faithful", preservation_samples(inputs.images, images, result.reconstructions))
    if faces and "attributes" in measures and inputs.names == targets.names:
        seeds = list(map(int, inputs.names))
        reader = face_reader(faces[1].style)
        attributes = attribute_measures(images, targets.images, *faces, seeds, reader)
        groups["attributes"] = attributes
        for name, shares in attributes.items():
            samples[f"{name}_read"] = Sample.of_share(shares["share"], len(seeds))
            samples[f"{name}_read_of_true"] = Sample.of_share(shares["share_of_true"], len(seeds))
        if is_edit(*faces):
            add("edit", edit_samples(inputs.images, images, targets.images))
    if result.maps is not None and not faces and "attention" in measures:
        add("attention", attention_samples(model, inputs.images, to, result.maps))
    scores |= {name: sample.score(seed) for name, sample in samples.items()}
    return Evaluation(images, {**counts, **groups}, scores, not_measured)


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


def attention_samples(model: TranslationModel, pictures: Tensor, to: str, maps: Tensor) -> dict[str, Sample]:
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
        "on_object": Sample(metrics.density_ratio(maps, metrics.foreground_mask(pictures))),
        "mirror_rank_correlation": Sample(metrics.rank_correlation(maps, mirrored.flip(2))),
        "mirror_rank_correlation_placed": Sample(metrics.rank_correlation(placed, placed_mirrored.flip(2))),
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
