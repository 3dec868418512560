"""How good a model's translations to one domain are, over a folder of pictures, in numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ugatit import metrics
from ugatit.data.transforms import square_tensor
from ugatit.errors import DataError, PictureError
from ugatit.evaluation.domain_classifier import DomainClassifier, train_classifier
from ugatit.images.decoding import open_picture
from ugatit.images.placement import place
from ugatit.models.base import TranslationModel
from ugatit.networks.outputs import GeneratorOutput

BATCH = 16


@dataclass(frozen=True)
class Pictures:
    """The readable pictures of a folder. names: without suffix. images: (N, 3, S, S) in [-1, 1]. bad: the errors."""

    names: tuple[str, ...]
    images: Tensor
    bad: tuple[str, ...]


def read_folder(folder: Path, size: int) -> Pictures:
    """Read a folder's pictures, squares of `size`, by name. Raises DataError where none can be read."""
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}.")
    names, images, bad = [], [], []
    for path in sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")):
        try:
            images.append(square_tensor(open_picture(path), size))
            names.append(path.stem)
        except PictureError as error:
            bad.append(str(error))
    if not images:
        raise DataError(f"{folder} holds no picture that can be read{f'; the first: {bad[0]}' if bad else ''}.")
    return Pictures(tuple(names), torch.stack(images), tuple(bad))


Pairs = list[tuple[int, int]]
"""Places of an input and of its true picture."""


def match_by_name(inputs: Pictures, targets: Pictures) -> Pairs:
    """Those inputs and targets that share a name. Raises DataError where none do."""
    places = {name: place for place, name in enumerate(targets.names)}
    pairs = [(place, places[name]) for place, name in enumerate(inputs.names) if name in places]
    if not pairs:
        raise DataError(
            f"No target bears the name of an input ({inputs.names[0]!r}, …): --paired needs them to share names."
        )
    return pairs


@dataclass(frozen=True)
class Translated:
    """What a model makes of pictures. images, back: (N, 3, S, S) in [-1, 1]. maps: (N, h, w), or None."""

    images: Tensor
    back: Tensor
    maps: Tensor | None


@torch.inference_mode()
def translations(model: TranslationModel, pictures: Tensor, to: str) -> Iterator[GeneratorOutput]:
    """Translate (N, 3, S, S) in [-1, 1] to a domain, batch by batch."""
    device = next(model.parameters()).device
    for batch in pictures.split(BATCH):
        yield model.translate(batch.to(device), to)


def measure_translations(
    model: TranslationModel,
    inputs: Pictures,
    targets: Pictures,
    to: str,
    pairs: Pairs | None = None,
    judge: DomainClassifier | None = None,
) -> dict[str, Any]:
    """All that can be said of a model's translations of held-out pictures to a domain, beside true pictures of it.

    pairs: of `match_by_name`, where inputs and targets show the same. judge: of the model's two domains, in order.
    """
    translated = translate_all(model, inputs.images, to)
    found: dict[str, Any] = {"pictures": len(inputs.names), "targets": len(targets.names)}
    if judge:
        found["recognised"] = recognition_ratio(judge, model, to, inputs.images, translated.images, targets.images)
    if pairs:
        found["paired"] = paired_measures(inputs.images, translated.images, targets.images, pairs)
    found["faithful"] = preservation_measures(inputs.images, translated)
    if translated.maps is not None:
        found["attention"] = attention_measures(model, inputs.images, to, translated.maps)
    return found


@torch.inference_mode()
def translate_all(model: TranslationModel, pictures: Tensor, to: str) -> Translated:
    """Translate (N, 3, S, S) in [-1, 1] to a domain and back."""
    images, back, maps = [], [], []
    for there in translations(model, pictures, to):
        back.append(model.translate(there.image, model.other(to)).image.float().cpu())
        images.append(there.image.float().cpu())
        if there.attention_map is not None:
            maps.append(there.attention_map[:, 0].float().cpu())
    return Translated(torch.cat(images), torch.cat(back), torch.cat(maps) if maps else None)


def preservation_measures(pictures: Tensor, translated: Translated) -> dict[str, float]:
    """What of the input is kept: its shape on white ground, and itself after the way back."""
    masks = metrics.not_white(pictures)
    return {
        "shape_iou": float(metrics.overlap(masks, metrics.not_white(translated.images)).mean()),
        "cycle_error_grey_levels": float(metrics.grey_levels(translated.back, pictures).mean()),
    }


def paired_measures(pictures: Tensor, images: Tensor, targets: Tensor, pairs: Pairs) -> dict[str, float]:
    """Likeness of translations to the true pictures, beside that of the inputs themselves."""
    ours, theirs = (list(places) for places in zip(*pairs, strict=True))
    pictures, images, truths = pictures[ours], images[ours], targets[theirs]
    return {
        "pairs": len(truths),
        "psnr_db": float(metrics.psnr(images, truths).mean()),
        "psnr_of_copying_db": float(metrics.psnr(pictures, truths).mean()),
        "ssim": float(metrics.ssim(images, truths).mean()),
        "ssim_of_copying": float(metrics.ssim(pictures, truths).mean()),
    }


def attention_measures(model: TranslationModel, pictures: Tensor, to: str, maps: Tensor) -> dict[str, float]:
    """How the generator's attention behaves on objects on white ground.

    on_object: its share on the object over the object's share of the area. mirror_rank_correlation: of a picture's
    map with its mirror image's map, mirrored back, cell by cell. mirror_rank_correlation_placed: of both laid on the
    picture. Layers that halve the size keep every second position, so that a cell's mirror image has its centre up to
    a cell away: placed maps are compared where they look, cells by their number.
    """
    mirrored = torch.cat(
        [
            attention_map[:, 0].float().cpu()
            for output in translations(model, pictures.flip(3), to)
            if (attention_map := output.attention_map) is not None
        ]
    )
    grid, size = model.attention_grids(to)["generator"], (pictures.shape[2], pictures.shape[3])
    placed, placed_mirrored = (
        torch.stack([torch.from_numpy(place(one.numpy(), grid, grid, size)) for one in each])
        for each in (maps, mirrored)
    )
    return {
        "on_object": float(metrics.share_on(maps, metrics.not_white(pictures)).nanmean()),
        "mirror_rank_correlation": float(metrics.rank_correlation(maps, mirrored.flip(2)).nanmean()),
        "mirror_rank_correlation_placed": float(metrics.rank_correlation(placed, placed_mirrored.flip(2)).nanmean()),
    }


def recognition_ratio(
    judge: DomainClassifier,
    model: TranslationModel,
    to: str,
    pictures: Tensor,
    images: Tensor,
    targets: Tensor,
) -> dict[str, Any]:
    """How often a judge takes translations for the target, over how often it takes true target pictures for it.

    pictures, targets: real ones of either domain that the judge was not trained on, by which it is judged itself.
    """
    origin, place = model.other(to), model.domains.index(to)
    share = judge.share(images, place)
    right = {origin: judge.share(pictures, 1 - place), to: judge.share(targets, place)}
    return {
        "share": share,
        "share_of_true": right[to],
        "ratio": share / right[to] if right[to] else None,
        "judge_accuracy": sum(right.values()) / 2,
        "judge_accuracy_by_domain": right,
        "judge_trained_on": judge.trained_on,
    }


def train_judge(folders: Sequence[Path], size: int, seed: int) -> DomainClassifier:
    """A judge trained on two folders of real pictures, the first domain's and the second's."""
    first, second = (read_folder(folder, size).images for folder in folders)
    return train_classifier(first, second, seed)
