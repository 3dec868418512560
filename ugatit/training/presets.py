"""Where the settings of a run begin: each can be given its own value beside them."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Preset:
    """Settings that go together; those not named here have the same default in all presets.

    summary: for people. Every other field is a setting of the networks, the training or the loss weights.
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
        """The values by the names of the settings."""
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
        # At the published 1000 the classifiers' gradient outweighs all others in a small encoder for a thousand steps.
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
FIRST = "quick"
"""The preset of a run that names none."""


def defaults() -> dict[str, str]:
    """What each preset gives a setting, in words: `quick 64, light 256, paper 256`."""
    by_preset = {name: preset.settings() for name, preset in PRESETS.items()}
    settings = next(iter(by_preset.values()))
    words = {}
    for setting in settings:
        values = {name: _word(values[setting]) for name, values in by_preset.items()}
        one_for_all = len(set(values.values())) == 1
        words[setting] = (
            values["quick"] if one_for_all else ", ".join(f"{name} {value}" for name, value in values.items())
        )
    return words


def _word(value: float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
