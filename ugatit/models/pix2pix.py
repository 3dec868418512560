"""pix2pix: a U-Net with dropout as noise, a critic of patches beside their source, and its loss terms.

Isola et al., CVPR 2017.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ugatit import losses
from ugatit.data.kinds import DataKind
from ugatit.errors import ConfigError
from ugatit.losses import GAN_LOSSES
from ugatit.models.base import Batch, Terms, TranslationModel
from ugatit.models.fitting import load_if_fitting
from ugatit.models.pix2pix_config import DIRECTIONS, PRESETS, Pix2PixConfig, Pix2PixLossWeights
from ugatit.models.pix2pix_published import convert, is_published, published_files
from ugatit.models.preset import Preset
from ugatit.models.published_state import prefixed, published_config
from ugatit.networks.cyclegan import DOWNSAMPLING
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.norms import Statistics, init_weights
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.networks.pix2pix import ConditionalDiscriminator, UNetGenerator, with_channels
from ugatit.networks.pix2pix_resnet import NoisyResnetGenerator


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
        channels = (config.inputs, config.outputs)
        self.generator: UNetGenerator | NoisyResnetGenerator
        if config.generator == "unet":
            self.generator = UNetGenerator(config.levels, config.ngf, *channels, config.norm)
        else:
            self.generator = NoisyResnetGenerator(config.ngf, config.blocks, config.norm, *channels)
        if config.critics:
            self.critic = ConditionalDiscriminator(config.layers, config.ndf, *channels, config.norm)

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
        return 8 * self.config.ngf if isinstance(self.generator, UNetGenerator) else 0

    def encode(self, images: Tensor, to: str) -> Tensor:
        self.check_target(to)
        if not isinstance(self.generator, UNetGenerator):
            return super().encode(images, to)
        return self.generator.encode(images)[-1]

    @property
    def adversarial_loss(self) -> str:
        return self.config.gan_loss

    def canvas_rule(self) -> CanvasRule:
        # A ResNet takes other sizes too, as long as the critic does; a U-Net halves to a single cell.
        if isinstance(self.generator, UNetGenerator):
            return CanvasRule(2**self.config.levels, self.image_size, self.image_size)
        return CanvasRule(DOWNSAMPLING, max(2 * DOWNSAMPLING, self._smallest_judged))

    @property
    def _smallest_judged(self) -> int:
        """The smallest side in pixels that the critic takes; 0 without a critic."""
        return self.critic.patches.min_side if self.config.critics else 0

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
        return ("generator", "levels", "blocks", "ngf", "inputs", "outputs", "norm")

    @classmethod
    def check_config(cls, config: Pix2PixConfig) -> None:
        with torch.device("meta"):
            needed = cls(config)._smallest_judged
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
        fits = load_if_fitting(self.critic, weights)
        return [] if fits else ["The critic starts anew: the weights have none of this shape."]

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
        return published_config(Pix2PixConfig, settings, domains, image_size), prefixed(networks)
