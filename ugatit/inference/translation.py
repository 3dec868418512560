"""The result of a translation: the picture and its attention maps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from ugatit.images.fitting import FittedPicture
from ugatit.models.familiarity import Familiarity
from ugatit.networks.geometry import Grid

Array = NDArray[np.float32]


@dataclass(frozen=True)
class AttentionMap:
    """One network's attention map, raw and at its native size; of a critic without attention, its patch logits alone.

    values: (h, w) float32, unnormalised; None without attention. cam_logits: (gap, gmp), from global average and global
    max pooling; None without attention. patch_logits: (h', w'), critics only, otherwise None.
    rows, columns: positions of the cell centres of `drawn` on the picture the map belongs to; may lie outside of it.
    over: the picture the map belongs to, "input" or "translation". domain: the source domain for the generator, which
    its classifier recognises, None if it is unknown; the judged domain for a critic.
    loss: the adversarial loss that gives a critic's scores their meaning: `least-squares`, `cross-entropy` or
    `wasserstein`.
    """

    values: Array | None
    cam_logits: tuple[float, float] | None
    patch_logits: Array | None
    rows: Grid
    columns: Grid
    over: str
    domain: str | None
    loss: str = "least-squares"

    @property
    def drawn(self) -> Array:
        """The numbers to draw: the attention map, else the patch logits."""
        drawn = self.patch_logits if self.values is None else self.values
        assert drawn is not None
        return drawn


@dataclass(frozen=True)
class Translation:
    """A translated picture with its attention maps; everything on the CPU.

    source: the input, RGB, of the same size as `image`. image: the translation, RGB.
    origin, to: names of the source and the target domain, of several targets joined by commas; origin is None if it is
    not known.
    attention: by network: `generator` and the names of the critics, as far as they have attention or patch logits.
    milliseconds: run time of the networks alone. device: where they ran, such as "cpu". precision: "fp32" or "bf16".
    familiarity: how far the picture is from the domains; None for weights without statistics of them.
    attributes: which of the model's attributes the source has, as the model read them or was told, by name; None of a
    model without attributes.
    """

    source: Image.Image
    image: Image.Image
    origin: str | None
    to: str
    attention: dict[str, AttentionMap]
    milliseconds: float
    device: str
    precision: str
    familiarity: Familiarity | None = None
    attributes: Mapping[str, bool] | None = None


def attention_maps(
    outputs: Mapping[str, Mapping[str, Tensor]],
    grids: Mapping[str, Grid],
    fitted: FittedPicture,
    size: tuple[int, int],
    origin: str | None,
    to: str,
    loss: str = "least-squares",
) -> dict[str, AttentionMap]:
    """Return one picture's attention maps by network, positioned on the picture instead of on its canvas.

    outputs: by network, the fields of its output without batch axis, float32 on the CPU.
    grids: by network, positions of the drawn cells on the canvas; networks without are left out.
    size: (width, height) of the picture the maps will be laid over. loss: the model's adversarial loss.
    """
    scale_x, scale_y = (target / own for target, own in zip(size, fitted.size, strict=True))
    left, top = fitted.box[:2]
    maps = {}
    for name, fields in outputs.items():
        values, cam_logits = fields.get("attention_map"), fields.get("cam_logits")
        if name not in grids or (values is None and "patch_logits" not in fields):
            continue
        maps[name] = AttentionMap(
            values=None if values is None else values[0].numpy(),
            cam_logits=None if cam_logits is None else (float(cam_logits[0]), float(cam_logits[1])),
            patch_logits=fields["patch_logits"][0].numpy() if "patch_logits" in fields else None,
            rows=grids[name].shifted(top).scaled(scale_y),
            columns=grids[name].shifted(left).scaled(scale_x),
            over="input" if name == "generator" else "translation",
            domain=origin if name == "generator" else to,
            loss=loss,
        )
    return maps


def attributes_of(fields: Mapping[str, Tensor], names: Sequence[str]) -> dict[str, bool] | None:
    """Return which of the named attributes a picture has; None if the generator's output tells of none.

    fields: of the generator's output, without batch axis.
    """
    if "attributes" not in fields:
        return None
    return {name: value > 0 for name, value in zip(names, fields["attributes"].tolist(), strict=True)}
