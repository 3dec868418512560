"""What if? Small changes to one pass through a network: which channels, which weights, where, how normalised.

Each is a frozen value that a pass takes as an argument (`Explainer`). It returns changed copies of what it is
given and never touches a network, so any number of passes may run at once. Several apply in the order they are given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral, Real

import torch
from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.networks.attention import ByPooling
from ugatit.networks.ugatit import Modulation

POOLINGS = ("gap", "gmp")


class Intervention:
    """Changes nothing. Each kind overrides the stages of a pass that it changes; K channels, a map of h x w cells."""

    only_generator = False
    """Whether it changes what a critic does not have."""

    def on_features(self, features: Tensor) -> Tensor:
        """The encoder's E, (B, K, h, w)."""
        return features

    def on_weights(self, weights: ByPooling) -> ByPooling:
        """What the attention weighs the features by, (1, K) each."""
        return weights

    def on_attended(self, attended: Tensor) -> Tensor:
        """The attended features A, (B, K, h, w)."""
        return attended

    def on_modulation(self, modulation: Modulation) -> Modulation:
        """Gamma and beta, (B, K) each."""
        return modulation

    def on_rho(self, rho: dict[str, Tensor]) -> dict[str, Tensor]:
        """Every layer's rho by its name, (K,) each."""
        return rho


@dataclass(frozen=True)
class _OfChannels(Intervention):
    """channels: numbers from 0 to K - 1, any iterable. Raises TranslationError for what is no such number."""

    channels: frozenset[int]

    def __init__(self, channels: Iterable[int]) -> None:
        object.__setattr__(self, "channels", _channels(channels))


class DropChannels(_OfChannels):
    """Switch these channels of the encoder's features off: logits, map and picture answer.

    channels: numbers from 0 to K - 1, any iterable. Raises TranslationError for what is no such number.
    """

    def on_features(self, features: Tensor) -> Tensor:
        return features.masked_fill(_chosen(self.channels, features), 0)


class KeepChannels(_OfChannels):
    """Switch every channel of the encoder's features off but these.

    channels: numbers from 0 to K - 1, any iterable. Raises TranslationError for what is no such number.
    """

    def on_features(self, features: Tensor) -> Tensor:
        return features.masked_fill(~_chosen(self.channels, features), 0)


@dataclass(frozen=True)
class OnlyPooling(Intervention):
    """Attend by the weights of one pooling alone; the other's half of the concatenation is zero.

    pooling: "gap" or "gmp". Raises TranslationError for another. Both logits stay what the classifier says.
    """

    pooling: str

    def __post_init__(self) -> None:
        if self.pooling not in POOLINGS:
            raise TranslationError(f"A pooling is one of {', '.join(POOLINGS)}, got {self.pooling!r}.")

    def on_weights(self, weights: ByPooling) -> ByPooling:
        if self.pooling == "gap":
            return ByPooling(weights.gap, torch.zeros_like(weights.gmp))
        return ByPooling(torch.zeros_like(weights.gap), weights.gmp)


@dataclass(frozen=True)
class AttentionOff(Intervention):
    """Weigh all channels alike: sign(w) * mean|w| in place of each weight w, in either pooling.

    The sizes of the weights are what attention chooses by; their signs are kept since the convolution after them
    learned to expect them. Both logits stay what the classifier says.
    """

    def on_weights(self, weights: ByPooling) -> ByPooling:
        return ByPooling(*(weight.sign() * weight.abs().mean() for weight in weights))


