"""How an attention map came about, number by number, and what a change to any of them would do.

The encoder runs once a picture (`Explainer.encode`); every question after that costs only what follows it.
Written E for the encoder's features, w for the auxiliary classifier's weights (Kim et al. 2020, section 2.1.1).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from ugatit.devices import PRECISIONS
from ugatit.errors import ConfigError, TranslationError
from ugatit.explain.interventions import Intervention
from ugatit.explain.results import CriticExplanation, Encoded, Explanation, GeneratorExplanation, Pooling
from ugatit.images.decoding import PictureLike, open_picture
from ugatit.images.fitting import Fit, fit
from ugatit.images.tensors import to_tensor
from ugatit.models.base import TranslationModel
from ugatit.models.ugatit import UGATIT
from ugatit.networks.attention import Attended, ByPooling, CamAttention
from ugatit.networks.geometry import Grid
from ugatit.networks.ugatit import Discriminator, Generator, Modulation

__all__ = ["CriticExplanation", "Encoded", "Explainer", "Explanation", "GeneratorExplanation", "Pooling"]

GENERATOR = "generator"


class Explainer:
    """One direction of a model, taken apart. Holds no state between calls, so threads may share it.

    to: the domain translated to. precision: "fp32", or "bf16" for the precision a translator may have chosen.
    Raises TranslationError for a domain the model cannot make, a model without CAM attention, or one in training
    mode; ConfigError for another precision.
    """

    def __init__(self, model: TranslationModel, to: str, precision: str = "fp32") -> None:
        model.check_target(to)
        if precision not in PRECISIONS or precision == "auto":
            raise ConfigError(f"An explainer's precision is fp32 or bf16, got {precision!r}.")
        if not isinstance(model, UGATIT):
            raise TranslationError(f"A {model.name} model has no CAM attention to explain; load a ugatit model.")
        if not model.config.attention:
            raise TranslationError(
                "This model was trained with attention=False and has no CAM attention to explain; load one that has."
            )
        if model.training:
            # The critics' spectral norm would move with every look at them.
            raise TranslationError("This model is in training mode; call model.eval() before it is explained.")
        self._model, self._to, self._precision = model, to, precision
        self._networks: dict[str, Generator | Discriminator] = {GENERATOR: model.generator(to), **model.critics(to)}

    @property
    def networks(self) -> tuple[str, ...]:
        """The names of the networks there are to explain: `generator`, `local`, `global`."""
        return tuple(self._networks)

    @property
    def grids(self) -> dict[str, Grid]:
        """Where the cells of each network's maps lie: the generator's on its input, the critics' on what they judge."""
        return dict(self._model.attention_grids(self._to))

    @property
    def patch_grids(self) -> dict[str, Grid]:
        """Where the patches that each critic scores lie on what it judges; `field` is a patch's side in pixels."""
        critics = self._networks.items()
        return {name: critic.patch_grid() for name, critic in critics if isinstance(critic, Discriminator)}

    def fit(self, picture: PictureLike) -> Fit:
        """A picture on the canvas all networks take, as the translator lays it. Raises PictureError."""
        return fit(open_picture(picture), self._model.image_size, self._model.canvas_rule())

    def tensor(self, fitted: Fit) -> Tensor:
        """A fitted picture for `encode`: (1, 3, H, W) in [-1, 1], on the networks' device."""
        return to_tensor(fitted.canvas).to(next(self._model.parameters()).device)

    def encode(self, pictures: Tensor, network: str = GENERATOR) -> Encoded:
        """Run a network's encoder once, for every explanation of these pictures.

        pictures: (B, 3, H, W) in [-1, 1], on the networks' device. network: one of `networks`.
        Raises TranslationError for an unknown network or other pictures, PictureError for a size it cannot take.
        """
        if network not in self._networks:
            raise TranslationError(
                f"There is no network {network!r} to explain; there are: {', '.join(self.networks)}."
            )
        if pictures.dim() != 4 or pictures.shape[1] != 3 or not len(pictures):
            raise TranslationError(
                f"Pictures are (B, 3, H, W) with at least one of them, got the shape {tuple(pictures.shape)}."
            )
        if not pictures.isfinite().all():
            raise TranslationError("Pictures must be finite numbers in [-1, 1], got NaN or infinity.")
        asked = self._networks[network]
        with self._computing(pictures):
            features = asked.encode(pictures) if isinstance(asked, Generator) else asked.features(pictures)
        return Encoded(self._to, network, pictures, features)

    def explain(self, encoded: Encoded, *interventions: Intervention) -> GeneratorExplanation:
        """The generator's way from its features to the picture, changed by interventions in their order.

        Without any, `image`, `cam_logits` and `attention_map` are those of `model.translate`.
        Raises TranslationError for a critic's features and for interventions that do not fit this network.
        """
        generator = self._generator(encoded)
        with self._computing(encoded.features):
            features, weighed_by, attended = _attended(generator, encoded, interventions)
            modulation = _modulation(generator, attended, interventions)
            # Copies: an explanation shares no memory with the network.
            rho = {name: learned.clone() for name, learned in generator.rho().items()}
            for intervention in interventions:
                rho = intervention.on_rho(rho)
            image = generator.decode(attended.features, modulation, encoded.pictures, rho)
            seen = _explanation(generator, features, weighed_by, attended)
            return GeneratorExplanation(**vars(seen), modulation=modulation, rho=rho, image=image)

    def modulation(self, encoded: Encoded, *interventions: Intervention) -> Modulation:
        """The generator's gamma and beta alone, (B, K) each, for `ModulationOf`; nothing is drawn.

        Raises as `explain` does.
        """
        generator = self._generator(encoded)
        with self._computing(encoded.features):
            _, _, attended = _attended(generator, encoded, interventions)
            return _modulation(generator, attended, interventions)

    def judge(self, encoded: Encoded, *interventions: Intervention) -> CriticExplanation:
        """A critic's way from its features to its scores, changed by interventions in their order.

        Raises TranslationError for the generator's features and for interventions that do not fit this network.
        """
        critic = self._network(encoded)
        if not isinstance(critic, Discriminator):
            raise TranslationError("These are the generator's features; `judge` takes those of `local` or `global`.")
        for intervention in interventions:
            if intervention.only_generator:
                raise TranslationError(
                    f"{type(intervention).__name__} changes what only the generator has; the {encoded.network} critic "
                    "takes changes of channels, weights and attended features."
                )
        with self._computing(encoded.features):
            features, weighed_by, attended = _attended(critic, encoded, interventions)
            seen = _explanation(critic, features, weighed_by, attended)
            return CriticExplanation(**vars(seen), patch_logits=critic.score(attended.features))

    def verdict(self, pictures: Tensor) -> Tensor:
        """The mean of the generator's two logits: above 0 the pictures look like the source domain.

        pictures: (B, 3, H, W) in [-1, 1]. Returns (B,), float32. Raises as `encode` does.
        """
        encoded = self.encode(pictures)
        with self._computing(pictures):
            return _attention(self._generator(encoded)).cam_logits(encoded.features).mean(dim=1)

    def _network(self, encoded: Encoded) -> Generator | Discriminator:
        if encoded.to != self._to:
            raise TranslationError(
                f"These pictures were encoded on the way to {encoded.to!r}, this explains the way to {self._to!r}: "
                "encode them here."
            )
        return self._networks[encoded.network]

    def _generator(self, encoded: Encoded) -> Generator:
        generator = self._network(encoded)
        if not isinstance(generator, Generator):
            raise TranslationError(
                f"These are the {encoded.network} critic's features; this takes those of `generator`."
            )
        return generator

    @contextmanager
    def _computing(self, on: Tensor) -> Iterator[None]:
        enabled = self._precision == "bf16"
        # Not inference_mode: what comes out is for others to compute with, gradients included.
        with torch.no_grad(), torch.autocast(on.device.type, torch.bfloat16, enabled=enabled):
            yield


