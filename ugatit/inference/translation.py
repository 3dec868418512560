"""The result of a translation: the picture and its attention maps."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ugatit.images.fitting import FittedPicture
from ugatit.networks.geometry import Grid

Array = NDArray[np.float32]


@dataclass(frozen=True)
class AttentionMap:
    """One network's attention map, raw and at its native size.

    values: (h, w) float32, unnormalised. cam_logits: (gap, gmp), from global average and global max pooling.
    patch_logits: (h', w'), critics only, otherwise None.
    rows, columns: positions of the cell centres on the picture the map belongs to; may lie outside of it.
    over: the picture the map belongs to, "input" or "translation". domain: the source domain for the generator, which
    its classifier recognises; the judged domain for a critic.
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
    """A translated picture with its attention maps; everything on the CPU.

    source: the input, RGB, of the same size as `image`. image: the translation, RGB.
    origin, to: names of the source and the target domain.
    attention: by network: `generator`, `local` and `global`, as far as the model has them.
    milliseconds: run time of the networks alone. device: where they ran, such as "cpu". precision: "fp32" or "bf16".
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
    outputs: Mapping[str, Mapping[str, Tensor]],
    grids: Mapping[str, Grid],
    fitted: FittedPicture,
    size: tuple[int, int],
    origin: str,
    to: str,
) -> dict[str, AttentionMap]:
    """Return one picture's attention maps by network, positioned on the picture instead of on its canvas.

    outputs: by network, the fields of its output without batch axis, float32 on the CPU.
    grids: by network, cell positions on the canvas. size: (width, height) of the picture the maps will be laid over.
    """
    scale_x, scale_y = (target / own for target, own in zip(size, fitted.size, strict=True))
    left, top = fitted.box[:2]
    maps = {}
    for name, fields in outputs.items():
        if "attention_map" not in fields or "cam_logits" not in fields:
            continue
        gap, gmp = fields["cam_logits"].tolist()
        maps[name] = AttentionMap(
            values=fields["attention_map"][0].numpy(),
            cam_logits=(gap, gmp),
            patch_logits=fields["patch_logits"][0].numpy() if "patch_logits" in fields else None,
            rows=grids[name].shifted(top).scaled(scale_y),
            columns=grids[name].shifted(left).scaled(scale_x),
            over="input" if name == "generator" else "translation",
            domain=origin if name == "generator" else to,
        )
    return maps