@dataclass(frozen=True, eq=False)
class Paint(Intervention):
    """Multiply the attended features by a mask: 0 looks away from a cell, 1 leaves it, above 1 looks harder at it.

    mask: (h, w), finite and not negative, the size of the attention map; a copy is kept. Gamma and beta are
    found from what is painted. Raises TranslationError for another mask.
    """

    mask: Tensor

    def __post_init__(self) -> None:
        mask = torch.as_tensor(self.mask).detach().to("cpu", torch.float32, copy=True)
        if mask.dim() != 2 or not mask.numel():
            raise TranslationError(f"A mask is one number a cell, (h, w), got the shape {tuple(mask.shape)}.")
        wrong = mask[~mask.isfinite() | (mask < 0)]
        if wrong.numel():
            raise TranslationError(
                f"A mask's values are finite and not negative, got {wrong[0].item()}: 0 looks away, 1 changes nothing."
            )
        object.__setattr__(self, "mask", mask)

    def on_attended(self, attended: Tensor) -> Tensor:
        if self.mask.shape != attended.shape[2:]:
            raise TranslationError(
                f"The mask has {_size(self.mask)} cells, the attention map {_size(attended)}: give it the map's size."
            )
        return attended * self.mask.to(attended.device, attended.dtype)


@dataclass(frozen=True)
class Rho(Intervention):
    """Pull rho towards instance norm, 1 (keeps texture), or layer norm, 0 (keeps shape).

    value: where to, 0 to 1. layer: one layer by its name in an explanation's `rho`, all where None.
    strength: how far, from 0 (what was learned) to 1 (all the way). Raises TranslationError for other values.
    """

    value: float
    layer: str | None = None
    strength: float = 1.0
    only_generator = True

    def __post_init__(self) -> None:
        for name, given in (("rho", self.value), ("strength", self.strength)):
            # Negated, so that NaN is refused as well.
            if not isinstance(given, Real) or not 0 <= given <= 1:
                raise TranslationError(f"{name} lies between 0 and 1, got {given!r}.")

    def on_rho(self, rho: dict[str, Tensor]) -> dict[str, Tensor]:
        if self.layer is not None and self.layer not in rho:
            raise TranslationError(f"No layer is named {self.layer!r}; those with a rho: {', '.join(rho)}.")
        return {
            name: learned.lerp(torch.full_like(learned, self.value), self.strength)
            if self.layer in (None, name)
            else learned
            for name, learned in rho.items()
        }


@dataclass(frozen=True, eq=False)
class ModulationOf(Intervention):
    """Draw with the gamma and beta of another picture, those of its `Explainer.modulation`.

    modulation: (1, K) or, for as many pictures, (B, K) each, finite. Raises TranslationError for other values.
    """

    modulation: Modulation
    only_generator = True

    def __post_init__(self) -> None:
        for name, values in self.modulation._asdict().items():
            if not values.isfinite().all():
                raise TranslationError(f"{name} must be finite, got NaN or infinity: take another picture's.")

    def on_modulation(self, modulation: Modulation) -> Modulation:
        expected, replaced = modulation.gamma.shape, []
        for name, given in self.modulation._asdict().items():
            if given.dim() != 2 or given.shape[1] != expected[1] or given.shape[0] not in (1, expected[0]):
                raise TranslationError(
                    f"{name} has the shape {tuple(given.shape)}, this generator's {tuple(expected)}: take it from a "
                    "picture this generator translated, one or as many as now."
                )
            replaced.append(given.to(modulation.gamma).expand(expected))
        return Modulation(*replaced)


def _channels(channels: Iterable[int]) -> frozenset[int]:
    chosen = list(channels)
    for channel in chosen:
        # Integral, so that numpy's numbers count as well.
        if isinstance(channel, bool) or not isinstance(channel, Integral) or channel < 0:
            raise TranslationError(f"A channel is a whole number from 0 up, got {channel!r}.")
    return frozenset(map(int, chosen))


def _chosen(channels: frozenset[int], features: Tensor) -> Tensor:
    """(K, 1, 1), bool: which of the features' channels are meant."""
    count = features.shape[1]
    if channels and (largest := max(channels)) >= count:
        raise TranslationError(f"There is no channel {largest}: this network has {count}, 0 to {count - 1}.")
    return torch.tensor([k in channels for k in range(count)], device=features.device)[:, None, None]


def _size(values: Tensor) -> str:
    return "x".join(str(side) for side in values.shape[-2:])
