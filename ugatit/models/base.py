"""Base class of all translation models: the interface for the trainer, the translator and the app."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import torch
from torch import Tensor, nn

from ugatit.config import Settings
from ugatit.data.kinds import DataKind
from ugatit.errors import ConfigError, TranslationError, WeightsError
from ugatit.models.familiarity import DomainStatistics
from ugatit.models.manifest import Manifest
from ugatit.models.preset import Preset
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.text import one_line

Terms = dict[str, Tensor]
"""Tensors by name; loss terms are unweighted scalars, ()."""
Batch = dict[str, Tensor]
"""Tensors of a training step by name, a row for each picture: by default the pictures, by domain."""
Draw = Callable[[str, Tensor], Tensor]
"""What `TranslationModel.replayed` draws earlier fakes by."""


class TranslationModel(nn.Module, ABC):
    """The networks of one paper and the loss terms that train them.

    A training step calls `forward_step` once. Its result goes to `discriminator_terms`, which detaches the fakes, and
    then to `generator_terms`, which uses the same graph; the other way round with `generators_first`. Loss terms are
    unweighted and named `kind.detail`, for example `cycle.flat`; the trainer multiplies each by the weight of its kind.
    A model has any number of domains.

    To add a model, subclass this class and register it: in `ugatit.models.MODELS`, or from a package of its own by an
    entry point of the group `ugatit.models`. The config has the fields `domains` and `image_size`.
    """

    name: ClassVar[str]
    config_type: ClassVar[type[Settings]]
    loss_weights_type: ClassVar[type[Settings]]
    """The weights of the loss terms, a field for each kind of term; the defaults are the paper's."""
    presets: ClassVar[Mapping[str, Preset]]
    default_preset: ClassVar[str]
    data_kinds: ClassVar[tuple[DataKind, ...]] = (DataKind.PAIR,)
    """The kinds of data that the model is trained on; of LABELLED, a batch mixes the domains (`LabelledDataset`)."""
    freezable_parts: ClassVar[tuple[str, ...]] = ()
    """The parts that `freeze` takes."""
    generators_first: ClassVar[bool] = False
    """Whether a step updates the generators before the critics; else they are judged by the updated critics."""
    data_settings: ClassVar[tuple[str, ...]] = ("domains",)
    """The settings that follow from the data of a run, whatever weights it starts from."""
    published_format: ClassVar[str] = ""
    """What a published checkpoint of this model is called in messages; empty if none can be read."""
    config: Any
    manifest: Manifest | None = None
    """The manifest of the weights, if they were read from a weights folder."""
    statistics: DomainStatistics | None = None
    """The statistics of the domains' pictures, if the weights folder has them."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config

    @classmethod
    def from_config(cls, config: Any) -> Self:
        """Return a model of this class; its constructor takes the config alone."""
        return cls(config)

    def init_weights(self) -> None:
        """Draw new weights for every network from torch's random generator; by default as torch's layers do."""
        for module in self.modules():
            if callable(reset := getattr(module, "reset_parameters", None)):
                reset()

    @property
    def domains(self) -> tuple[str, ...]:
        """Names of the domains, in the order of the config."""
        domains: tuple[str, ...] = self.config.domains
        return domains

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the domains this model can translate to."""
        return self.targets_of(self.config)

    @classmethod
    def targets_of(cls, config: Any) -> tuple[str, ...]:
        """Return the domains that models of this config can translate to, by default all; no network is built."""
        domains: tuple[str, ...] = config.domains
        return domains

    @property
    def image_size(self) -> int:
        """Side in pixels of the pictures the model was trained on."""
        size: int = self.config.image_size
        return size

    @property
    def adversarial_loss(self) -> str:
        """The loss that the critics were trained with: `least-squares`, `cross-entropy` or `wasserstein`."""
        return "least-squares"

    @property
    def feature_channels(self) -> int:
        """Number of channels of the generators' `GeneratorOutput.features`; 0 if they do not return them."""
        return 0

    def encode(self, images: Tensor, to: str) -> Tensor:
        """Return the `GeneratorOutput.features` that `translate` returns, without running the rest of the generator.

        Raises TranslationError if the generators do not return them, and the errors of `translate`.
        """
        raise TranslationError(f"The generators of a {self.name} model do not return their features.")

    @abstractmethod
    def canvas_rule(self) -> CanvasRule:
        """Return the rule for picture sizes that all networks of this model accept."""

    @abstractmethod
    def translate(self, images: Tensor, to: str) -> GeneratorOutput:
        """Translate pictures, (B, 3, H, W) in [-1, 1], to domain `to`.

        Raises TranslationError if `to` is not one of `targets`, and PictureError for a size the model does not accept.
        """

    @abstractmethod
    def critics(self, to: str) -> Mapping[str, nn.Module]:
        """Return the critics of domain `to` by name; each returns a DiscriminatorOutput. `judge` asks them.

        Raises TranslationError if `to` is not one of `targets`.
        """

    def judge(self, pictures: Tensor, translations: Tensor, to: str) -> dict[str, DiscriminatorOutput]:
        """Return what each critic of domain `to` says of translations of pictures, both (B, 3, H, W) in [-1, 1].

        By default the critics see the translation alone. Raises TranslationError if `to` is not one of `targets`.
        """
        return {name: critic(translations) for name, critic in self.critics(to).items()}

    def attributes_of(self, to: str) -> tuple[str, ...]:
        """Return the attributes of a picture that a translation to `to` keeps but for the change; by default none.

        Of a model with such, `translate` takes them as `source`, else reads them from the pictures. They are the
        columns of `GeneratorOutput.attributes`. Raises TranslationError if `to` is not one of `targets`.
        """
        self.check_target(to)
        return ()

    def attention_grids(self, to: str) -> Mapping[str, Grid]:
        """Return the grid of each attention map: `generator` on the input, those of the critics on the translation.

        Empty without attention. Raises TranslationError if `to` is not one of `targets`.
        """
        self.check_target(to)
        return {}

    def patch_grids(self, to: str) -> Mapping[str, Grid]:
        """Return the grid of the patch logits of each critic of domain `to`, on the translation, by critic.

        Patch logits without a grid are not drawn. Raises TranslationError if `to` is not one of `targets`.
        """
        self.check_target(to)
        return {}

    def cam_networks(self, to: str) -> Mapping[str, nn.Module]:
        """Return the networks with CAM attention, which `ugatit.explain.Explainer` takes apart; empty without.

        `generator` is a Generator of `ugatit.networks.ugatit`; the others are Discriminators, by critic.
        Raises TranslationError if `to` is not one of `targets`.
        """
        self.check_target(to)
        return {}

    @classmethod
    def has_attention(cls, network: Mapping[str, Any]) -> bool:
        """Return whether models of this config, given as a dict, have attention maps; no network is built."""
        return False

    @abstractmethod
    def generator_modules(self) -> Mapping[str, nn.Module]:
        """Return the networks that the generator step trains, by attribute name."""

    @abstractmethod
    def critic_modules(self) -> Mapping[str, nn.Module]:
        """Return the networks that the discriminator step trains, by attribute name."""

    @abstractmethod
    def forward_step(self, batch: Mapping[str, Tensor]) -> Any:
        """Run the generators once and return what `discriminator_terms` and `generator_terms` need.

        batch: by domain, (B, 3, H, W) in [-1, 1]. What a step draws from torch's random generator follows from the
        run's seed and the number of the step.
        """

    @abstractmethod
    def discriminator_terms(self, step: Any) -> Terms:
        """Return the unweighted loss terms of the critics, on real pictures and detached fakes from `forward_step`."""

    @abstractmethod
    def generator_terms(self, step: Any) -> Terms:
        """Return the unweighted loss terms of the generators, on the graph of `forward_step`.

        The caller freezes the critics first.
        """

    @classmethod
    def with_label_sets(
        cls, config: Any, sets: Sequence[tuple[Sequence[str], bool]], names: Sequence[str] | None = None
    ) -> Any:
        """Return the config of a labelled model for data sets: of each the names of its domains, and if attributes.

        names: all domains' own names, in their order. Raises ConfigError for sets or names that the model cannot take.
        """
        raise NotImplementedError

    def with_attributes(self, names: Sequence[str]) -> "TranslationModel":
        """Return the model with domains as binary attributes. Raises ConfigError if it has none."""
        raise ConfigError(f"A {self.name} model has no attributes: leave --attributes out.")

    @property
    def critic_updates(self) -> int:
        """Number of batches in a step: the critics are updated on each, the generators on the last alone."""
        return 1

    def turns(self, batch: Batch) -> Sequence[Batch]:
        """Return the batches that take turns in each update of a step; by default the batch itself."""
        return (batch,)

    def drawn(self, batch: Batch, random: torch.Generator) -> Batch:
        """Return the batch with all that chance decides added, for `forward_step`; by default nothing.

        random: on the CPU, seeded by the run's seed, the step and the batch's place in it. What is there already stays.
        """
        return batch

    @staticmethod
    def uncompiled(network: nn.Module) -> Callable[..., Any]:
        """Return the call of a network that is never compiled, for passes that a second derivative goes through.

        A network that is compiled for the training step has a first derivative alone.
        """
        return network.forward

    @property
    def pool_size(self) -> int:
        """Number of earlier fakes that `replayed` draws from for each name; 0 for none."""
        return 0

    def replayed(self, step: Any, draw: Draw) -> Any:
        """Return the result of `forward_step` for the critics, with earlier fakes in place of some; by default itself.

        draw: takes a name and detached fakes, (B, 3, H, W); returns as many, some of them earlier ones of that name.
        """
        return step

    def freeze(self, part: str) -> None:
        """Freeze a part of the generators. Raises TranslationError for a part this model does not have."""
        raise TranslationError(f"A {self.name} model has no part {part!r} to freeze.")

    @property
    def shape_settings(self) -> tuple[str, ...]:
        """The settings that the generators' shapes depend on; a run that starts from these weights must keep them."""
        return tuple(name for name in self.config_type.names() if name not in self.data_settings)

    @classmethod
    def check_config(cls, config: Any) -> None:
        """Raise ConfigError if networks of this config cannot be trained at its image size."""

    @classmethod
    def fit_to_size(cls, config: Mapping[str, Any], pretrained: "TranslationModel") -> dict[str, Any]:
        """Return the settings to change in `config` so that the pretrained weights' networks take its image size."""
        return {}

    def copy_weights(self, pretrained: "TranslationModel") -> list[str]:
        """Copy the weights of a model of this class; return remarks for the user on what was not copied.

        Raises WeightsError for generators that do not fit.
        """
        self.load_state_dict(pretrained.state_dict())
        return []

    def after_generator_step(self) -> None:
        """Apply the paper's constraints on parameters; called after each generator update. Does nothing by default."""

    def mixing(self) -> Terms:
        """Return the share of instance norm (rho) in each layer, (K,) each, by layer name; empty if there are none."""
        return {}

    def origin_of(self, to: str, origin: str | None = None) -> str | None:
        """Return the source domain of translations to `to`: `origin`, else the only other domain, None if several.

        Raises TranslationError if `to` is not one of `targets`, and if `origin` is not one of `domains`.
        """
        self.check_target(to)
        if origin is not None:
            if origin not in self.domains:
                raise TranslationError(f"This model has no domain {origin!r}; it has: {', '.join(self.domains)}.")
            return origin
        others = [domain for domain in self.domains if domain != to]
        return others[0] if len(others) == 1 else None

    def sample_target(self, origin: str) -> str | None:
        """Return the domain that samples translate pictures of `origin` to: the next target in the domains' order.

        None if the model translates to no other domain.
        """
        start = self.domains.index(origin)
        following = self.domains[start + 1 :] + self.domains[:start]
        return next((domain for domain in following if domain in self.targets), None)

    @property
    def sample_targets(self) -> dict[str, str]:
        """The `sample_target` of each domain that has one."""
        targets = {domain: self.sample_target(domain) for domain in self.domains}
        return {domain: to for domain, to in targets.items() if to is not None}

    def map_grids(self, to: str) -> dict[str, Grid]:
        """Return the grid of the map that is drawn of each network: of its attention, else of its patch logits.

        Raises TranslationError if `to` is not one of `targets`.
        """
        return {**self.patch_grids(to), **self.attention_grids(to)}

    def check_targets(self, targets: Sequence[str]) -> None:
        """Raise TranslationError if pictures cannot be translated to all of these at once; by default to one domain."""
        if len(targets) != 1:
            got = one_line(", ".join(targets), 80) or "none"
            raise TranslationError(f"This model translates to one domain at a time; got {got}.")
        self.check_target(targets[0])

    def check_target(self, to: str) -> None:
        """Raise TranslationError if `to` is not one of `targets`."""
        if to not in self.targets:
            raise TranslationError(f"This model cannot translate to {to!r}; it can to: {', '.join(self.targets)}.")

    @classmethod
    def is_published(cls, checkpoint: object) -> bool:
        """Return whether a loaded object is a published checkpoint of this model."""
        return False

    @classmethod
    def published_files(cls, names: Sequence[str], chosen: str) -> dict[str, str]:
        """Return which files of a folder are a published checkpoint of this model, by the name of their network.

        names: of the folder's files. chosen: the one that must be among them.
        Empty if it belongs to none, and for formats of a single file. Else the loaded files, by network, are the
        checkpoint.
        """
        return {}

    @classmethod
    def from_published(
        cls, checkpoint: Any, domains: tuple[str, ...] | None, image_size: int | None
    ) -> tuple[Any, dict[str, Tensor]]:
        """Return the config and the state dict of a published checkpoint, for which `is_published` is true.

        domains: their names; None for the model's default. image_size: where the shapes do not determine it.
        Raises WeightsError for a damaged checkpoint, ConfigError for impossible domains or sizes.
        """
        raise NotImplementedError

    @classmethod
    def from_pretrained(
        cls, source: str | Path, revision: str | None = None, device: str = "auto", precision: str = "fp32"
    ) -> Self:
        """Load a model of this class in eval mode; `TranslationModel` itself loads any.

        source: as in `ugatit.load_model`. revision: branch, tag or commit, for a Hub id.
        Raises WeightsError as `ugatit.load_model` does, and for weights of another model.
        """
        from ugatit.checkpoints.loading import load_model  # circle: a convenience method for a higher-level module

        model = load_model(source, device, precision, revision=revision)
        if not isinstance(model, cls):
            raise WeightsError(
                f"{one_line(str(source))} holds a {type(model).__name__} model, not a {cls.__name__}: "
                f"use {type(model).__name__}.from_pretrained, or ugatit.load_model for any model."
            )
        return model

    def save_pretrained(self, folder: str | Path, *, half: bool = False) -> None:
        """Write `config.json`, `model.safetensors` and a model card to a folder, which is made if it is missing.

        half: store 16-bit floats. Raises WeightsError if the folder cannot be written to.
        """
        from ugatit.checkpoints.packaging import save_pretrained  # circle: a method for a higher-level module

        save_pretrained(self, Path(folder), half=half)

    def push_to_hub(self, repo_id: str, *, half: bool = True, private: bool = False, token: str | None = None) -> str:
        """Upload the weights with a model card to `owner/name` on the Hub. See `ugatit.checkpoints.hub.push_to_hub`."""
        from ugatit.checkpoints.hub import push_to_hub  # circle: a convenience method for a higher-level module

        return push_to_hub(self, repo_id, half=half, private=private, token=token)

    def generator_parameters(self) -> Iterator[nn.Parameter]:
        """Yield the parameters of `generator_modules`."""
        for network in self.generator_modules().values():
            yield from network.parameters()

    def critic_parameters(self) -> Iterator[nn.Parameter]:
        """Yield the parameters of `critic_modules`."""
        for network in self.critic_modules().values():
            yield from network.parameters()
