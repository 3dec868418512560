"""pix2pix: a U-Net with dropout as noise, a critic of patches beside their source, and its loss terms.

Isola et al., CVPR 2017.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ugatit import losses
from ugatit.config import NO_OPTION, Settings, check_choice, check_range, check_two_domains
from ugatit.data.kinds import DataKind
from ugatit.errors import ConfigError
from ugatit.losses import GAN_LOSSES
from ugatit.models.base import Batch, Terms, TranslationModel
from ugatit.models.pix2pix_published import convert, is_published, published_files
from ugatit.models.preset import Preset
from ugatit.models.published_state import prefixed, published_config
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.norms import NORMS, Statistics, init_weights
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.networks.pix2pix import (
    CHANNELS,
    MAX_LEVELS,
    MIN_LEVELS,
    ConditionalDiscriminator,
    UNetGenerator,
    with_channels,
)

DIRECTIONS = ("AtoB", "BtoA")
PUBLISHED_LEVELS = 8
"""The most levels that are chosen by the image size: those of the published U-Net for 256 px."""


@dataclass(frozen=True)
class Pix2PixConfig(Settings):
    """The generator and the critic of pix2pix (Isola et al., CVPR 2017, appendix 6.1).

    Raises ConfigError for a value out of range and for domains that are not two different, non-empty names.

    domains: what the two sides of a pair are called; their sources' names unless given.
    direction: AtoB or BtoA, which side of a pair is translated to the other.
    image_size: side in pixels of the pictures it is trained on, and the only one it takes.
    levels: how often the generator halves the size; 0 halves as often as the size allows, 8 times at most.
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
    levels: int = 0
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
        limits = {"image_size": (32, 4096), "ngf": (1, 1024), "ndf": (1, 1024), "layers": (0, 8)}
        for name, (minimum, maximum) in limits.items():
            check_range(name, getattr(self, name), minimum, maximum)
        for name in ("inputs", "outputs"):
            if getattr(self, name) not in CHANNELS:
                raise ConfigError(f"{name} must be 1 or 3 channels, got {getattr(self, name)}.")
        if not self.levels:
            halvings = (self.image_size & -self.image_size).bit_length() - 1
            object.__setattr__(self, "levels", min(max(halvings, MIN_LEVELS), PUBLISHED_LEVELS))
        check_range("levels", self.levels, MIN_LEVELS, MAX_LEVELS)
        if self.image_size % 2**self.levels:
            raise ConfigError(
                f"image_size must be a multiple of {2**self.levels} for {self.levels} levels, got {self.image_size}."
            )


@dataclass(frozen=True)
class Pix2PixLossWeights(Settings):
    """What each named term is multiplied by in the total (paper, eq. 4 and section 3.3).

    Raises ConfigError for a weight that is negative, infinite or NaN.

    adversarial: the critic's verdict on patches of the translation. l1: the distance to the true answer.
    critic: the critic's own loss on true and translated pictures; halved, so that it learns slower.
    """

    heading: ClassVar[str] = "weights of the losses"

    adversarial: float = 1.0
    l1: float = 100.0
    critic: float = 0.5

    def __post_init__(self) -> None:
        for name in self.names():
            check_range(name, getattr(self, name), 0, 1e9)


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


@dataclass(frozen=True)
class Pix2PixStep:
    """Pictures of one training step. source, target: of pairs, (B, 3, H, W). fake: (B, outputs, H, W). In [-1, 1]."""

    source: Tensor
    target: Tensor
    fake: Tensor


