"""The figures that travel with weights, as far as they are there."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEASURES_FILE = "measures.json"


@dataclass(frozen=True)
class CardMeasures:
    """Of one direction. Shares in [0, 1].

    pointing: by map (`generator`, `generator gap evidence`, `local` …): (hits, iou) on unseen scenes.
    on_object: how much denser the attention lies on the object than on the whole picture. mirror: rank correlation of
    a picture's attention with its mirror image's, mirrored back. None where not measured.
    """

    pointing: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    on_object: float | None = None
    mirror: float | None = None


def read_measures(folder: Path | None, origin: str, to: str) -> CardMeasures:
    """What a weights folder's measures say of a direction; empty without a folder, a file or the direction in it.

    A file that cannot be read counts as none: weights from elsewhere may bring anything along.
    """
    if folder is None:
        return CardMeasures()
    try:
        measures = json.loads((folder / MEASURES_FILE).read_text(encoding="utf-8"), parse_int=float)
    except (OSError, ValueError, RecursionError):
        return CardMeasures()
    direction = f"{origin} to {to}"
    pointing = {}
    for name, found in _mapping(_mapping(measures, "pointing"), direction).items():
        hits, iou = _number(found, "hits"), _number(found, "iou")
        if hits is not None and iou is not None:
            pointing[name] = (hits, iou)
    attention = _mapping(_mapping(_mapping(measures, "directions"), direction), "attention")
    return CardMeasures(pointing, _number(attention, "on_object"), _number(attention, "mirror_rank_correlation_placed"))


def _mapping(values: Any, name: str) -> Mapping[str, Any]:
    found = values.get(name) if isinstance(values, dict) else None
    return found if isinstance(found, dict) else {}


def _number(values: Any, name: str) -> float | None:
    found = values.get(name) if isinstance(values, dict) else None
    return found if isinstance(found, float) and math.isfinite(found) else None
