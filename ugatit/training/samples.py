"""The same held-out pictures again and again: translation, way back and raw attention maps, as arrays and a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ugatit.images import to_picture
from ugatit.models.base import TranslationModel

Array = NDArray[np.float32]
GAP = 4


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
    """Write `path` (a PNG sheet) and beside it an `.npz` of the raw arrays.

    A row a picture: source, translation, way back, then each map in gray from its lowest to its highest value.
    """
    arrays: dict[str, Any] = {}
    rows: list[tuple[Image.Image, ...]] = []
    for domain, sample in samples.items():
        columns = [[to_picture(one) for one in each] for each in (sample.source, sample.translation, sample.back)]
        for name, column in zip(("translation", "back"), columns[1:], strict=True):
            arrays[f"{domain}.{name}"] = np.stack([np.asarray(picture) for picture in column])
        arrays |= {f"{domain}.{name}": values for name, values in sample.maps.items()}
        columns += [[_gray(one, columns[0][0].size) for one in values] for values in sample.maps.values()]
        rows += zip(*columns, strict=True)
    width, height = rows[0][0].size
    sheet = Image.new("RGB", (max(map(len, rows)) * (width + GAP), len(rows) * (height + GAP)), "white")
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            sheet.paste(picture, (x * (width + GAP), y * (height + GAP)))
    sheet.save(path)
    np.savez_compressed(path.with_suffix(".npz"), **arrays)


def _gray(values: Array, size: tuple[int, int]) -> Image.Image:
    span = float(values.max() - values.min())
    scaled = (values - values.min()) / span if span > 0 else np.zeros_like(values)
    return Image.fromarray(np.round(scaled * 255).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)
