"""Settings of CycleGAN: its networks, the weights of its losses, and its presets."""

from dataclasses import dataclass, field
from typing import ClassVar

from ugatit.config import NO_OPTION, LossWeights, Settings, check_choice, check_range, check_two_domains
from ugatit.errors import ConfigError
from ugatit.losses import GAN_LOSSES
from ugatit.models.generator_choice import checked_levels
from ugatit.models.preset import Preset
from ugatit.networks.cyclegan import DOWNSAMPLING
from ugatit.networks.norms import NORMS


@dataclass(frozen=True)
class CycleGANConfig(Settings):
    """The two generators and two critics of CycleGAN (Zhu et al., ICCV 2017, appendix).

    Raises ConfigError for a value out of range and for domains that are not two different, non-empty names.

    image_size: side in pixels of the pictures it is trained on.
    generator: resnet, or unet as in some published checkpoints.
    ngf: width of the generators. ndf: width of the critics. blocks: residual blocks of a ResNet.
    levels: how often a U-Net halves the size; 0 halves as often as the size allows, 8 times at most.
    layers: convolutions of the critics that halve the size; 3 judges patches of 70 px, 0 single pixels.
    norm: instance, or batch as in some published checkpoints.
    gan_loss: the critics' verdict by least-squares or cross-entropy.
    pool: earlier translations of each side that the critics are shown in place of new ones, half the time.
    critics: whether the critics are there; published generators may come without.
    both_ways: whether there is a way back to the first domain; a published generator may come alone.
    domains: what the two are called; their sources' names unless given.
    """

    heading: ClassVar[str] = "networks"

    domains: tuple[str, str] = ("A", "B")
    image_size: int = 256
    generator: str = "resnet"
    ngf: int = 64
    ndf: int = 64
    blocks: int = 9
    levels: int = 0
    layers: int = 3
    norm: str = "instance"
    gan_loss: str = "least-squares"
    pool: int = 50
    critics: bool = field(default=True, metadata=NO_OPTION)
    both_ways: bool = field(default=True, metadata=NO_OPTION)

    def __post_init__(self) -> None:
        check_two_domains(self.domains)
        if not 8 <= self.image_size <= 4096 or self.image_size % DOWNSAMPLING:
            raise ConfigError(f"image_size must be a multiple of 4 from 8 to 4096, got {self.image_size}.")
        # Upper bounds stop an untrusted config from building arbitrarily large networks.
        limits = {"ngf": (1, 1024), "ndf": (1, 1024), "blocks": (0, 64), "layers": (0, 8), "pool": (0, 10_000)}
        for name, (minimum, maximum) in limits.items():
            check_range(name, getattr(self, name), minimum, maximum)
        object.__setattr__(self, "levels", checked_levels(self.generator, self.levels, self.image_size))
        check_choice("norm", self.norm, NORMS)
        check_choice("gan_loss", self.gan_loss, tuple(GAN_LOSSES))


@dataclass(frozen=True)
class CycleGANLossWeights(LossWeights):
    """What each named term is multiplied by in the total (paper, eq. 3 and section 5.2).

    adversarial: the critics' verdict on patches.
    cycle_a: from the first domain there and back again. cycle_b: the same from the second.
    identity: a picture translated to its own domain.
    """

    adversarial: float = 1.0
    cycle_a: float = 10.0
    cycle_b: float = 10.0
    identity: float = 5.0


PRESETS = {
    "quick": Preset(
        "small pictures and networks, minutes on a CPU",
        {
            "image_size": 64, "ngf": 16, "ndf": 16, "blocks": 6, "layers": 2,
            "batch_size": 4, "steps": 3000, "learning_rate": 2e-4, "weight_decay": 0.0, "ema": 0.999,
            "log_every": 5, "sample_every": 50, "checkpoint_every": 100, "keep": 3,
        },
    ),
    "light": Preset(
        "narrower networks, an evening on a GPU",
        {
            "image_size": 256, "ngf": 32, "ndf": 32, "blocks": 9, "layers": 3,
            "batch_size": 1, "steps": 100_000, "learning_rate": 2e-4, "weight_decay": 0.0, "ema": 0.999,
            "log_every": 10, "sample_every": 250, "checkpoint_every": 1000, "keep": 3,
        },
    ),
    "paper": Preset(
        "the published networks and hyper-parameters, a day on a GPU",
        {
            # 200 epochs of about a thousand pictures.
            "image_size": 256, "ngf": 64, "ndf": 64, "blocks": 9, "layers": 3,
            "batch_size": 1, "steps": 200_000, "learning_rate": 2e-4, "weight_decay": 0.0, "ema": 0.0,
            "log_every": 10, "sample_every": 500, "checkpoint_every": 2000, "keep": 2,
        },
    ),
}  # fmt: skip
