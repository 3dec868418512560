"""StarGAN: one generator for all domains, and a critic that also classifies (Choi et al., CVPR 2018)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ugatit import losses
from ugatit.data.kinds import DataKind
from ugatit.errors import ConfigError, TranslationError
from ugatit.models.base import Batch, Terms, TranslationModel
from ugatit.models.label_sets import REMOVED, LabelSet, label_sets
from ugatit.models.preset import Preset
from ugatit.models.stargan_config import PRESETS, StarGANConfig, StarGANLossWeights
from ugatit.models.stargan_published import extract_networks, is_published, published_files, read_published
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.outputs import GeneratorOutput
from ugatit.networks.stargan import DOWNSAMPLING, ClassifyingCritic, LabelGenerator
from ugatit.text import one_line


@dataclass(frozen=True)
class StarGANStep:
    """Pictures and labels of one update, all of one label set.

    real: (B, 3, S, S) in [-1, 1]. source: its labels, target: those it is translated to, (B, n), the set's own columns.
    fake: the translation. alpha: (B, 1, 1, 1), where between real and fake the penalty is taken.
    """

    labels: LabelSet
    real: Tensor
    source: Tensor
    target: Tensor
    fake: Tensor
    alpha: Tensor


class StarGAN(TranslationModel):
    """StarGAN for any number of domains (Choi et al., CVPR 2018).

    A batch has `pictures.N`, (B, 3, S, S) in [-1, 1], and `labels.N`, (B, n), for each label set N; `drawn` adds
    `targets.N` and `alpha.N`.
    """

    name: ClassVar[str] = "stargan"
    config_type: ClassVar[type[StarGANConfig]] = StarGANConfig
    loss_weights_type: ClassVar[type[StarGANLossWeights]] = StarGANLossWeights
    presets: ClassVar[Mapping[str, Preset]] = PRESETS
    default_preset: ClassVar[str] = "quick"
    data_kinds: ClassVar[tuple[DataKind, ...]] = (DataKind.LABELLED,)
    data_settings: ClassVar[tuple[str, ...]] = ("domains", "binary", "sets", "choice")
    published_format: ClassVar[str] = "StarGAN checkpoint (200000-G.ckpt, with 200000-D.ckpt beside it)"
    config: StarGANConfig

    def __init__(self, config: StarGANConfig) -> None:
        super().__init__(config)
        self.label_sets = config.label_sets
        self.generator = LabelGenerator(config.ngf, config.blocks, config.planes)
        if config.critics:
            self.critic = ClassifyingCritic(config.image_size, config.ndf, config.layers, len(config.domains))

    @classmethod
    def targets_of(cls, config: StarGANConfig) -> tuple[str, ...]:
        return tuple(target for labels in config.label_sets for target in labels.targets)

    def canvas_rule(self) -> CanvasRule:
        square = self.config.image_size if self.config.critics else None
        return CanvasRule(DOWNSAMPLING, 2 * DOWNSAMPLING, square)

    def planes_of(self, labels: LabelSet, values: Tensor) -> Tensor:
        """Return all labels that the generator is told, (B, C), from those of one set, (B, n) (section 3.2, eq. 7).

        Those of the other set are 0; with two sets the mask follows, 1 for this one.
        """
        full = values.new_zeros(len(values), self.config.planes)
        full[:, labels.columns] = values
        if len(self.label_sets) > 1:
            full[:, len(self.domains) + labels.number].fill_(1)
        return full

    @property
    def adversarial_loss(self) -> str:
        return "wasserstein"

    def attributes_of(self, to: str) -> tuple[str, ...]:
        labels = self.set_of((to,))
        return labels.domains if labels.attributes else ()

    def check_targets(self, targets: Sequence[str]) -> None:
        self.set_of(targets)

    def set_of(self, targets: Sequence[str]) -> LabelSet:
        """Return the label set of targets. Raises TranslationError for an unknown one, none, or those of two sets."""
        for target in targets:
            self.check_target(target)
        sets = [labels for labels in self.label_sets if any(target in labels.targets for target in targets)]
        if len(sets) != 1 or (len(targets) > 1 and not sets[0].attributes):
            listed = one_line(", ".join(targets), 80) or "nothing"
            raise TranslationError(f"Pictures are translated to one domain, or to attributes of one set; got {listed}.")
        return sets[0]

    def read_labels(self, images: Tensor, labels: LabelSet) -> Tensor:
        """Return which attributes of a set the critic's class head reads from pictures: (B, 3, S, S) to (B, n), 0 or 1.

        Raises TranslationError without a critic.
        """
        if not self.config.critics:
            raise TranslationError(
                "This model has no critic that would read a picture's other attributes: give them by source=."
            )
        logits: Tensor = self.critic(images).class_logits
        return (logits[:, labels.columns] > 0).to(images.dtype)

    def translate(
        self, images: Tensor, to: str | Sequence[str], source: Sequence[str] | None = None
    ) -> GeneratorOutput:
        """Translate pictures, (B, 3, S, S) in [-1, 1], to a domain or to attributes.

        to: an exclusive domain; an attribute's name, which sets it and clears the others of its choice; `no NAME`,
        which removes it; or several of these. source: the attributes that the pictures have; by default as the critic's
        class head reads them. Raises TranslationError for targets or attributes the model does not have, or if it has
        nothing to read them by; PictureError for a size the model does not accept.
        """
        targets = (to,) if isinstance(to, str) else tuple(to)
        labels = self.set_of(targets)
        values = images.new_zeros(len(images), len(labels.domains))
        if labels.attributes:
            values = self.read_labels(images, labels) if source is None else labels.of_names(source, values)
        elif source:
            raise TranslationError("source= is for attributes; these domains exclude each other.")
        wanted = labels.changed(values, targets, self.config.choices)
        output: GeneratorOutput = self.generator(images, self.planes_of(labels, wanted))
        return replace(output, attributes=values) if labels.attributes else output

    def critics(self, to: str) -> dict[str, ClassifyingCritic]:
        self.check_target(to)
        return {"patch": self.critic} if self.config.critics else {}

    def patch_grids(self, to: str) -> dict[str, Grid]:
        return {name: critic.patch_grid() for name, critic in self.critics(to).items()}

    def generator_modules(self) -> Mapping[str, nn.Module]:
        return {"generator": self.generator}

    def critic_modules(self) -> Mapping[str, nn.Module]:
        return {"critic": self.critic} if self.config.critics else {}

    def sample_target(self, origin: str) -> str | None:
        """Return the next domain of the same set; of an attribute, its removal."""
        labels = self.set_of((origin,))
        if labels.attributes:
            return REMOVED + origin
        return labels.domains[(labels.domains.index(origin) + 1) % len(labels.domains)]

    @property
    def critic_updates(self) -> int:
        return self.config.n_critic

    def turns(self, batch: Batch) -> tuple[Batch, ...]:
        """Return the batch of each label set: the updates take turns (section 3.2)."""
        suffixes = [f".{labels.number}" for labels in self.label_sets]
        return tuple({n: values for n, values in batch.items() if n.endswith(suffix)} for suffix in suffixes)

    def drawn(self, batch: Batch, random: torch.Generator) -> Batch:
        """Add the labels to translate to, those of the batch in another order, and the penalty's alpha."""
        result = dict(batch)
        for labels in self.label_sets:
            number = labels.number
            if f"labels.{number}" in batch and f"targets.{number}" not in batch:
                source = batch[f"labels.{number}"]
                order = torch.randperm(len(source), generator=random)
                result[f"targets.{number}"] = source[order.to(source.device)]
                alpha = torch.rand(len(source), 1, 1, 1, generator=random)
                result[f"alpha.{number}"] = alpha.to(source.device)
        return result

    def forward_step(self, batch: Mapping[str, Tensor]) -> StarGANStep:
        """Translate the pictures of one label set, as `turns` and `drawn` give them, to their target labels."""
        (labels,) = (labels for labels in self.label_sets if f"pictures.{labels.number}" in batch)
        names = ("pictures", "labels", "targets", "alpha")
        real, source, target, alpha = (batch[f"{name}.{labels.number}"] for name in names)
        fake = self.generator(real, self.planes_of(labels, target)).image
        return StarGANStep(labels, real, source, target, fake, alpha)

    def discriminator_terms(self, step: StarGANStep) -> Terms:
        """Return adversarial and classification terms and the gradient penalty (Choi et al. 2018, eq. 2 and 8)."""
        on_real = self.critic(step.real)
        on_fake = self.critic(step.fake.detach())
        critic = self.uncompiled(self.critic)
        penalty = losses.gradient_penalty(lambda x: critic(x).patch_logits, step.real, step.fake, step.alpha)
        return self._named(
            step,
            {
                "adversarial.real": losses.wasserstein(on_real.patch_logits, True),
                "adversarial.fake": losses.wasserstein(on_fake.patch_logits, False),
                "classification.real": self._classification(step.labels, on_real.class_logits, step.source),
                "penalty.gradient": penalty,
            },
        )

    def generator_terms(self, step: StarGANStep) -> Terms:
        """Return adversarial, classification and reconstruction terms (Choi et al. 2018, eq. 3, 4 and 8)."""
        on_fake = self.critic(step.fake)
        back = self.generator(step.fake, self.planes_of(step.labels, step.source)).image
        return self._named(
            step,
            {
                "adversarial.fake": losses.wasserstein(on_fake.patch_logits, True),
                "classification.fake": self._classification(step.labels, on_fake.class_logits, step.target),
                "reconstruction.real": losses.cycle(back, step.real),
            },
        )

    def _classification(self, labels: LabelSet, logits: Tensor, values: Tensor) -> Tensor:
        # Only the set's own classes: of the others nothing is known (section 3.2).
        loss = losses.attribute_cross_entropy if labels.attributes else losses.class_cross_entropy
        return loss(logits[:, labels.columns], values)

    def _named(self, step: StarGANStep, terms: Terms) -> Terms:
        """Return the terms; with two label sets their names end in the number of the set, from 1 up."""
        if len(self.label_sets) == 1:
            return terms
        return {f"{name}.{step.labels.number + 1}": term for name, term in terms.items()}

    @property
    def shape_settings(self) -> tuple[str, ...]:
        return ("ngf", "blocks")

    @classmethod
    def fit_to_size(cls, config: Mapping[str, Any], pretrained: TranslationModel) -> dict[str, Any]:
        # Weights without a critic can be trained on with a new one.
        return {"critics": True}

    def copy_weights(self, pretrained: TranslationModel) -> list[str]:
        """Copy all weights of equal shapes; those of other numbers of domains, or of other critics, start anew.

        Domains are matched by their order.
        """
        assert isinstance(pretrained, StarGAN)
        own, theirs = self.state_dict(), pretrained.state_dict()
        fitting = {key: value for key, value in theirs.items() if key in own and value.shape == own[key].shape}
        self.load_state_dict({**own, **fitting})
        remarks = []
        if self.domains != pretrained.domains and self.config.planes == pretrained.config.planes:
            pairs = zip(pretrained.domains, self.domains, strict=True)
            remarks.append(f"Domains are matched by their order: {', '.join(f'{a} is {b}' for a, b in pairs)}.")
        if anew := [key.removesuffix(".weight") for key in own if key not in fitting]:
            remarks.append(f"Of other shapes in these weights, so they start anew: {', '.join(anew)}.")
        return remarks

    @classmethod
    def with_label_sets(
        cls, config: StarGANConfig, sets: Sequence[tuple[Sequence[str], bool]], names: Sequence[str] | None = None
    ) -> StarGANConfig:
        found = [domain for domains, _ in sets for domain in domains]
        domains = tuple(found if names is None else names)
        if len(domains) != len(found):
            raise ConfigError(f"--domains has {len(domains)} names, but there are {len(found)} domains.")
        sizes = tuple(len(domains) for domains, _ in sets)
        parts = label_sets(domains, sizes, ())
        binary = tuple(name for part in parts if sets[part.number][1] for name in part.domains)
        for group in config.choice:
            if unknown := [name for name in group if name not in binary]:
                raise ConfigError(f"--choice names {one_line(repr(unknown[0]), 60)}, which is none of the attributes.")
        return replace(config, domains=domains, binary=binary, sets=sizes if len(sizes) > 1 else ())

    def with_attributes(self, names: Sequence[str]) -> "StarGAN":
        """Return the model with the first domains, of these names, as binary attributes; others are a second set."""
        if tuple(names) != self.domains[: len(names)]:
            raise ConfigError(
                f"--attributes must be the first of the domains {', '.join(self.domains)}; got {', '.join(names)}."
            )
        rest = self.domains[len(names) :]
        if rest and len(self.label_sets) == 1:
            raise ConfigError(f"This model has one set of labels: {', '.join(rest)} must be attributes too.")
        sizes = (len(names), len(rest)) if rest else self.config.sets
        model = StarGAN(replace(self.config, sets=sizes, binary=tuple(names)))
        model.load_state_dict(self.state_dict())
        return model.eval()

    @classmethod
    def is_published(cls, checkpoint: object) -> bool:
        return is_published(checkpoint)

    @classmethod
    def published_files(cls, names: Sequence[str], chosen: str) -> dict[str, str]:
        return published_files(names, chosen)

    @classmethod
    def from_published(
        cls, checkpoint: Any, domains: tuple[str, ...] | None, image_size: int | None
    ) -> tuple[StarGANConfig, dict[str, Tensor]]:
        return read_published(extract_networks(checkpoint), domains, image_size)
