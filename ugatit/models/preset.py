"""Presets: named sets of default settings for a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Preset:
    """Default settings of a run; a setting that no preset of a model lists has the default of its class.

    summary: shown to users. settings: by name, of the networks, the training or the loss weights.
    """

    summary: str
    settings: Mapping[str, Any]


def describe_defaults(presets: Mapping[str, Preset]) -> dict[str, str]:
    """Return the defaults of each setting as text: `quick 64, light 256, paper 256`, or one value if all are equal."""
    names = dict.fromkeys(name for preset in presets.values() for name in preset.settings)
    texts = {}
    for name in names:
        values = {key: _to_text(preset.settings[name]) for key, preset in presets.items() if name in preset.settings}
        all_equal = len(values) == len(presets) and len(set(values.values())) == 1
        texts[name] = (
            next(iter(values.values())) if all_equal else ", ".join(f"{key} {value}" for key, value in values.items())
        )
    return texts


def _to_text(value: float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
