"""What one translation leaves behind: the picture, and why it came out so."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ugatit.images.fitting import Fit
from ugatit.networks.geometry import Grid

Array = NDArray[np.float32]


@dataclass(frozen=True)
class AttentionMap:
    """One network's attention, raw and at its native size.

    values: (h, w) float32, unnormalised. cam_logits: (gap, gmp). patch_logits: (h', w'), critics only.
    rows, columns: where the cells' centres lie on the picture the map belongs to (may lie outside of it).
    over: "input" or "translation", the picture the map belongs to. domain: for the generator the domain
    its classifier tells apart (the source), for a critic the one it judges.
    """

    values: Array
    cam_logits: tuple[float, float]
    patch_logits: Array | None
    rows: Grid
    columns: Grid
    over: str
    domain: str


@dataclass(frozen=True)
class Translation:
    """A translated picture and why it came out so; everything on the CPU.

    source: the input as the model saw it, RGB, the size of `image`. image: the translation, RGB.
    origin, to: domain names. attention: by network, `generator`, `local`, `global`, those the model has.
    milliseconds: time of the networks alone. device: where they ran, e.g. "cpu". precision: "fp32" or "bf16".
    """

    source: Image.Image
    image: Image.Image
    origin: str
    to: str
    attention: dict[str, AttentionMap]
    milliseconds: float
    device: str
    precision: str


def attention_maps(
    numbers: Mapping[str, Mapping[str, Tensor]],
    grids: Mapping[str, Grid],
    fitted: Fit,
    size: tuple[int, int],
    origin: str,
    to: str,
) -> dict[str, AttentionMap]:
    """The attention of one picture's networks, placed on the picture rather than on its canvas.

    numbers: by network, the output's fields without batch axis, float32 on the CPU. grids: by network, on the
    canvas. size: (width, height) of the picture the maps will be laid over.
    """
    across, down = (own / small for own, small in zip(size, fitted.size, strict=True))
    left, top = fitted.box[:2]
    maps = {}
    for name, fields in numbers.items():
        if "attention_map" not in fields or "cam_logits" not in fields:
            continue
        gap, gmp = fields["cam_logits"].tolist()
        maps[name] = AttentionMap(
            values=fields["attention_map"][0].numpy(),
            cam_logits=(gap, gmp),
            patch_logits=fields["patch_logits"][0].numpy() if "patch_logits" in fields else None,
            rows=grids[name].shifted(top).scaled(down),
            columns=grids[name].shifted(left).scaled(across),
            over="input" if name == "generator" else "translation",
            domain=origin if name == "generator" else to,
        )
    return maps
