"""What a translation model of any paper offers to the trainer, the translator and the app."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from torch import Tensor, nn

from ugatit.config import Settings
from ugatit.errors import TranslationError
from ugatit.models.manifest import Manifest
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.outputs import GeneratorOutput

Terms = dict[str, Tensor]


class TranslationModel(nn.Module, ABC):
    """Networks of one paper, and the loss terms that train them.

    A step runs `forward_step` once; its result feeds `discriminator_terms` with detached fakes, then
    `generator_terms` with the same graph. Terms are named `kind.what` (`cycle.flat`) and unweighted: the
    trainer multiplies each by the weight of its kind. A new paper subclasses this and adds itself to
    `ugatit.models.MODELS`.
    """

    name: ClassVar[str]
    config_type: ClassVar[type[Settings]]
    config: Any
    manifest: Manifest | None = None
    """What its weights say of themselves, where they were read from a weights folder."""

    @property
    @abstractmethod
    def domains(self) -> tuple[str, ...]:
        """The names of the domains, in the order of the config."""

    @property
    def targets(self) -> tuple[str, ...]:
        """The domains this model can translate to."""
        return self.domains

    @property
    @abstractmethod
    def image_size(self) -> int:
        """The side in pixels of the pictures it was trained on."""

    @abstractmethod
    def canvas_rule(self) -> CanvasRule:
        """The sizes that all networks of this model take."""

    @abstractmethod
    def translate(self, images: Tensor, to: str) -> GeneratorOutput:
        """Translate (B, 3, H, W) in [-1, 1] to domain `to`. Raises TranslationError for a domain it cannot make."""

    @abstractmethod
    def critics(self, to: str) -> Mapping[str, nn.Module]:
        """The critics that judge pictures of domain `to`, by name; each returns a DiscriminatorOutput."""

    @abstractmethod
    def attention_grids(self, to: str) -> Mapping[str, Grid]:
        """Where the cells of each attention map lie: `generator` on the input, the critics' on the translation."""

    @abstractmethod
    def generator_modules(self) -> Mapping[str, nn.Module]:
        """The networks the generator step trains, by attribute name."""

    @abstractmethod
    def critic_modules(self) -> Mapping[str, nn.Module]:
        """The networks the discriminator step trains, by attribute name."""

    @abstractmethod
    def forward_step(self, batch: Mapping[str, Tensor]) -> Any:
        """Run the generators once on {domain: (B, 3, H, W) in [-1, 1]}; what both steps need."""

    @abstractmethod
    def discriminator_terms(self, step: Any) -> Terms:
        """The critics' unweighted terms on real pictures and detached fakes of `forward_step`."""

    @abstractmethod
    def generator_terms(self, step: Any) -> Terms:
        """The generators' unweighted terms, on the graph of `forward_step`, with the critics frozen."""

    def freeze(self, part: str) -> None:
        """Keep a part of the generators from learning. Raises TranslationError for a part this model lacks."""
        raise TranslationError(f"A {self.name} model has no part {part!r} to freeze.")

    def after_generator_step(self) -> None:
        """Bring parameters back to where the paper wants them; called after each generator update."""

    def mixing(self) -> Terms:
        """What share of instance norm each layer mixes in (rho), by layer, (K,) each; empty without such layers."""
        return {}

    def other(self, to: str) -> str:
        """The domain a picture comes from when it is translated to `to`, in a two-domain model."""
        self.check_target(to)
        return next(domain for domain in self.domains if domain != to)

    def check_target(self, to: str) -> None:
        if to not in self.targets:
            raise TranslationError(f"This model cannot translate to {to!r}; it can to: {', '.join(self.targets)}.")

    def push_to_hub(self, repo_id: str, *, half: bool = True, private: bool = False, token: str | None = None) -> str:
        """Upload the weights with a model card to `owner/name` on the Hub. See `ugatit.checkpoints.hub.push_to_hub`."""
        from ugatit.checkpoints.hub import push_to_hub  # circle: a model's door to the Hub, which lies above it

        return push_to_hub(self, repo_id, half=half, private=private, token=token)

    def generator_parameters(self) -> Iterator[nn.Parameter]:
        for network in self.generator_modules().values():
            yield from network.parameters()

    def critic_parameters(self) -> Iterator[nn.Parameter]:
        for network in self.critic_modules().values():
            yield from network.parameters()
