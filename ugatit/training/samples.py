"""The same held-out pictures again and again: translation, way back and raw attention maps, as arrays and a sheet."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ugatit.errors import PictureError
from ugatit.images.tensors import to_picture
from ugatit.models.base import TranslationModel
from ugatit.text import one_line

Array = NDArray[np.float32]
Pixels = NDArray[np.uint8]
GAP = 4
PICTURES = "pictures.npz"
"""The sources of all of a run's samples: `{domain}.source`, uint8 (N, S, S, 3)."""


@dataclass(frozen=True)
class DomainSample:
    """What a model makes of the held-out pictures of one domain.

    source, translation, back: (N, 3, S, S) in [-1, 1]. maps: by network, (N, h, w), raw.
    """

    source: Tensor
    translation: Tensor
    back: Tensor
    maps: dict[str, Array]


@torch.inference_mode()
def draw_samples(model: TranslationModel, held_out: Mapping[str, Tensor]) -> dict[str, DomainSample]:
    """Translate the held-out pictures of each domain to the other, with all attention maps.

    held_out: {domain: (N, 3, S, S) in [-1, 1]}. Returns the result by source domain.
    """
    samples = {}
    for domain, pictures in held_out.items():
        to = model.other(domain)
        there = model.translate(pictures, to)
        outputs = {"generator": there}
        outputs |= {name: critic(there.image) for name, critic in model.critics(to).items()}
        maps = {
            name: output.attention_map[:, 0].float().cpu().numpy()
            for name, output in outputs.items()
            if output.attention_map is not None
        }
        back = model.translate(there.image, domain).image
        samples[domain] = DomainSample(pictures.cpu(), there.image.cpu(), back.cpu(), maps)
    return samples


def write_samples(path: Path, samples: Mapping[str, DomainSample]) -> None:
    """Write `path` (a PNG sheet), beside it an `.npz` of the raw arrays, and once for all steps `pictures.npz`.

    A row a picture: source, translation, way back, then each map in gray from its lowest to its highest value.
    Every file appears whole or not at all; the sheet comes last.
    """
    sources: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    rows: list[tuple[Image.Image, ...]] = []
    for domain, sample in samples.items():
        columns = [[to_picture(one) for one in each] for each in (sample.source, sample.translation, sample.back)]
        pictures = [np.stack([np.asarray(picture) for picture in column]) for column in columns]
        sources[f"{domain}.source"], arrays[f"{domain}.translation"], arrays[f"{domain}.back"] = pictures
        arrays |= {f"{domain}.{name}": values for name, values in sample.maps.items()}
        columns += [[_gray(one, columns[0][0].size) for one in values] for values in sample.maps.values()]
        rows += zip(*columns, strict=True)
    width, height = rows[0][0].size
    sheet = Image.new("RGB", (max(map(len, rows)) * (width + GAP), len(rows) * (height + GAP)), "white")
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            sheet.paste(picture, (x * (width + GAP), y * (height + GAP)))
    if not (path.parent / PICTURES).exists():
        _whole(path.parent / PICTURES, lambda file: np.savez_compressed(file, **sources))
    _whole(path.with_suffix(".npz"), lambda file: np.savez_compressed(file, **arrays))
    _whole(path, lambda file: sheet.save(file, "PNG"))


def _whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file beside its place and put it there when it is complete."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            write(file)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _gray(values: Array, size: tuple[int, int]) -> Image.Image:
    span = float(values.max() - values.min())
    scaled = (values - values.min()) / span if span > 0 else np.zeros_like(values)
    return Image.fromarray(np.round(scaled * 255).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)


@dataclass(frozen=True)
class SampledDomain:
    """The held-out pictures of one domain at one step.

    source: (N, S, S, 3), None where the run has not kept it. translation, back: (N, S, S, 3).
    maps: by network (`generator`, and the critics' names), (N, h, w), raw.
    """

    source: Pixels | None
    translation: Pixels
    back: Pixels
    maps: dict[str, NDArray[np.float32]]


def read_sample(run: Path, step: int) -> dict[str, SampledDomain]:
    """A run's sample at a step, by source domain. Raises PictureError where it is missing or damaged."""
    folder = run / "samples"
    path = folder / f"step_{step:07d}.npz"
    arrays = _arrays(path)
    pictures = _arrays(folder / PICTURES) if (folder / PICTURES).exists() else {}
    groups: dict[str, dict[str, NDArray[Any]]] = {}
    for name, values in arrays.items():
        domain, _, part = name.rpartition(".")
        groups.setdefault(domain, {})[part] = values
    try:
        return {domain: _domain(parts, pictures.get(f"{domain}.source")) for domain, parts in groups.items()}
    except ValueError as error:
        raise PictureError(f"{path} is damaged: {error}. The next sample of the run will be whole.") from error


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except FileNotFoundError as error:
        raise PictureError(f"There is no {path}: the run has drawn no sample at that step.") from error
    except Exception as error:  # numpy, zipfile and zlib raise a dozen kinds for a damaged archive
        reason = one_line(error)
        raise PictureError(f"{path} is damaged: {reason}. The next sample of the run will be whole.") from error


def _domain(parts: dict[str, NDArray[Any]], source: NDArray[Any] | None) -> SampledDomain:
    translation, back = (_pixels(parts.pop(name, None), name) for name in ("translation", "back"))
    for name, values in parts.items():
        if values.ndim != 3 or values.dtype not in (np.float16, np.float32) or len(values) != len(translation):
            raise ValueError(f"its map {name} is {values.dtype} {values.shape}")
    maps = {name: values.astype(np.float32) for name, values in parts.items()}
    fits = source is not None and source.shape == translation.shape and source.dtype == np.uint8
    return SampledDomain(source if fits else None, translation, back, maps)


def _pixels(values: NDArray[Any] | None, name: str) -> Pixels:
    if values is None:
        raise ValueError(f"it lacks the {name}")
    if values.ndim != 4 or values.shape[-1] != 3 or values.dtype != np.uint8:
        raise ValueError(f"its {name} is {values.dtype} {values.shape}")
    return values
