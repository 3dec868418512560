"""Measures of translations between drawn faces: attributes kept, and edits whose only right answer is known."""

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import max_pool2d

from ugatit import metrics
from ugatit.data.face_set import FaceSet, sets_by_domain
from ugatit.data.faces import ANY, face_attributes
from ugatit.data.source_string import is_face
from ugatit.errors import TranslationError
from ugatit.evaluation.face_reading import FaceReader, FaceReading
from ugatit.evaluation.scores import Sample, means
from ugatit.models.base import TranslationModel

READ = ("hair", "skin", "glasses", "smile")
"""The attributes that are read off translations."""
GROWN = 2
"""By how many pixels the true mask is grown, since lines are smoothed."""
CHANGED = 16.0
"""A pixel has changed if its channels differ by more than this on average, in grey levels."""

Values = list[str | bool]


def face_sets(model: TranslationModel) -> dict[str, FaceSet]:
    """Return the faces each domain was trained on. Raises TranslationError for a model of other pictures."""
    manifest = model.manifest
    sets = sets_by_domain(manifest.domains, manifest.data_sources, model.data_kinds) if manifest else {}
    if not sets:
        raise TranslationError(
            f"These weights for {' and '.join(model.domains)} were not trained on drawn faces (faces:STYLE)."
        )
    return sets


def faces_of(source: str, target: str) -> tuple[FaceSet, FaceSet] | None:
    """Return the faces of two sources; None unless both are drawn faces."""
    return (FaceSet.parse(source), FaceSet.parse(target)) if is_face(source) and is_face(target) else None


def is_edit(source: FaceSet, target: FaceSet) -> bool:
    """Return whether a translation between two sets of faces is an edit: one style, so there is one right answer."""
    return source.style == target.style


def wanted_attributes(source: FaceSet, target: FaceSet, seed: int) -> dict[str, str | bool]:
    """Return the attributes that a translation of a face must have: the source's own, but for those of the target."""
    own = face_attributes(source.style, seed, **source.named)
    named = {name: value for name, value in target.named.items() if value != ANY}
    wanted = {name: named.get(name, getattr(own, name)) for name in READ}
    return {name: value for name, value in wanted.items() if value is not None}


def attribute_measures(
    translations: Tensor, truths: Tensor, source: FaceSet, target: FaceSet, seeds: Sequence[int], reader: FaceReader
) -> dict[str, dict[str, float]]:
    """Measure how often each attribute of the source is read off its translation.

    translations, truths: (N, 3, S, S) in [-1, 1]; the true faces of the target of the same seeds. reader: of the
    target's style. Returns by attribute: share, of the translations; share_of_true, of the true faces, the most that
    can be expected; chance, if readings did not depend on the source.
    """
    readings, true_readings = reader.read(translations), reader.read(truths)
    wanted = [wanted_attributes(source, target, seed) for seed in seeds]
    measures = {}
    for name in READ:
        values = [each[name] for each in wanted if name in each]
        read, true = (_values(name, group) for group in (readings, true_readings))
        if not len(values) == len(read) == len(true):
            continue
        measures[name] = {"share": _agreement(read, values), "share_of_true": _agreement(true, values)}
        if target.named.get(name, ANY) == ANY:
            counts = Counter(read)
            pairs = sum(count * counts[value] for value, count in Counter(values).items())
            measures[name]["chance"] = pairs / len(values) ** 2
    return measures


def edit_samples(pictures: Tensor, translations: Tensor, truths: Tensor) -> dict[str, Sample]:
    """Measure whether each edit is right and leaves all else alone. All (N, 3, S, S) in [-1, 1].

    The true mask is where picture and true answer differ, grown by 2 px. better_than_copying: the share of
    translations with a higher PSNR to the true answer than the picture itself. changed_inside: the share of changed
    pixels that lie inside the mask. change_outside_grey_levels, change_inside_grey_levels: mean absolute changes of the
    pixels. left_inside: the mean error inside the mask over that of the unchanged picture; 1 if nothing was done.
    """
    masks = grown_masks(pictures, truths)
    change, error, needed = (
        (one - other).abs().mean(dim=1) * 127.5
        for one, other in ((translations, pictures), (translations, truths), (pictures, truths))
    )
    changed = change > CHANGED
    better = metrics.psnr(translations, truths) > metrics.psnr(pictures, truths)
    return {
        "better_than_copying": Sample(better.float()),
        "changed_inside": Sample((changed & masks).sum(dim=(1, 2)).float(), changed.sum(dim=(1, 2)).float()),
        "change_inside_grey_levels": Sample(_mean_over(change, masks)),
        "change_outside_grey_levels": Sample(_mean_over(change, ~masks)),
        "left_inside": Sample(_mean_over(error, masks), _mean_over(needed, masks)),
    }


def edit_measures(pictures: Tensor, translations: Tensor, truths: Tensor) -> dict[str, float]:
    """Return the means of `edit_samples`."""
    return means(edit_samples(pictures, translations, truths))


def grown_masks(pictures: Tensor, truths: Tensor) -> Tensor:
    """Return where pictures and true answers differ, grown by 2 px: (N, S, S) bool."""
    masks = (pictures != truths).any(dim=1, keepdim=True).float()
    return max_pool2d(masks, 2 * GROWN + 1, 1, GROWN)[:, 0] > 0


def _mean_over(values: Tensor, masks: Tensor) -> Tensor:
    """Return each picture's mean inside its mask, (N,); NaN for an empty mask."""
    sums, areas = (values * masks).sum(dim=(1, 2)), masks.sum(dim=(1, 2))
    return torch.where(areas > 0, sums / areas, torch.nan)


def _values(name: str, readings: Sequence[FaceReading]) -> Values:
    return [value for reading in readings if (value := getattr(reading, name)) is not None]


def _agreement(values: Values, others: Values) -> float:
    return sum(one == other for one, other in zip(values, others, strict=True)) / len(values)
