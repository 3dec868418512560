"""CycleGAN: two generators, a patch critic for each domain, and their loss terms (Zhu et al., ICCV 2017)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ugatit import losses
from ugatit.errors import ConfigError
from ugatit.losses import GAN_LOSSES
from ugatit.models.base import Draw, Terms, TranslationModel
from ugatit.models.cyclegan_config import PRESETS, CycleGANConfig, CycleGANLossWeights
from ugatit.models.cyclegan_published import convert, is_published, published_files
from ugatit.models.fitting import load_if_fitting
from ugatit.models.preset import Preset
from ugatit.models.published_state import prefixed, published_config
from ugatit.networks.cyclegan import DOWNSAMPLING, ResnetGenerator
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.norms import init_weights
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.networks.patchgan import PatchDiscriminator
from ugatit.networks.pix2pix import UNetGenerator


@dataclass(frozen=True)
class DomainStep:
    """Pictures of one training step for one domain, (B, 3, H, W) in [-1, 1] each.

    real: of the domain. fake: of the other domain, translated to it. identity: of the domain, translated to itself.
    """

    real: Tensor
    fake: Tensor
    identity: Tensor


CycleGANStep = dict[str, DomainStep]
"""Pictures of one training step, by domain."""


Generator = ResnetGenerator | UNetGenerator
Network = Callable[[Tensor], GeneratorOutput | DiscriminatorOutput]


class CycleGAN(TranslationModel):
    """CycleGAN for two domains (Zhu et al., ICCV 2017)."""

    name: ClassVar[str] = "cyclegan"
    config_type: ClassVar[type[CycleGANConfig]] = CycleGANConfig
    loss_weights_type: ClassVar[type[CycleGANLossWeights]] = CycleGANLossWeights
    presets: ClassVar[Mapping[str, Preset]] = PRESETS
    default_preset: ClassVar[str] = "quick"
    generators_first: ClassVar[bool] = True
    published_format: ClassVar[str] = "CycleGAN checkpoint (latest_net_G_A.pth, …)"
    config: CycleGANConfig

    def __init__(self, config: CycleGANConfig) -> None:
        super().__init__(config)
        self.generator_ab = _make_generator(config)
        if config.both_ways:
            self.generator_ba = _make_generator(config)
        if config.critics:
            self.critic_a = PatchDiscriminator(config.layers, config.ndf, norm=config.norm)
            self.critic_b = PatchDiscriminator(config.layers, config.ndf, norm=config.norm)

    def init_weights(self) -> None:
        """Initialise the weights of every network with torch's global random generator."""
        init_weights(self)

    @classmethod
    def targets_of(cls, config: CycleGANConfig) -> tuple[str, ...]:
        return config.domains if config.both_ways else config.domains[1:]

    def generator(self, to: str) -> Generator:
        """Return the generator that translates to domain `to`. Raises TranslationError for an unknown domain."""
        self.check_target(to)
        return self.generator_ab if to == self.domains[1] else self.generator_ba

    def critics(self, to: str) -> dict[str, PatchDiscriminator]:
        self.check_target(to)
        if not self.config.critics:
            return {}
        return {"patch": self.critic_a if to == self.domains[0] else self.critic_b}

    def translate(self, images: Tensor, to: str) -> GeneratorOutput:
        generator = self.generator(to)
        output: GeneratorOutput
        if isinstance(generator, UNetGenerator):
            # Unlike in pix2pix there is no noise, and batch norm goes by the running statistics once trained.
            output = generator(images, statistics="batch" if self.training else "running")
            return GeneratorOutput(output.image)
        output = generator(images)
        return output

    @property
    def adversarial_loss(self) -> str:
        return self.config.gan_loss

    def canvas_rule(self) -> CanvasRule:
        if self.config.generator == "unet":
            return CanvasRule(2**self.config.levels, self.image_size, self.image_size)
        # From 8 up any depth of the critics gives a multiple of DOWNSAMPLING: 3 times a power of two that is 4 or more.
        return CanvasRule(DOWNSAMPLING, max(2 * DOWNSAMPLING, self._smallest_judged))

    @property
    def _smallest_judged(self) -> int:
        """The smallest side in pixels that the critics take; 0 without critics."""
        return self.critic_b.min_side if self.config.critics else 0

    def patch_grids(self, to: str) -> dict[str, Grid]:
        return {name: critic.patch_grid() for name, critic in self.critics(to).items()}

    def generator_modules(self) -> Mapping[str, nn.Module]:
        names = ("generator_ab", "generator_ba") if self.config.both_ways else ("generator_ab",)
        return {name: getattr(self, name) for name in names}

    def critic_modules(self) -> Mapping[str, nn.Module]:
        return {"critic_a": self.critic_a, "critic_b": self.critic_b} if self.config.critics else {}

    def forward_step(self, batch: Mapping[str, Tensor]) -> CycleGANStep:
        """Run each generator on the pictures of the other domain and on those of its own."""
        step = {}
        for domain, other in (self.domains, self.domains[::-1]):
            fake, identity = self._run(partial(self.translate, to=domain), batch[other], batch[domain])
            step[domain] = DomainStep(batch[domain], fake, identity)
        return step

    @property
    def pool_size(self) -> int:
        return self.config.pool

    def replayed(self, step: CycleGANStep, draw: Draw) -> CycleGANStep:
        """Show the critics earlier fakes too, of each domain from its own pool (section 4)."""
        return {domain: replace(tensors, fake=draw(domain, tensors.fake.detach())) for domain, tensors in step.items()}

    def discriminator_terms(self, step: CycleGANStep) -> Terms:
        """Return half the sum of each critic's loss on real and fake pictures: it learns slower than the generators."""
        gan_loss = GAN_LOSSES[self.config.gan_loss]
        terms: Terms = {}
        for domain, tensors in step.items():
            for name, critic in self.critics(domain).items():
                on_real, on_fake = self._run(critic, tensors.real, tensors.fake.detach())
                both = gan_loss(on_real, True) + gan_loss(on_fake, False)
                terms[f"adversarial.{name}.{domain}"] = both / 2
        return terms

    def generator_terms(self, step: CycleGANStep) -> Terms:
        """Return adversarial, cycle and identity terms (Zhu et al. 2017, eq. 1 and 2, section 5.2)."""
        gan_loss = GAN_LOSSES[self.config.gan_loss]
        terms: Terms = {}
        for cycle, domain, other in (("cycle_a", *self.domains), ("cycle_b", *self.domains[::-1])):
            tensors = step[domain]
            for name, critic in self.critics(domain).items():
                terms[f"adversarial.{name}.{domain}"] = gan_loss(critic(tensors.fake).patch_logits, True)
            reconstruction = self.translate(step[other].fake, to=domain).image
            terms[f"{cycle}.{domain}"] = losses.cycle(reconstruction, tensors.real)
            terms[f"identity.{domain}"] = losses.identity(tensors.identity, tensors.real)
        return terms

    def _run(self, network: Network, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
        """Return a network's pictures or patch logits for two batches of one size."""

        def values(images: Tensor) -> Tensor:
            output = network(images)
            result: Tensor = output.image if isinstance(output, GeneratorOutput) else output.patch_logits
            return result

        if self.config.norm == "batch":
            # One by one: their statistics must not mix real with fake pictures, or one domain with the other.
            return values(first), values(second)
        of_first, of_second = values(torch.cat([first, second])).split(len(first))
        return of_first, of_second

    @property
    def shape_settings(self) -> tuple[str, ...]:
        return ("generator", "ngf", "blocks", "levels", "norm")

    @classmethod
    def check_config(cls, config: CycleGANConfig) -> None:
        with torch.device("meta"):
            needed = cls(config)._smallest_judged
        if needed > config.image_size:
            raise ConfigError(
                f"Critics of {config.layers} layers need pictures of {needed} px, "
                f"the run's have {config.image_size}: set --layers lower."
            )

    @classmethod
    def fit_to_size(cls, config: Mapping[str, Any], pretrained: TranslationModel) -> dict[str, Any]:
        # Weights without critics, or without a way back, can be trained on with new ones.
        return {"critics": True, "both_ways": True}

    def copy_weights(self, pretrained: TranslationModel) -> list[str]:
        """Copy the weights by domain, also if the domains are in the other order.

        Networks of another shape, or that the weights lack, keep their initial weights, which a remark says.
        """
        assert isinstance(pretrained, CycleGAN)
        swapped = self.domains == pretrained.domains[::-1]
        known = " and ".join(pretrained.domains)
        remarks = [f"The weights know {known} in the other order: matched by name."] * swapped
        anew = []
        for domain, source in zip(self.domains, pretrained.domains[:: -1 if swapped else 1], strict=True):
            theirs = pretrained.networks(source) if source in pretrained.targets else {}
            for name, network in self.networks(domain).items():
                weights = theirs[name].state_dict() if name in theirs else {}
                if not load_if_fitting(network, weights):
                    anew.append(f"{name} of {domain}")
        if anew:
            remarks.append(f"These networks start anew, as the weights have none of their shape: {', '.join(anew)}.")
        return remarks

    def networks(self, to: str) -> dict[str, nn.Module]:
        """Return the generator and the critics of a domain by name. Raises TranslationError as `generator` does."""
        return {"generator": self.generator(to), **self.critics(to)}

    @classmethod
    def is_published(cls, checkpoint: object) -> bool:
        return is_published(checkpoint)

    @classmethod
    def published_files(cls, names: Sequence[str], chosen: str) -> dict[str, str]:
        return published_files(names, chosen)

    @classmethod
    def from_published(
        cls, checkpoint: Any, domains: tuple[str, ...] | None, image_size: int | None
    ) -> tuple[CycleGANConfig, dict[str, Tensor]]:
        settings, networks = convert(checkpoint)
        return published_config(CycleGANConfig, settings, domains, image_size), prefixed(networks)


def _make_generator(config: CycleGANConfig) -> Generator:
    if config.generator == "unet":
        return UNetGenerator(config.levels, config.ngf, norm=config.norm)
    return ResnetGenerator(config.ngf, config.blocks, config.norm)
