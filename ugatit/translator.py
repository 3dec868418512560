"""A picture in, its translation and all its attention maps out: every network runs once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

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
