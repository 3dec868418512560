"""Presets: named sets of default settings for a run."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Preset:
    """Default settings of a run; settings not listed here have the same default in all presets.

    summary: shown to users. Every other field is a setting of the networks, the training or the loss weights.
    """

    summary: str
    image_size: int
    light: bool
    ngf: int
    ndf: int
    batch_size: int
    steps: int
    learning_rate: float
    ema: float
    cam: float
    log_every: int
    sample_every: int
    checkpoint_every: int
    keep: int

    def settings(self) -> dict[str, Any]:
        """Return the values by setting name."""
        values = asdict(self)
        del values["summary"]
        return values


PRESETS = {
    "quick": Preset(
        summary="small pictures and networks, minutes on a CPU",
        image_size=64,
        light=True,
        ngf=16,
        ndf=16,
        batch_size=4,
        steps=3000,
        learning_rate=2e-4,
        ema=0.999,
        # With the published 1000, the CAM gradient dominates all others in a small encoder for a thousand steps.
        cam=100.0,
        log_every=5,
        sample_every=50,
        checkpoint_every=100,
        keep=3,
    ),
    "light": Preset(
        summary="the published light networks, an evening on a GPU",
        image_size=256,
        light=True,
        ngf=64,
        ndf=64,
        batch_size=1,
        steps=100_000,
        learning_rate=1e-4,
        ema=0.999,
        cam=1000.0,
        log_every=10,
        sample_every=250,
        checkpoint_every=1000,
        keep=3,
    ),
    "paper": Preset(
        summary="the published full networks and hyper-parameters, days on a large GPU",
        image_size=256,
        light=False,
        ngf=64,
        ndf=64,
        batch_size=1,
        steps=1_000_000,
        learning_rate=1e-4,
        ema=0.0,
        cam=1000.0,
        log_every=10,
        sample_every=1000,
        # A checkpoint of six full networks and their moments is larger than 10 GB.
        checkpoint_every=5000,
        keep=2,
    ),
}
DEFAULT_PRESET = "quick"
"""The preset of a run that does not name one."""


def describe_defaults() -> dict[str, str]:
    """Return the defaults of each setting as text: `quick 64, light 256, paper 256`, or one value if all are equal."""
    by_preset = {name: preset.settings() for name, preset in PRESETS.items()}
    settings = next(iter(by_preset.values()))
    texts = {}
    for setting in settings:
        values = {name: _to_text(values[setting]) for name, values in by_preset.items()}
        all_equal = len(set(values.values())) == 1
        texts[setting] = (
            values["quick"] if all_equal else ", ".join(f"{name} {value}" for name, value in values.items())
        )
    return texts


def _to_text(value: float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
