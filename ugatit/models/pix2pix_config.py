"""Settings of pix2pix: its networks, the weights of its losses, and its presets."""

from dataclasses import dataclass, field
from typing import ClassVar

from ugatit.config import NO_OPTION, LossWeights, Settings, check_choice, check_range, check_two_domains
from ugatit.errors import ConfigError
from ugatit.losses import GAN_LOSSES
from ugatit.models.generator_choice import checked_levels
from ugatit.models.preset import Preset
from ugatit.networks.norms import NORMS
from ugatit.networks.pix2pix import CHANNELS

DIRECTIONS = ("AtoB", "BtoA")


@dataclass(frozen=True)
class Pix2PixConfig(Settings):
    """The generator and the critic of pix2pix (Isola et al., CVPR 2017, appendix 6.1).

    Raises ConfigError for a value out of range and for domains that are not two different, non-empty names.

    domains: what the two sides of a pair are called; their sources' names unless given.
    direction: AtoB or BtoA, which side of a pair is translated to the other.
    image_size: side in pixels of the pictures it is trained on, and the only one it takes.
    generator: unet, or resnet as in some published checkpoints.
    levels: how often the generator halves the size; 0 halves as often as the size allows, 8 times at most, a ResNet
    twice.
    blocks: residual blocks of a ResNet.
    ngf: width of the generator. ndf: width of the critic.
    layers: convolutions of the critic that halve the size; 0 judges single pixels, 1 patches of 16 px, 3 of 70, 5 of
    286.
    inputs, outputs: channels that pictures are read and drawn with, 3 or, for grey ones, 1.
    norm: batch or instance.
    gan_loss: the critic's verdict by cross-entropy or least-squares.
    noise: dropout in the generator, in training and in translation.
    critics: whether the critic is there; a published generator may come without.
    """

    heading: ClassVar[str] = "networks"

    domains: tuple[str, str] = ("A", "B")
    direction: str = "AtoB"
    image_size: int = 256
    generator: str = "unet"
    levels: int = 0
    blocks: int = 9
    ngf: int = 64
    ndf: int = 64
    layers: int = 3
    inputs: int = 3
    outputs: int = 3
    norm: str = "batch"
    gan_loss: str = "cross-entropy"
    noise: bool = True
    critics: bool = field(default=True, metadata=NO_OPTION)

    def __post_init__(self) -> None:
        check_two_domains(self.domains)
        check_choice("direction", self.direction, DIRECTIONS)
        check_choice("norm", self.norm, NORMS)
        check_choice("gan_loss", self.gan_loss, tuple(GAN_LOSSES))
        # Upper bounds stop an untrusted config from building arbitrarily large networks.
        limits = {"image_size": (32, 4096), "ngf": (1, 1024), "ndf": (1, 1024), "layers": (0, 8), "blocks": (0, 64)}
        for name, (minimum, maximum) in limits.items():
            check_range(name, getattr(self, name), minimum, maximum)
        for name in ("inputs", "outputs"):
            if getattr(self, name) not in CHANNELS:
                raise ConfigError(f"{name} must be 1 or 3 channels, got {getattr(self, name)}.")
        object.__setattr__(self, "levels", checked_levels(self.generator, self.levels, self.image_size))


@dataclass(frozen=True)
class Pix2PixLossWeights(LossWeights):
    """What each named term is multiplied by in the total (paper, eq. 4 and section 3.3).

    adversarial: the critic's verdict on patches of the translation. l1: the distance to the true answer.
    critic: the critic's own loss on true and translated pictures; halved, so that it learns slower.
    """

    adversarial: float = 1.0
    l1: float = 100.0
    critic: float = 0.5


PRESETS = {
    "quick": Preset(
        "small pictures and networks, minutes on a CPU",
        {
            # One picture at a time, as published: batch norm then sees what it sees when it translates.
            "image_size": 64, "ngf": 16, "ndf": 16, "layers": 2,
            "batch_size": 1, "steps": 6000, "learning_rate": 2e-4, "weight_decay": 0.0, "ema": 0.0,
            "log_every": 10, "sample_every": 100, "checkpoint_every": 200, "keep": 3,
        },
    ),
    "paper": Preset(
        "the published networks and hyper-parameters, hours on a GPU",
        {
            # 200 epochs of the 400 pairs of facades.
            "image_size": 256, "ngf": 64, "ndf": 64, "layers": 3,
            "batch_size": 1, "steps": 80_000, "learning_rate": 2e-4, "weight_decay": 0.0, "ema": 0.0,
            "log_every": 10, "sample_every": 500, "checkpoint_every": 2000, "keep": 2,
        },
    ),
}  # fmt: skip
