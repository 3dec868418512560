"""Settings of StarGAN: its networks and label sets, the weights of its losses, and its presets."""

from dataclasses import dataclass, field
from typing import ClassVar

from ugatit.config import NO_OPTION, LossWeights, Settings, check_range
from ugatit.errors import ConfigError
from ugatit.models.label_sets import REMOVED, LabelSet, default_choices, label_sets
from ugatit.models.preset import Preset
from ugatit.networks.stargan import DOWNSAMPLING
from ugatit.text import one_line

MAX_DOMAINS = 256
MAX_SETS = 2


@dataclass(frozen=True)
class StarGANConfig(Settings):
    """The generator and the critic of StarGAN (Choi et al., CVPR 2018, appendix).

    Raises ConfigError for a value out of range, for domains that are not different, non-empty names, and for sets or
    attributes that do not fit them.

    image_size: side in pixels of the pictures, a multiple of 2^layers: the critic takes no others.
    ngf: width of the generator. ndf: width of the critic. blocks: residual blocks of the generator.
    layers: convolutions of the critics that halve the size. n_critic: updates of the critic in a step.
    binary: the domains that are binary attributes, all of a set or none; the others exclude each other.
    sets: number of domains of each of two data sets that are learned at once; empty for one set.
    choice: attributes of which a picture has at most one, again for each group [colours of hair and skin].
    critics: whether the critic is there; a published generator may come without.
    domains: what they are called, those of the first set first; their sources' names unless given.
    """

    heading: ClassVar[str] = "networks"

    domains: tuple[str, ...] = ("0", "1", "2")
    image_size: int = 128
    ngf: int = 64
    ndf: int = 64
    blocks: int = 6
    layers: int = 6
    n_critic: int = 5
    binary: tuple[str, ...] = field(default=(), metadata=NO_OPTION)
    sets: tuple[int, ...] = field(default=(), metadata=NO_OPTION)
    choice: tuple[tuple[str, ...], ...] = ()
    critics: bool = field(default=True, metadata=NO_OPTION)

    def __post_init__(self) -> None:
        # JSON has no tuples: the groups come back from it as lists.
        if not all(isinstance(group, list | tuple) for group in self.choice):
            raise ConfigError(f"choice must be groups of names, got {one_line(repr(self.choice), 60)}.")
        object.__setattr__(self, "choice", tuple(tuple(group) for group in self.choice))
        # Upper bounds stop an untrusted config from building arbitrarily large networks.
        limits = {"ngf": (1, 1024), "ndf": (1, 1024), "blocks": (0, 64), "layers": (1, 10), "n_critic": (1, 100)}
        for name, (minimum, maximum) in limits.items():
            check_range(name, getattr(self, name), minimum, maximum)
        check_range("the number of domains", len(self.domains), 1, MAX_DOMAINS)
        check_range("image_size", self.image_size, 2 * DOWNSAMPLING, 4096)
        side = max(2**self.layers if self.critics else 1, DOWNSAMPLING)
        if self.image_size % side:
            raise ConfigError(f"image_size must be a multiple of {side} for {self.layers} layers: {self.image_size}.")
        self._check_sets()
        self._check_names()

    def _check_names(self) -> None:
        targets = [target for labels in self.label_sets for target in labels.targets]
        if twice := sorted({name for name in targets if targets.count(name) > 1}):
            raise ConfigError(
                f"domains must be different names, and none may be {REMOVED!r} and an attribute's; "
                f"got {one_line(repr(twice[0]), 60)} twice."
            )

    def _check_sets(self) -> None:
        for setting in ("domains", "binary"):
            if not all(isinstance(name, str) and name.strip() for name in getattr(self, setting)):
                raise ConfigError(f"{setting} must be names, got {one_line(repr(getattr(self, setting)), 80)}.")
        whole = all(isinstance(size, int) and size >= 1 for size in self.sets)
        if self.sets and (not whole or len(self.sets) > MAX_SETS or sum(self.sets) != len(self.domains)):
            raise ConfigError(
                f"sets must be one or two numbers that add up to the {len(self.domains)} domains, "
                f"got {one_line(repr(self.sets), 60)}."
            )
        of_sets = [name for labels in self.label_sets if labels.attributes for name in labels.domains]
        if sorted(of_sets) != sorted(self.binary):
            raise ConfigError(
                f"binary must be all domains of a set or none, got {one_line(', '.join(map(str, self.binary)), 80)}."
            )

    @property
    def label_sets(self) -> tuple[LabelSet, ...]:
        """The sets of domains, in their order."""
        return label_sets(self.domains, self.sets, self.binary)

    @property
    def choices(self) -> tuple[tuple[str, ...], ...]:
        """The groups of attributes of which a picture has at most one: as given, else `default_choices`."""
        return self.choice or default_choices(self.binary)

    @property
    def planes(self) -> int:
        """The number of label planes: of all domains and, with two sets, of the mask that tells which set it is."""
        sets = len(self.label_sets)
        return len(self.domains) + (sets if sets > 1 else 0)


@dataclass(frozen=True)
class StarGANLossWeights(LossWeights):
    """What each named term is multiplied by in the total (paper, eq. 5 and 6, section 4.2).

    adversarial: the critic's verdict on real and translated pictures.
    classification: the domains of real pictures for the critic, of translations for the generator.
    reconstruction: there and back again. penalty: of the critic's gradient between real and translated pictures.
    """

    adversarial: float = 1.0
    classification: float = 1.0
    reconstruction: float = 10.0
    penalty: float = 10.0


PRESETS = {
    "quick": Preset(
        "small pictures and networks, minutes on a CPU",
        {
            "image_size": 64, "ngf": 16, "ndf": 16, "blocks": 3, "layers": 5, "n_critic": 5, "margin": 0.0,
            "batch_size": 8, "steps": 1500, "learning_rate": 2e-4, "weight_decay": 0.0, "ema": 0.995,
            "log_every": 5, "sample_every": 50, "checkpoint_every": 100, "keep": 3,
        },
    ),
    "light": Preset(
        "narrower networks, an evening on a GPU",
        {
            "image_size": 128, "ngf": 32, "ndf": 32, "blocks": 6, "layers": 6, "n_critic": 5, "margin": 0.0,
            "batch_size": 16, "steps": 40_000, "learning_rate": 1e-4, "weight_decay": 0.0, "ema": 0.999,
            "log_every": 10, "sample_every": 250, "checkpoint_every": 1000, "keep": 3,
        },
    ),
    "paper": Preset(
        "the published networks and hyper-parameters, a day on a GPU",
        {
            # 200,000 updates of the critic, of which every fifth is followed by one of the generator.
            "image_size": 128, "ngf": 64, "ndf": 64, "blocks": 6, "layers": 6, "n_critic": 5, "margin": 0.0,
            "batch_size": 16, "steps": 40_000, "learning_rate": 1e-4, "weight_decay": 0.0, "ema": 0.0,
            "log_every": 10, "sample_every": 500, "checkpoint_every": 2000, "keep": 2,
        },
    ),
}  # fmt: skip
