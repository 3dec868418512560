"""Settings of models and training runs: frozen dataclasses saved with every run, checkpoint and weights folder."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, ClassVar, Self, get_origin, get_type_hints

from ugatit.errors import ConfigError
from ugatit.text import one_line

FITS = ("crop", "pad", "stretch")
SPEEDS = ("auto", "eager", "graph", "compiled")


@dataclass(frozen=True)
class Settings:
    """Base class of the settings: a frozen dataclass with strict conversion to and from plain JSON values.

    A subclass documents its fields as `field: words.` in its docstring; command lines show these words as help.
    heading: title of the group of options in a command's help.
    """

    heading: ClassVar[str] = "settings"

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the settings in the order of their definition."""
        return tuple(f.name for f in fields(cls))

    @classmethod
    def select(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values whose names are settings of this class; other values are dropped."""
        return {name: value for name, value in values.items() if name in cls.names()}

    def to_dict(self) -> dict[str, Any]:
        """Return the settings by name; nested settings become dicts."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild settings from the result of `to_dict`, also after a round trip through JSON.

        Raises ConfigError for unknown or missing settings, for values of the wrong type and for invalid values.
        """
        if not isinstance(values, Mapping):
            raise ConfigError(f"{cls.__name__} must be a JSON object, got {type(values).__name__}.")
        known = {f.name: f for f in fields(cls)}
        if unknown := sorted(set(values) - set(known)):
            raise ConfigError(f"{cls.__name__} knows no setting {unknown[0]!r}; it has: {', '.join(known)}.")
        required = [n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING]
        if missing := [name for name in required if name not in values]:
            raise ConfigError(f"{cls.__name__} lacks the setting {missing[0]!r}.")
        hints = get_type_hints(cls)
        settings: dict[str, Any] = {}
        for name, value in values.items():
            if isinstance(value, list):
                value = tuple(value)
            expected = get_origin(hints[name]) or hints[name]
            if not _has_type(value, expected):
                raise ConfigError(f"{cls.__name__}.{name} must be a {expected.__name__}, got {value!r}.")
            settings[name] = value
        return cls(**settings)


def _has_type(value: object, expected: type) -> bool:
    if issubclass(expected, Settings):
        return isinstance(value, Mapping | expected)
    if isinstance(value, bool):
        return expected is bool
    if expected is float:
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, expected)


def check_range(name: str, value: float, minimum: float, maximum: float) -> None:
    """Raise ConfigError, naming the setting, for a value outside [minimum, maximum] or NaN."""
    # `not` around the comparison also rejects NaN.
    if not minimum <= value <= maximum:
        raise ConfigError(f"{name} must lie between {minimum:g} and {maximum:g}, got {value}.")


def check_choice(name: str, value: object, known: Sequence[str]) -> None:
    """Raise ConfigError, naming the setting, for a value that is none of the known ones."""
    if value not in known:
        raise ConfigError(f"{name} must be {' or '.join(known)}, got {one_line(repr(value), 60)}.")


def check_two_domains(domains: Sequence[object]) -> None:
    """Raise ConfigError unless the domains are two different names that are not blank."""
    names = [name for name in domains if isinstance(name, str) and name.strip()]
    if not len(domains) == len(names) == len(set(names)) == 2:
        raise ConfigError(f"domains must be two different names, got {domains!r}.")


NO_OPTION = {"option": False}
"""Metadata of a setting that has no command-line option of its own."""


@dataclass(frozen=True)
class LossWeights(Settings):
    """Base class of the weights of a model's losses, a field for each kind of term.

    Raises ConfigError for a weight that is negative, infinite or NaN.
    """

    heading: ClassVar[str] = "weights of the losses"

    def __post_init__(self) -> None:
        for name in self.names():
            check_range(name, getattr(self, name), 0, 1e9)


@dataclass(frozen=True)
class DataConfig(Settings):
    """Where the pictures of the domains come from and how they are varied.

    Raises ConfigError for missing sources, an unknown fit and for a margin outside [0, 1].

    sources: one for each domain, in the order of the domains: a folder, a zip, `hub:owner/name[:split[:label]]`, or
    `scenes:disc`, `scenes:square`. Or a single one with a folder for each domain.
    test_sources: pictures to hold out, one source for each domain, "" for none. Without any, a tenth is set aside.
    fit: what makes a picture square: crop, pad or stretch.
    flip: mirror every other picture.
    margin: pictures are made this share larger and cropped at random (published: 286 for 256).
    attributes: of the first source, a table or drawn faces, those to learn; all that vary unless given.
    """

    heading: ClassVar[str] = "pictures"

    sources: tuple[str, ...] = field(metadata=NO_OPTION)
    test_sources: tuple[str, ...] = field(default=(), metadata=NO_OPTION)
    fit: str = "crop"
    flip: bool = True
    margin: float = 30 / 256
    attributes: tuple[str, ...] = field(default=(), metadata=NO_OPTION)

    def __post_init__(self) -> None:
        for name in ("sources", "test_sources", "attributes"):
            if not all(isinstance(source, str) for source in getattr(self, name)):
                raise ConfigError(f"{name} must be texts, got {getattr(self, name)!r}.")
        if not self.sources:
            raise ConfigError("sources must name where the pictures of the domains come from.")
        if self.test_sources and len(self.test_sources) != len(self.sources):
            raise ConfigError(
                f"test_sources must be one for each of the {len(self.sources)} sources, got {len(self.test_sources)}."
            )
        if self.fit not in FITS:
            raise ConfigError(f"fit must be {', '.join(FITS[:-1])} or {FITS[-1]}, got {self.fit!r}.")
        check_range("margin", self.margin, 0, 1)

    def test_source(self, number: int) -> str:
        """Return the test source of a source; empty if it has none."""
        return self.test_sources[number] if self.test_sources else ""


@dataclass(frozen=True)
class TrainingConfig(Settings):
    """One run of the trainer (published values where nothing is said).

    Raises ConfigError for a value out of range and for an unknown precision or moments.

    steps: updates of the generators in all. batch_size: pictures of each domain a step and process.
    accumulate: batches whose gradients are averaged before a step.
    learning_rate: constant for the first half, then linear to 0. beta1, beta2, weight_decay: of Adam.
    ema: decay of the averaged generators that samples and exports use; 0 turns them off.
    seed: of the first weights, the order of the pictures and their variation.
    log_every: steps between two events of losses. sample_every: steps between two samples.
    checkpoint_every: steps between two checkpoints. keep: how many checkpoints are kept, the newest ones.
    precision: auto (bf16 where it is faster), bf16 or fp32.
    moments: of Adam for the full generators' largest layer, fp32 or, in half the memory, bf16.
    speed: how a step runs on a CUDA device: eager, graph (captured once, then replayed) or compiled (captured with
    compiled networks); auto chooses what pays. What cannot be had falls back with a remark.
    workers: processes that read and vary the pictures; -1 chooses.
    start_from: weights to begin with instead of random ones: bundled, a folder, a published checkpoint or a Hub id.
    freeze: a part of the networks to leave as it came with --start-from, such as `encoder`; empty trains everything.
    """

    heading: ClassVar[str] = "training"

    steps: int = 1_000_000
    batch_size: int = 1
    accumulate: int = 1
    learning_rate: float = 1e-4
    beta1: float = 0.5
    beta2: float = 0.999
    weight_decay: float = 1e-4
    ema: float = 0.999
    seed: int = 0
    precision: str = "auto"
    moments: str = "fp32"
    speed: str = field(default="auto", metadata={"choices": SPEEDS})
    workers: int = -1
    start_from: str = ""
    freeze: str = ""
    log_every: int = 10
    sample_every: int = 500
    checkpoint_every: int = 500
    keep: int = 3
    weights: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, weight in self.weights.items():
            if not isinstance(weight, int | float):
                raise ConfigError(f"weights must be numbers by name of a loss term, got {weight!r} for {name}.")
            check_range(name, weight, 0, 1e9)
        for name in ("steps", "batch_size", "accumulate", "log_every", "sample_every", "checkpoint_every", "keep"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, got {getattr(self, name)}.")
        if not 0 < self.learning_rate < 1:
            raise ConfigError(f"learning_rate must lie between 0 and 1, got {self.learning_rate}.")
        for name in ("beta1", "beta2"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(f"{name} must be from 0 up and below 1, got {getattr(self, name)}.")
        check_range("weight_decay", self.weight_decay, 0, 1)
        check_range("seed", self.seed, 0, 2**63 - 1)
        if not 0 <= self.ema < 1:
            raise ConfigError(f"ema must be 0 (off) or a decay below 1, got {self.ema}.")
        if self.precision not in ("auto", "bf16", "fp32"):
            raise ConfigError(f"precision must be auto, bf16 or fp32, got {self.precision!r}.")
        if self.moments not in ("fp32", "bf16"):
            raise ConfigError(f"moments must be fp32 or bf16, got {self.moments!r}.")
        check_choice("speed", self.speed, SPEEDS)
        check_range("workers", self.workers, -1, 256)
