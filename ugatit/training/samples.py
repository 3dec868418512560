"""Samples of a run: held-out pictures, their translations and raw attention maps, as arrays and a picture sheet."""

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
"""File with the source pictures of all samples of a run: `{domain}.source`, uint8 (N, S, S, 3)."""


@dataclass(frozen=True)
class DomainSample:
    """The model's results for the held-out pictures of one domain.

    source, translation, back: (N, 3, S, S) in [-1, 1]; `back` is the translation translated to the source domain, None
    if the model does not translate to it. maps: by network, (N, h, w), raw: the attention map, else the patch logits.
    """

    source: Tensor
    translation: Tensor
    back: Tensor | None
    maps: dict[str, Array]


@torch.inference_mode()
def draw_samples(model: TranslationModel, held_out: Mapping[str, Tensor]) -> dict[str, DomainSample]:
    """Translate the held-out pictures of each domain to the model's `sample_target`, with all maps.

    held_out: {domain: (N, 3, S, S) in [-1, 1]}. Returns the results by source domain; a domain without target is left
    out.
    """
    samples, targets = {}, model.sample_targets
    for domain, pictures in held_out.items():
        if domain not in targets:
            continue
        to = targets[domain]
        translated = model.translate(pictures, to)
        judged = model.judge(pictures, translated.image, to)
        drawn = {"generator": translated.attention_map}
        drawn |= {
            name: output.patch_logits if output.attention_map is None else output.attention_map
            for name, output in judged.items()
        }
        maps = {name: values[:, 0].float().cpu().numpy() for name, values in drawn.items() if values is not None}
        back = model.translate(translated.image, domain).image.cpu() if domain in model.targets else None
        samples[domain] = DomainSample(pictures.cpu(), translated.image.cpu(), back, maps)
    return samples


def write_samples(path: Path, samples: Mapping[str, DomainSample]) -> None:
    """Write `path`, a PNG sheet, an `.npz` of the raw arrays beside it and, if missing, `pictures.npz`.

    The sheet has one row per picture: source, translation, translation back, then each map in gray, from its lowest to
    its highest value. Every file is written atomically; the sheet comes last.
    """
    sources: dict[str, Any] = {}
    arrays: dict[str, Any] = {}
    rows: list[tuple[Image.Image, ...]] = []
    for domain, sample in samples.items():
        images = {"source": sample.source, "translation": sample.translation, "back": sample.back}
        columns = []
        for name, batch in images.items():
            if batch is not None:
                columns.append([to_picture(image) for image in batch])
                pixels = np.stack([np.asarray(picture) for picture in columns[-1]])
                (sources if name == "source" else arrays)[f"{domain}.{name}"] = pixels
        arrays |= {f"{domain}.{name}": maps for name, maps in sample.maps.items()}
        columns += [[_to_gray(values, columns[0][0].size) for values in maps] for maps in sample.maps.values()]
        rows += zip(*columns, strict=True)
    sheet = _draw_sheet(rows)
    if not (path.parent / PICTURES).exists():
        _write_atomically(path.parent / PICTURES, lambda file: np.savez_compressed(file, **sources))
    _write_atomically(path.with_suffix(".npz"), lambda file: np.savez_compressed(file, **arrays))
    _write_atomically(path, lambda file: sheet.save(file, "PNG"))


def _draw_sheet(rows: list[tuple[Image.Image, ...]]) -> Image.Image:
    width, height = rows[0][0].size
    sheet = Image.new("RGB", (max(map(len, rows)) * (width + GAP), len(rows) * (height + GAP)), "white")
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            sheet.paste(picture, (x * (width + GAP), y * (height + GAP)))
    return sheet


def _write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write to a temporary file in the same folder, then rename it to `path`."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            write(file)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _to_gray(values: Array, size: tuple[int, int]) -> Image.Image:
    span = float(values.max() - values.min())
    scaled = (values - values.min()) / span if span > 0 else np.zeros_like(values)
    return Image.fromarray(np.round(scaled * 255).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)


@dataclass(frozen=True)
class StoredSample:
    """The sample of one domain at one step, read from a run folder.

    source: (N, S, S, 3), None if the run folder does not have it. translation: (N, S, S, 3). back: the
    same, None if there is none. maps: by network (`generator` and the names of the critics), (N, h, w), raw.
    """

    source: Pixels | None
    translation: Pixels
    back: Pixels | None
    maps: dict[str, Array]


def read_sample(run: Path, step: int) -> dict[str, StoredSample]:
    """Read a run's sample at a step, by source domain. Raises PictureError if it is missing or damaged."""
    folder = run / "samples"
    path = folder / f"step_{step:07d}.npz"
    arrays = _read_arrays(path)
    sources = _read_arrays(folder / PICTURES) if (folder / PICTURES).exists() else {}
    groups: dict[str, dict[str, NDArray[Any]]] = {}
    for name, values in arrays.items():
        domain, _, part = name.rpartition(".")
        groups.setdefault(domain, {})[part] = values
    try:
        return {domain: _to_sample(parts, sources.get(f"{domain}.source")) for domain, parts in groups.items()}
    except ValueError as error:
        raise PictureError(f"{path} is damaged: {error}. The next sample of the run will be whole.") from error


def _read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except FileNotFoundError as error:
        raise PictureError(f"There is no {path}: the run has drawn no sample at that step.") from error
    except Exception as error:  # numpy, zipfile and zlib raise many types for a damaged archive
        reason = one_line(error)
        raise PictureError(f"{path} is damaged: {reason}. The next sample of the run will be whole.") from error


def _to_sample(parts: dict[str, NDArray[Any]], source: NDArray[Any] | None) -> StoredSample:
    translation = _check_pixels(parts.pop("translation", None), "translation")
    back = _check_pixels(parts.pop("back"), "back") if "back" in parts else None
    for name, values in parts.items():
        if values.ndim != 3 or values.dtype not in (np.float16, np.float32) or len(values) != len(translation):
            raise ValueError(f"its map {name} is {values.dtype} {values.shape}")
    maps = {name: values.astype(np.float32) for name, values in parts.items()}
    fits = source is not None and source.shape == translation.shape and source.dtype == np.uint8
    return StoredSample(source if fits else None, translation, back, maps)


def _check_pixels(values: NDArray[Any] | None, name: str) -> Pixels:
    if values is None:
        raise ValueError(f"it lacks the {name}")
    if values.ndim != 4 or values.shape[-1] != 3 or values.dtype != np.uint8:
        raise ValueError(f"its {name} is {values.dtype} {values.shape}")
    return values