def _attention(network: Generator | Discriminator) -> CamAttention:
    # Models without attention were refused when the explainer was made.
    assert isinstance(network.attention, CamAttention)
    return network.attention


def _attended(
    network: Generator | Discriminator, encoded: Encoded, interventions: tuple[Intervention, ...]
) -> tuple[Tensor, ByPooling, Attended]:
    """The features, what they were weighed by, and what attention made of them, as the interventions leave each."""
    attention, features = _attention(network), encoded.features
    weights = attention.weights()
    for intervention in interventions:
        features, weights = intervention.on_features(features), intervention.on_weights(weights)
    attended = attention(features, weights)
    painted = attended.features
    for intervention in interventions:
        painted = intervention.on_attended(painted)
    return features, weights, Attended(painted, attended.cam_logits)


def _modulation(generator: Generator, attended: Attended, interventions: tuple[Intervention, ...]) -> Modulation:
    modulation: Modulation = generator.modulation(attended.features)
    for intervention in interventions:
        modulation = intervention.on_modulation(modulation)
    return modulation


def _explanation(
    network: Generator | Discriminator, features: Tensor, weighed_by: ByPooling, attended: Attended
) -> Explanation:
    attention = _attention(network)
    pooled, weights = attention.pooled(features), attention.logit_weights()
    logits, attention_map = attended.cam_logits, attended.attention_map
    assert logits is not None
    assert attention_map is not None
    gap, gmp = (
        Pooling(
            pooled=values,
            weights=weight.clone(),
            contributions=values * weight,
            logits=logits[:, column],
            evidence=attention.evidence(features, name),
            attention_weights=chosen[0].clone(),
        )
        for column, (name, values, weight, chosen) in enumerate(
            zip(ByPooling._fields, pooled, weights, weighed_by, strict=True)
        )
    )
    return Explanation(features, gap, gmp, attended.features, attention_map, logits)
