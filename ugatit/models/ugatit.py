"""U-GAT-IT: two generators, a local and a global critic for each domain, and their loss terms."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ugatit import losses
from ugatit.config import LossWeights, Settings, check_range, check_two_domains
from ugatit.errors import ConfigError, TranslationError, WeightsError
from ugatit.models.base import Terms, TranslationModel
from ugatit.models.fitting import load_if_fitting
from ugatit.models.preset import Preset
from ugatit.models.ugatit_published import convert, extract_networks, is_published, settings_from_shapes
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.normalization import clamp_rho
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.networks.ugatit import DOWNSAMPLING, Discriminator, Generator, init_weights
from ugatit.text import one_line


@dataclass(frozen=True)
class UGATITConfig(Settings):
    """The two generators and four critics of U-GAT-IT (Kim et al., ICLR 2020, appendix).

    Raises ConfigError for a value out of range and for domains that are not two different, non-empty names.

    image_size: side in pixels of the pictures it is trained on. light: gamma and beta from pooled features.
    ngf: width of the generators. ndf: width of the critics. blocks: residual blocks before and after the attention.
    global_layers: depth of the global critics; 0 takes log2(image_size) - 1.
    local_layers: depth of the local critics; 0 takes two fewer, 3 at least.
    keep_colors: draw relative to the source's mean and spread of each colour, which the paper's networks cannot see.
    attention: CAM attention in all networks; without it, to see what it brings, there are no maps.
    domains: what the two are called; their sources' names unless given.
    """

    heading: ClassVar[str] = "networks"

    domains: tuple[str, str] = ("A", "B")
    image_size: int = 256
    light: bool = True
    ngf: int = 64
    ndf: int = 64
    blocks: int = 4
    global_layers: int = 0
    local_layers: int = 0
    keep_colors: bool = False
    attention: bool = True

    def __post_init__(self) -> None:
        check_two_domains(self.domains)
        if not 32 <= self.image_size <= 4096 or self.image_size % 4:
            raise ConfigError(f"image_size must be a multiple of 4 from 32 to 4096, got {self.image_size}.")
        # Upper bounds stop an untrusted config from building arbitrarily large networks.
        for name, minimum, maximum in (("ngf", 1, 1024), ("ndf", 1, 1024), ("blocks", 0, 64)):
            check_range(name, getattr(self, name), minimum, maximum)
        if not self.global_layers:
            object.__setattr__(self, "global_layers", int(math.log2(self.image_size)) - 1)
        if not self.local_layers:
            object.__setattr__(self, "local_layers", max(3, self.global_layers - 2))
        for name in ("global_layers", "local_layers"):
            check_range(name, getattr(self, name), 3, 12)


@dataclass(frozen=True)
class UGATITLossWeights(LossWeights):
    """What each named term is multiplied by in the total (paper, eq. 8).

    adversarial: the critics' verdict on patches. adversarial_cam: their verdict on the whole picture.
    cycle: there and back again. identity: a picture translated to its own domain.
    cam: the generators' auxiliary classifier.
    """

    adversarial: float = 1.0
    adversarial_cam: float = 1.0
    cycle: float = 10.0
    identity: float = 10.0
    cam: float = 1000.0


PRESETS = {
    "quick": Preset(
        "small pictures and networks, minutes on a CPU",
        {
            "image_size": 64, "light": True, "ngf": 16, "ndf": 16,
            # With the published 1000, the CAM gradient dominates all others in a small encoder for a thousand steps.
            "cam": 100.0,
            "batch_size": 4, "steps": 3000, "learning_rate": 2e-4, "ema": 0.999,
            "log_every": 5, "sample_every": 50, "checkpoint_every": 100, "keep": 3,
        },
    ),
    "light": Preset(
        "the published light networks, an evening on a GPU",
        {
            "image_size": 256, "light": True, "ngf": 64, "ndf": 64, "cam": 1000.0,
            "batch_size": 1, "steps": 100_000, "learning_rate": 1e-4, "ema": 0.999,
            "log_every": 10, "sample_every": 250, "checkpoint_every": 1000, "keep": 3,
        },
    ),
    "paper": Preset(
        "the published full networks and hyper-parameters, days on a large GPU",
        {
            "image_size": 256, "light": False, "ngf": 64, "ndf": 64, "cam": 1000.0,
            "batch_size": 1, "steps": 1_000_000, "learning_rate": 1e-4, "ema": 0.0,
            # A checkpoint of six full networks and their moments is larger than 10 GB.
            "log_every": 10, "sample_every": 1000, "checkpoint_every": 5000, "keep": 2,
        },
    ),
}  # fmt: skip


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
    loss_weights_type: ClassVar[type[UGATITLossWeights]] = UGATITLossWeights
    presets: ClassVar[Mapping[str, Preset]] = PRESETS
    default_preset: ClassVar[str] = "quick"
    freezable_parts: ClassVar[tuple[str, ...]] = ("encoder",)
    published_format: ClassVar[str] = "U-GAT-IT checkpoint (genA2B, … disLB)"
    config: UGATITConfig

    def __init__(self, config: UGATITConfig) -> None:
        super().__init__(config)
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

    def generator(self, to: str) -> Generator:
        """Return the generator that translates to domain `to`. Raises TranslationError for an unknown domain."""
        self.check_target(to)
        return self.generator_ab if to == self.domains[1] else self.generator_ba

    def critics(self, to: str) -> dict[str, Discriminator]:
        self.check_target(to)
        if to == self.domains[0]:
            return {"local": self.local_a, "global": self.global_a}
        return {"local": self.local_b, "global": self.global_b}

    def _other(self, domain: str) -> str:
        return self.domains[1] if domain == self.domains[0] else self.domains[0]

    def translate(self, images: Tensor, to: str) -> GeneratorOutput:
        output: GeneratorOutput = self.generator(to)(images)
        return output

    @property
    def feature_channels(self) -> int:
        return DOWNSAMPLING * self.config.ngf

    def encode(self, images: Tensor, to: str) -> Tensor:
        return self.generator(to).encode(images)

    def canvas_rule(self) -> CanvasRule:
        # A multiple of DOWNSAMPLING for any depth of the critics: 8, or 3 times a power of two that is 4 or more.
        min_side = max(8, self.global_a.min_side, self.local_a.min_side)
        square = None if self.config.light else self.config.image_size
        return CanvasRule(DOWNSAMPLING, min_side, square)

    def attention_grids(self, to: str) -> dict[str, Grid]:
        return {name: network.attention_grid() for name, network in self.cam_networks(to).items()}

    def patch_grids(self, to: str) -> dict[str, Grid]:
        return {name: critic.patch_grid() for name, critic in self.critics(to).items()}

    def cam_networks(self, to: str) -> dict[str, Generator | Discriminator]:
        networks: dict[str, Generator | Discriminator] = {"generator": self.generator(to), **self.critics(to)}
        return networks if self.config.attention else {}

    @classmethod
    def has_attention(cls, network: Mapping[str, Any]) -> bool:
        return bool(network.get("attention", True))

    def generator_modules(self) -> Mapping[str, nn.Module]:
        return {"generator_ab": self.generator_ab, "generator_ba": self.generator_ba}

    def critic_modules(self) -> Mapping[str, nn.Module]:
        names = ("global_a", "global_b", "local_a", "local_b")
        return {name: getattr(self, name) for name in names}

    def forward_step(self, batch: Mapping[str, Tensor]) -> UGATITStep:
        """Run each generator once, on one batch of source pictures and pictures of its own target domain."""
        step = {}
        for domain in self.domains:
            real, source = batch[domain], batch[self._other(domain)]
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
            reconstruction = self.translate(step[self._other(domain)].fake, to=domain).image
            terms[f"cycle.{domain}"] = losses.cycle(reconstruction, tensors.real)
            terms[f"identity.{domain}"] = losses.identity(tensors.identity, tensors.real)
            if tensors.cam is not None:
                terms[f"cam.{domain}"] = losses.cam(*tensors.cam.split(len(tensors.real)))
        return terms

    @property
    def shape_settings(self) -> tuple[str, ...]:
        # The MLP of the full generator depends on the image size.
        return ("light", "ngf", "blocks", "attention", *(() if self.config.light else ("image_size",)))

    @classmethod
    def check_config(cls, config: UGATITConfig) -> None:
        with torch.device("meta"):
            min_side = cls(config).canvas_rule().min_side
        if min_side > config.image_size:
            raise ConfigError(
                f"Critics of {config.global_layers} and {config.local_layers} layers need pictures of {min_side} px, "
                f"the run's have {config.image_size}: set --global-layers and --local-layers lower, or leave them out."
            )

    @classmethod
    def fit_to_size(cls, config: Mapping[str, Any], pretrained: TranslationModel) -> dict[str, Any]:
        if config["image_size"] >= pretrained.canvas_rule().min_side:
            return {}
        # The critics are too deep for pictures of this size: use new ones of the default depth.
        return {"global_layers": 0, "local_layers": 0}

    def copy_weights(self, pretrained: TranslationModel) -> list[str]:
        """Copy the weights by domain, also if the domains are in the other order.

        Critics of another depth or width keep their initial weights, which a remark says.
        """
        assert isinstance(pretrained, UGATIT)
        swapped = self.domains == pretrained.domains[::-1]
        known = " and ".join(pretrained.domains)
        remarks = [f"The weights know {known} in the other order: matched by name."] * swapped
        reset: list[str] = []
        sources = pretrained.domains[::-1] if swapped else pretrained.domains
        for domain, source in zip(self.domains, sources, strict=True):
            self.generator(domain).load_state_dict(pretrained.generator(source).state_dict())
            for name, critic in self.critics(domain).items():
                weights = pretrained.critics(source)[name].state_dict()
                if not load_if_fitting(critic, weights) and name not in reset:
                    reset.append(name)
        for name in reset:
            depth, known_depth = (getattr(config, f"{name}_layers") for config in (self.config, pretrained.config))
            remarks.append(
                f"The {name} critics start anew: {depth} layers of width {self.config.ndf}, "
                f"where the weights have {known_depth} of width {pretrained.config.ndf}."
            )
        return remarks

    @classmethod
    def is_published(cls, checkpoint: object) -> bool:
        return is_published(checkpoint)

    @classmethod
    def from_published(
        cls, checkpoint: Any, domains: tuple[str, ...] | None, image_size: int | None
    ) -> tuple[UGATITConfig, dict[str, Tensor]]:
        networks = extract_networks(checkpoint)
        settings = settings_from_shapes(networks, image_size)
        if domains is not None:
            settings["domains"] = domains
        try:
            config = UGATITConfig(**settings)
        except ConfigError as error:
            raise WeightsError(f"The checkpoint's shapes give no U-GAT-IT: {one_line(error)}") from error
        state = convert(networks, config.blocks, config.global_layers, config.local_layers)
        return config, state

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
