"""A toy model of any number of domains: one generator and one critic without attention."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ugatit import losses
from ugatit.config import Settings
from ugatit.data import DataKind
from ugatit.models import Terms, TranslationModel
from ugatit.models.preset import Preset
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput


@dataclass(frozen=True)
class ToyConfig(Settings):
    """The two networks of the toy model.

    domains: what they are called. image_size: side in pixels of the pictures. width: channels of both networks.
    """

    heading: ClassVar[str] = "networks"

    domains: tuple[str, ...] = ("A", "B", "C")
    image_size: int = 32
    width: int = 8


@dataclass(frozen=True)
class ToyLossWeights(Settings):
    """What each named term is multiplied by in the total.

    adversarial: the critic's verdict on patches. cycle: there and back again.
    """

    heading: ClassVar[str] = "weights of the losses"

    adversarial: float = 1.0
    cycle: float = 10.0


class Critic(nn.Module):
    """Score whether 4×4 patches are real pictures of one domain, which is one channel of a shared network."""

    def __init__(self, network: nn.Module, domain: int) -> None:
        super().__init__()
        self.network, self.domain = network, domain

    def forward(self, images: Tensor) -> DiscriminatorOutput:
        return DiscriminatorOutput(patch_logits=self.network(images)[:, self.domain, None])


class Toy(TranslationModel):
    """Translate to any of the domains: the generator gets the target as planes of zeros and ones."""

    name = "toy"
    config_type, loss_weights_type = ToyConfig, ToyLossWeights
    presets: ClassVar[Mapping[str, Preset]] = {"quick": Preset("a first try", {"steps": 200, "batch_size": 2})}
    default_preset = "quick"
    data_kinds = (DataKind.FOLDERS,)

    def __init__(self, config: ToyConfig) -> None:
        super().__init__(config)
        count, width = len(config.domains), config.width
        self.generator = nn.Sequential(
            nn.Conv2d(3 + count, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, 3, 3, padding=1), nn.Tanh()
        )
        self.critic = nn.Sequential(nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(width, count, 1))

    def canvas_rule(self) -> CanvasRule:
        return CanvasRule(multiple=2, min_side=8)

    def translate(self, images: Tensor, to: str) -> GeneratorOutput:
        self.check_target(to)
        planes = images.new_zeros(len(images), len(self.domains), *images.shape[2:])
        planes[:, self.domains.index(to)] = 1
        return GeneratorOutput(self.generator(torch.cat([images, planes], dim=1)))

    def critics(self, to: str) -> dict[str, nn.Module]:
        self.check_target(to)
        return {"patch": Critic(self.critic, self.domains.index(to))}

    def patch_grids(self, to: str) -> dict[str, Grid]:
        return {"patch": Grid().conv(4, 2, 1)}

    def generator_modules(self) -> dict[str, nn.Module]:
        return {"generator": self.generator}

    def critic_modules(self) -> dict[str, nn.Module]:
        return {"critic": self.critic}

    def forward_step(self, batch: Mapping[str, Tensor]) -> Any:
        origins = {self.sample_target(origin): origin for origin in self.domains}
        return {
            to: (batch[to], batch[origin], origin, self.translate(batch[origin], to)) for to, origin in origins.items()
        }

    def discriminator_terms(self, step: Any) -> Terms:
        terms = {}
        for to, (real, _, _, fake) in step.items():
            critic = self.critics(to)["patch"]
            on_real, on_fake = critic(real).patch_logits, critic(fake.image.detach()).patch_logits
            terms[f"adversarial.{to}"] = losses.lsgan(on_real, True) + losses.lsgan(on_fake, False)
        return terms

    def generator_terms(self, step: Any) -> Terms:
        terms = {}
        for to, (_, source, origin, fake) in step.items():
            terms[f"adversarial.{to}"] = losses.lsgan(self.critics(to)["patch"](fake.image).patch_logits, True)
            terms[f"cycle.{origin}"] = losses.cycle(self.translate(fake.image, origin).image, source)
        return terms
