"""The explainer: every intermediate value of a pass through a network, optionally changed by interventions.

The encoder runs once per picture (`Explainer.encode`); each explanation runs only the layers after it.
E stands for the encoder's features, w for the auxiliary classifier's weights (Kim et al. 2020, section 2.1.1).
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
from ugatit.images.fitting import FittedPicture, fit
from ugatit.images.tensors import to_tensor
from ugatit.models.base import TranslationModel
from ugatit.networks.attention import AttentionOutput, CamAttention, PoolingPair
from ugatit.networks.geometry import Grid
from ugatit.networks.ugatit import Discriminator, Generator, Modulation

__all__ = ["CriticExplanation", "Encoded", "Explainer", "Explanation", "GeneratorExplanation", "Pooling"]

GENERATOR = "generator"


class Explainer:
    """Explains one translation direction of a model. Holds no state between calls, so threads may share it.

    to: the target domain. precision: "fp32" or "bf16"; use the precision the translator runs in to explain its results.
    Raises TranslationError for a domain the model cannot produce, for a model without CAM attention and for a model in
    training mode; ConfigError for another precision.
    """

    def __init__(self, model: TranslationModel, to: str, precision: str = "fp32") -> None:
        model.check_target(to)
        if precision not in PRECISIONS or precision == "auto":
            raise ConfigError(f"An explainer's precision is fp32 or bf16, got {precision!r}.")
        networks = model.cam_networks(to)
        if not networks:
            raise TranslationError(f"This {model.name} model has no CAM attention to explain; load one that has.")
        if model.training:
            # In training mode each forward pass would update the critics' spectral norm.
            raise TranslationError("This model is in training mode; call model.eval() before it is explained.")
        self._model, self._to, self._precision = model, to, precision
        self._networks: dict[str, Generator | Discriminator] = {
            name: network for name, network in networks.items() if isinstance(network, Generator | Discriminator)
        }

    @property
    def networks(self) -> tuple[str, ...]:
        """The names of the networks that can be explained: `generator` and the critics with attention."""
        return tuple(self._networks)

    @property
    def grids(self) -> dict[str, Grid]:
        """The grid of each network's map: the generator's on its input, the critics' on the picture they judge."""
        return dict(self._model.attention_grids(self._to))

    @property
    def patch_grids(self) -> dict[str, Grid]:
        """The grid of the patches that each critic scores on its input; `field` is a patch's side in pixels."""
        critics = self._networks.items()
        return {name: critic.patch_grid() for name, critic in critics if isinstance(critic, Discriminator)}

    def fit(self, picture: PictureLike) -> FittedPicture:
        """Fit a picture to the canvas the networks take, as the translator does. Raises PictureError."""
        return fit(open_picture(picture), self._model.image_size, self._model.canvas_rule())

    def tensor(self, fitted: FittedPicture) -> Tensor:
        """Convert a fitted picture to the input of `encode`: (1, 3, H, W) in [-1, 1], on the networks' device."""
        return to_tensor(fitted.canvas).to(next(self._model.parameters()).device)

    def encode(self, pictures: Tensor, network: str = GENERATOR) -> Encoded:
        """Run a network's encoder; the result serves any number of explanations of these pictures.

        pictures: (B, 3, H, W) in [-1, 1], on the networks' device. network: one of `networks`.
        Raises TranslationError for an unknown network or for other tensors, PictureError for a size it cannot take.
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
        module = self._networks[network]
        with self._inference(pictures):
            features = module.encode(pictures) if isinstance(module, Generator) else module.features(pictures)
        return Encoded(self._to, network, pictures, features)

    def explain(self, encoded: Encoded, *interventions: Intervention) -> GeneratorExplanation:
        """Explain the generator: from encoded features to the translated picture, with interventions applied in order.

        Without interventions, `image`, `cam_logits` and `attention_map` equal those of `model.translate`.
        Raises TranslationError for a critic's features and for interventions that do not fit this network.
        """
        generator = self._generator(encoded)
        with self._inference(encoded.features):
            features, weights, attended = _attended(generator, encoded, interventions)
            modulation = _modulation(generator, attended, interventions)
            # Cloned so that an explanation shares no memory with the network.
            rho = {name: learned.clone() for name, learned in generator.rho().items()}
            for intervention in interventions:
                rho = intervention.on_rho(rho)
            image = generator.decode(attended.features, modulation, encoded.pictures, rho)
            explanation = _explanation(generator, features, weights, attended)
            return GeneratorExplanation(**vars(explanation), modulation=modulation, rho=rho, image=image)

    def modulation(self, encoded: Encoded, *interventions: Intervention) -> Modulation:
        """Return only the generator's gamma and beta, (B, K) each, for `ModulationOf`; the decoder does not run.

        Raises the errors of `explain`.
        """
        generator = self._generator(encoded)
        with self._inference(encoded.features):
            _, _, attended = _attended(generator, encoded, interventions)
            return _modulation(generator, attended, interventions)

    def judge(self, encoded: Encoded, *interventions: Intervention) -> CriticExplanation:
        """Explain a critic: from encoded features to its patch scores, with interventions applied in order.

        Raises TranslationError for the generator's features and for interventions that do not fit this network.
        """
        critic = self._network(encoded)
        if not isinstance(critic, Discriminator):
            raise TranslationError(
                "These are the generator's features; `judge` takes a critic's: "
                f"{', '.join(name for name in self.networks if name != GENERATOR)}."
            )
        for intervention in interventions:
            if intervention.only_generator:
                raise TranslationError(
                    f"{type(intervention).__name__} changes what only the generator has; the {encoded.network} critic "
                    "takes changes of channels, weights and attended features."
                )
        with self._inference(encoded.features):
            features, weights, attended = _attended(critic, encoded, interventions)
            explanation = _explanation(critic, features, weights, attended)
            return CriticExplanation(**vars(explanation), patch_logits=critic.score(attended.features))

    def verdict(self, pictures: Tensor) -> Tensor:
        """Return the mean of the generator's two logits; above 0 the pictures look like the source domain.

        pictures: (B, 3, H, W) in [-1, 1]. Returns (B,), float32. Raises the errors of `encode`.
        """
        encoded = self.encode(pictures)
        with self._inference(pictures):
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
    def _inference(self, tensor: Tensor) -> Iterator[None]:
        enabled = self._precision == "bf16"
        # Not inference_mode: callers may compute gradients with the results.
        with torch.no_grad(), torch.autocast(tensor.device.type, torch.bfloat16, enabled=enabled):
            yield


def _attention(network: Generator | Discriminator) -> CamAttention:
    # The constructor refuses models without attention.
    assert isinstance(network.attention, CamAttention)
    return network.attention


def _attended(
    network: Generator | Discriminator, encoded: Encoded, interventions: tuple[Intervention, ...]
) -> tuple[Tensor, PoolingPair, AttentionOutput]:
    """Return the features, the weights applied to them and the attention output, each after the interventions."""
    attention, features = _attention(network), encoded.features
    weights = attention.weights()
    for intervention in interventions:
        features, weights = intervention.on_features(features), intervention.on_weights(weights)
    attended = attention(features, weights)
    attended_features = attended.features
    for intervention in interventions:
        attended_features = intervention.on_attended(attended_features)
    return features, weights, AttentionOutput(attended_features, attended.cam_logits)


def _modulation(generator: Generator, attended: AttentionOutput, interventions: tuple[Intervention, ...]) -> Modulation:
    modulation: Modulation = generator.modulation(attended.features)
    for intervention in interventions:
        modulation = intervention.on_modulation(modulation)
    return modulation


def _explanation(
    network: Generator | Discriminator, features: Tensor, attention_weights: PoolingPair, attended: AttentionOutput
) -> Explanation:
    attention = _attention(network)
    pooled, logit_weights = attention.pooled(features), attention.logit_weights()
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
            attention_weights=attention_weight[0].clone(),
        )
        for column, (name, values, weight, attention_weight) in enumerate(
            zip(PoolingPair._fields, pooled, logit_weights, attention_weights, strict=True)
        )
    )
    return Explanation(features, gap, gmp, attended.features, attention_map, logits)
