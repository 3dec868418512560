"""U-GAT-IT: two generators, a local and a global critic for each domain, and their loss terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from ugatit import losses
from ugatit.config import UGATITConfig
from ugatit.errors import TranslationError
from ugatit.models.base import Terms, TranslationModel
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.normalization import clamp_rho
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.networks.ugatit import DOWNSAMPLING, Discriminator, Generator, init_weights


@dataclass(frozen=True)
class DomainStep:
    """Tensors of one training step for one domain, with their graph.

    real: pictures of the domain. fake: pictures of the other domain, translated to it.
    identity: pictures of the domain, translated to itself. All three (B, 3, H, W) in [-1, 1].
    cam: (2 B, 2), the generator's CAM logits on the source pictures, then on `real`; None without attention.
    """

    real: Tensor
    fake: Tensor
    identity: Tensor
    cam: Tensor | None


UGATITStep = dict[str, DomainStep]
"""Tensors of one training step, by domain."""


def _scores(output: DiscriminatorOutput) -> dict[str, Tensor]:
    """Return the logits of a critic by the kind of loss term they are used for."""
    scores = {"adversarial": output.patch_logits}
    if output.cam_logits is not None:
        scores["adversarial_cam"] = output.cam_logits
    return scores


class UGATIT(TranslationModel):
    """U-GAT-IT, full or light, for two domains (Kim et al., ICLR 2020)."""

    name: ClassVar[str] = "ugatit"
    config_type: ClassVar[type[UGATITConfig]] = UGATITConfig
    config: UGATITConfig

    def __init__(self, config: UGATITConfig) -> None:
        super().__init__()
        self.config = config
        cam = config.attention
        generator = (config.image_size, config.ngf, config.blocks, config.light, config.keep_colors, cam)
        self.generator_ab = Generator(*generator)
        self.generator_ba = Generator(*generator)
        self.global_a = Discriminator(config.ndf, config.global_layers, cam)
        self.global_b = Discriminator(config.ndf, config.global_layers, cam)
        self.local_a = Discriminator(config.ndf, config.local_layers, cam)
        self.local_b = Discriminator(config.ndf, config.local_layers, cam)

    def init_weights(self) -> None:
        """Initialise the weights of every network with torch's global random generator."""
        for network in (*self.generator_modules().values(), *self.critic_modules().values()):
            init_weights(network)

    @property
    def domains(self) -> tuple[str, str]:
        return self.config.domains

    @property
    def image_size(self) -> int:
        return self.config.image_size

    def generator(self, to: str) -> Generator:
        """Return the generator that translates to domain `to`. Raises TranslationError for an unknown domain."""
        self.check_target(to)
        return self.generator_ab if to == self.domains[1] else self.generator_ba

    def critics(self, to: str) -> dict[str, Discriminator]:
        self.check_target(to)
        if to == self.domains[0]:
            return {"local": self.local_a, "global": self.global_a}
        return {"local": self.local_b, "global": self.global_b}

    def translate(self, images: Tensor, to: str) -> GeneratorOutput:
        output: GeneratorOutput = self.generator(to)(images)
        return output

    def canvas_rule(self) -> CanvasRule:
        # A multiple of DOWNSAMPLING for any depth of the critics: 8, or 3 times a power of two that is 4 or more.
        min_side = max(8, self.global_a.min_side, self.local_a.min_side)
        square = None if self.config.light else self.config.image_size
        return CanvasRule(DOWNSAMPLING, min_side, square)

    def attention_grids(self, to: str) -> dict[str, Grid]:
        if not self.config.attention:
            return {}
        critics = {name: critic.attention_grid() for name, critic in self.critics(to).items()}
        return {"generator": self.generator(to).attention_grid(), **critics}

    def generator_modules(self) -> Mapping[str, nn.Module]:
        return {"generator_ab": self.generator_ab, "generator_ba": self.generator_ba}

    def critic_modules(self) -> Mapping[str, nn.Module]:
        names = ("global_a", "global_b", "local_a", "local_b")
        return {name: getattr(self, name) for name in names}

    def forward_step(self, batch: Mapping[str, Tensor]) -> UGATITStep:
        """Run each generator once, on one batch of source pictures and pictures of its own target domain."""
        step = {}
        for domain in self.domains:
            real, source = batch[domain], batch[self.other(domain)]
            output = self.translate(torch.cat([source, real]), to=domain)
            count = len(source)
            step[domain] = DomainStep(
                real=real,
                fake=output.image[:count],
                identity=output.image[count:],
                cam=output.cam_logits,
            )
        return step

    def discriminator_terms(self, step: UGATITStep) -> Terms:
        """Run every critic once, on one batch of real and translated pictures (Kim et al. 2020, eq. 3, 7).

        Returns terms such as `adversarial.global.A` for the patches and `adversarial_cam.global.A` for the CAM logits.
        """
        terms: Terms = {}
        for domain, tensors in step.items():
            pictures = torch.cat([tensors.real, tensors.fake.detach()])
            for name, critic in self.critics(domain).items():
                output: DiscriminatorOutput = critic(pictures)
                for kind, scores in _scores(output).items():
                    on_real, on_fake = scores.split(len(tensors.real))
                    terms[f"{kind}.{name}.{domain}"] = losses.lsgan(on_real, True) + losses.lsgan(on_fake, False)
        return terms

    def generator_terms(self, step: UGATITStep) -> Terms:
        """Return adversarial, cycle, identity and CAM terms, with the updated critics (Kim et al. 2020, eq. 3 to 7)."""
        terms: Terms = {}
        for domain, tensors in step.items():
            for name, critic in self.critics(domain).items():
                output: DiscriminatorOutput = critic(tensors.fake)
                for kind, scores in _scores(output).items():
                    terms[f"{kind}.{name}.{domain}"] = losses.lsgan(scores, True)
            reconstruction = self.translate(step[self.other(domain)].fake, to=domain).image
            terms[f"cycle.{domain}"] = losses.cycle(reconstruction, tensors.real)
            terms[f"identity.{domain}"] = losses.identity(tensors.identity, tensors.real)
            if tensors.cam is not None:
                terms[f"cam.{domain}"] = losses.cam(*tensors.cam.split(len(tensors.real)))
        return terms

    def freeze(self, part: str) -> None:
        if part != "encoder":
            raise TranslationError(f"U-GAT-IT can freeze its encoder, not {part!r}.")
        for generator in (self.generator_ab, self.generator_ba):
            generator.encoder.requires_grad_(False)

    def after_generator_step(self) -> None:
        clamp_rho(self.generator_ab)
        clamp_rho(self.generator_ba)

    def mixing(self) -> Terms:
        return {
            name.removesuffix(".rho"): parameter.detach()
            for name, parameter in self.named_parameters()
            if name.endswith(".rho")
        }