class Pix2Pix(TranslationModel):
    """pix2pix, from one domain to another, trained on pairs (Isola et al., CVPR 2017)."""

    name: ClassVar[str] = "pix2pix"
    config_type: ClassVar[type[Pix2PixConfig]] = Pix2PixConfig
    loss_weights_type: ClassVar[type[Pix2PixLossWeights]] = Pix2PixLossWeights
    presets: ClassVar[Mapping[str, Preset]] = PRESETS
    default_preset: ClassVar[str] = "quick"
    data_kinds: ClassVar[tuple[DataKind, ...]] = (DataKind.PAIRED,)
    published_format: ClassVar[str] = "pix2pix checkpoint (latest_net_G.pth, …)"
    config: Pix2PixConfig

    def __init__(self, config: Pix2PixConfig) -> None:
        super().__init__(config)
        channels = (config.inputs, config.outputs, config.norm)
        self.generator = UNetGenerator(config.levels, config.ngf, *channels)
        if config.critics:
            self.critic = ConditionalDiscriminator(config.layers, config.ndf, *channels)

    def init_weights(self) -> None:
        """Initialise the weights of both networks with torch's global random generator."""
        init_weights(self)

    @property
    def source(self) -> str:
        """The name of the domain whose pictures are translated."""
        return self.domains[DIRECTIONS.index(self.config.direction)]

    @classmethod
    def targets_of(cls, config: Pix2PixConfig) -> tuple[str, ...]:
        return (config.domains[1 - DIRECTIONS.index(config.direction)],)

    def translate(
        self, images: Tensor, to: str, seed: int | None = 0, noise: bool = True, statistics: Statistics = "picture"
    ) -> GeneratorOutput:
        """Translate pictures, (B, 3, H, W) in [-1, 1], to domain `to`, the only target.

        By default as in the paper (section 3.3): each picture is normalised by its own statistics, and dropout is kept.
        seed: of the dropout, whose mask is the same for every picture; None draws one for each, by torch's generator.
        noise: whether there is dropout; never in a model without noise. statistics: of batch norm; "running" with
        noise=False is the published code's eval mode.
        Raises TranslationError for another domain, and PictureError for a size the model does not accept.
        """
        self.check_target(to)
        masks: list[Tensor] = []
        if noise and self.config.noise:
            # On the CPU, so that a seed gives one mask on every device.
            random = None if seed is None else torch.Generator().manual_seed(seed)
            masks = self.generator.draw_noise(len(images) if seed is None else 1, images.shape[2:], random)
        output: GeneratorOutput = self.generator(images, masks, statistics)
        return GeneratorOutput(with_channels(output.image, 3), features=output.features)

    def critics(self, to: str) -> dict[str, ConditionalDiscriminator]:
        """Return the critic by name; it takes (source, picture, statistics="picture")."""
        self.check_target(to)
        return {"patch": self.critic} if self.config.critics else {}

    def judge(self, pictures: Tensor, translations: Tensor, to: str) -> dict[str, DiscriminatorOutput]:
        return {name: critic(pictures, translations) for name, critic in self.critics(to).items()}

    @property
    def feature_channels(self) -> int:
        return 8 * self.config.ngf

    def encode(self, images: Tensor, to: str) -> Tensor:
        self.check_target(to)
        return self.generator.encode(images)[-1]

    @property
    def adversarial_loss(self) -> str:
        return self.config.gan_loss

    def canvas_rule(self) -> CanvasRule:
        return CanvasRule(2**self.config.levels, self.image_size, self.image_size)

    def patch_grids(self, to: str) -> dict[str, Grid]:
        return {name: critic.patches.patch_grid() for name, critic in self.critics(to).items()}

    def generator_modules(self) -> Mapping[str, nn.Module]:
        return {"generator": self.generator}

    def critic_modules(self) -> Mapping[str, nn.Module]:
        return {"critic": self.critic} if self.config.critics else {}

    def drawn(self, batch: Batch, random: torch.Generator) -> Batch:
        """Add the masks of dropout, other ones for each picture."""
        if not self.config.noise:
            return batch
        source = batch[self.source]
        masks = self.generator.draw_noise(len(source), source.shape[2:], random)
        return {**batch, **{f"noise.{level}": mask.to(source.device) for level, mask in enumerate(masks)}}

    def forward_step(self, batch: Mapping[str, Tensor]) -> Pix2PixStep:
        """Translate the pictures of a batch of pairs, as `drawn` gives it; batch norm sees the whole batch."""
        source, target = batch[self.source], batch[self.targets[0]]
        masks = [batch[f"noise.{level}"] for level in range(len(self.generator.noisy_levels)) if self.config.noise]
        output: GeneratorOutput = self.generator(source, masks, "batch")
        return Pix2PixStep(source, target, output.image)

    def discriminator_terms(self, step: Pix2PixStep) -> Terms:
        """Return the critic's loss on translations and on true answers, beside their sources (Isola et al., eq. 1)."""
        gan_loss = GAN_LOSSES[self.config.gan_loss]
        return {
            "critic.fake": gan_loss(self._scores(step.source, step.fake.detach()), False),
            "critic.real": gan_loss(self._scores(step.source, step.target), True),
        }

    def generator_terms(self, step: Pix2PixStep) -> Terms:
        """Return the adversarial term, in its form that does not saturate, and L1 (Isola et al. 2017, eq. 1 and 3)."""
        target = with_channels(step.target, self.config.outputs)
        return {
            "adversarial.patch": GAN_LOSSES[self.config.gan_loss](self._scores(step.source, step.fake), True),
            "l1": losses.l1(step.fake, target),
        }

    def _scores(self, source: Tensor, picture: Tensor) -> Tensor:
        # Real and translated pictures are judged one after the other: batch norm must not mix their statistics.
        output: DiscriminatorOutput = self.critic(source, picture, "batch")
        return output.patch_logits

    @property
    def shape_settings(self) -> tuple[str, ...]:
        return ("levels", "ngf", "inputs", "outputs", "norm")

    @classmethod
    def check_config(cls, config: Pix2PixConfig) -> None:
        with torch.device("meta"):
            model = cls(config)
        needed = model.critic.patches.min_side if config.critics else 0
        if needed > config.image_size:
            raise ConfigError(
                f"A critic of {config.layers} layers needs pictures of {needed} px, "
                f"the run's have {config.image_size}: set --layers lower."
            )

    @classmethod
    def fit_to_size(cls, config: Mapping[str, Any], pretrained: TranslationModel) -> dict[str, Any]:
        # Weights without a critic can be trained on with a new one.
        return {"critics": True}

    def copy_weights(self, pretrained: TranslationModel) -> list[str]:
        """Copy the weights. A critic of another shape, or that is lacking, starts anew, which a remark says."""
        assert isinstance(pretrained, Pix2Pix)
        self.generator.load_state_dict(pretrained.generator.state_dict())
        weights = pretrained.critic.state_dict() if pretrained.config.critics else {}
        if {k: v.shape for k, v in self.critic.state_dict().items()} != {k: v.shape for k, v in weights.items()}:
            return ["The critic starts anew: the weights have none of this shape."]
        self.critic.load_state_dict(weights)
        return []

    @classmethod
    def is_published(cls, checkpoint: object) -> bool:
        return is_published(checkpoint)

    @classmethod
    def published_files(cls, names: Sequence[str], chosen: str) -> dict[str, str]:
        return published_files(names, chosen)

    @classmethod
    def from_published(
        cls, checkpoint: Any, domains: tuple[str, ...] | None, image_size: int | None
    ) -> tuple[Pix2PixConfig, dict[str, Tensor]]:
        settings, networks = convert(checkpoint)
        # The published sizes, 256 px for eight levels; the shapes do not tell.
        size = image_size or 2 ** settings["levels"]
        return published_config(Pix2PixConfig, settings, domains, size), prefixed(networks)
