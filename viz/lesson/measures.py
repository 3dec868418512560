"""Read the measures that are published with weights."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEASURES_FILE = "measures.json"


@dataclass(frozen=True)
class EditFigures:
    """How edits compare with their true answers, means over held-out pictures.

    psnr, psnr_of_copying: in dB. better_than_copying: a share. change_inside, change_outside: in grey levels, where the
    true answer differs from the picture and where it does not.
    """

    pictures: float
    psnr: float
    psnr_of_copying: float
    better_than_copying: float
    change_inside: float
    change_outside: float


@dataclass(frozen=True)
class CardMeasures:
    """The measures of one direction; None where not measured.

    pointing: (hits, iou) on unseen scenes, both in [0, 1], by map (`generator`, `generator gap evidence`, `local` …).
    on_object: the mean attention on the object relative to that on the whole picture. mirror: the rank correlation of
    a picture's attention map with that of its mirror image, mirrored back. edit: where every edit has one true answer.
    """

    pointing: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    on_object: float | None = None
    mirror: float | None = None
    edit: EditFigures | None = None


def read_measures(folder: Path | None, origin: str, to: str) -> CardMeasures:
    """Return a direction's measures from a weights folder; empty without a folder, a file or that direction.

    An unreadable file counts as missing, since weights from other sources may contain any file of that name.
    """
    if folder is None:
        return CardMeasures()
    try:
        measures = json.loads((folder / MEASURES_FILE).read_text(encoding="utf-8"), parse_int=float)
    except (OSError, ValueError, RecursionError):
        return CardMeasures()
    direction = f"{origin} to {to}"
    pointing = {}
    for name, scores in _mapping(_mapping(measures, "pointing"), direction).items():
        hits, iou = _number(scores, "hits"), _number(scores, "iou")
        if hits is not None and iou is not None:
            pointing[name] = (hits, iou)
    of_direction = _mapping(_mapping(measures, "directions"), direction)
    attention = _mapping(of_direction, "attention")
    mirror = _number(attention, "mirror_rank_correlation_placed")
    return CardMeasures(pointing, _number(attention, "on_object"), mirror, _edit_figures(of_direction))


def _edit_figures(measures: Mapping[str, Any]) -> EditFigures | None:
    paired, edit = _mapping(measures, "paired"), _mapping(measures, "edit")
    values = (
        _number(measures, "pictures"),
        _number(paired, "psnr_db"),
        _number(paired, "psnr_of_copying_db"),
        _number(edit, "better_than_copying"),
        _number(edit, "change_inside_grey_levels"),
        _number(edit, "change_outside_grey_levels"),
    )
    known = [value for value in values if value is not None]
    return EditFigures(*known) if len(known) == len(values) else None


def _mapping(values: Any, name: str) -> Mapping[str, Any]:
    value = values.get(name) if isinstance(values, dict) else None
    return value if isinstance(value, dict) else {}


def _number(values: Any, name: str) -> float | None:
    value = values.get(name) if isinstance(values, dict) else None
    return value if isinstance(value, float) and math.isfinite(value) else None
