"""Interventions: changes to a single pass through a network (channels, weights, attended cells, normalisation).

An intervention is a frozen value passed to the methods of `Explainer`. It returns changed copies of its inputs and
never modifies a network, so passes may run concurrently. Several interventions apply in the order they are passed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral, Real

import torch
from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.networks.attention import PoolingPair
from ugatit.networks.ugatit import Modulation

POOLINGS = ("gap", "gmp")


class Intervention:
    """The base class, which changes nothing. Subclasses override the stages they change.

    K is the number of channels, h x w the size of the attention map in cells.
    """

    only_generator = False
    """Whether it changes a stage that only the generator has."""

    def on_features(self, features: Tensor) -> Tensor:
        """Change the encoder's features E, (B, K, h, w)."""
        return features

    def on_weights(self, weights: PoolingPair) -> PoolingPair:
        """Change the weights by which attention multiplies the features, (1, K) per pooling."""
        return weights

    def on_attended(self, attended: Tensor) -> Tensor:
        """Change the attended features A, (B, K, h, w)."""
        return attended

    def on_modulation(self, modulation: Modulation) -> Modulation:
        """Change gamma and beta, (B, K) each."""
        return modulation

    def on_rho(self, rho: dict[str, Tensor]) -> dict[str, Tensor]:
        """Change rho, (K,) for each layer, by layer name."""
        return rho


@dataclass(frozen=True)
class _ChannelIntervention(Intervention):
    """An intervention on a set of channels, indices from 0 to K - 1. Raises TranslationError for invalid indices."""

    channels: frozenset[int]

    def __init__(self, channels: Iterable[int]) -> None:
        object.__setattr__(self, "channels", _channel_set(channels))


class DropChannels(_ChannelIntervention):
    """Set these channels of the encoder's features to zero; this affects the logits, the map and the picture.

    channels: an iterable of indices from 0 to K - 1. Raises TranslationError for an invalid index.
    """

    def on_features(self, features: Tensor) -> Tensor:
        return features.masked_fill(_channel_mask(self.channels, features), 0)


class KeepChannels(_ChannelIntervention):
    """Set all channels of the encoder's features to zero except these.

    channels: an iterable of indices from 0 to K - 1. Raises TranslationError for an invalid index.
    """

    def on_features(self, features: Tensor) -> Tensor:
        return features.masked_fill(~_channel_mask(self.channels, features), 0)


@dataclass(frozen=True)
class OnlyPooling(Intervention):
    """Attend with the weights of one pooling only; the other pooling's half of the concatenation is zero.

    pooling: "gap" or "gmp"; TranslationError for another value. Neither of the classifier's logits changes.
    """

    pooling: str

    def __post_init__(self) -> None:
        if self.pooling not in POOLINGS:
            raise TranslationError(f"A pooling is one of {', '.join(POOLINGS)}, got {self.pooling!r}.")

    def on_weights(self, weights: PoolingPair) -> PoolingPair:
        if self.pooling == "gap":
            return PoolingPair(weights.gap, torch.zeros_like(weights.gmp))
        return PoolingPair(torch.zeros_like(weights.gap), weights.gmp)


@dataclass(frozen=True)
class AttentionOff(Intervention):
    """Give all channels weights of equal size: sign(w) * mean|w| instead of each weight w, for both poolings.

    Attention selects by the sizes of the weights. The signs are kept because the convolution that follows was trained
    with them. Neither of the classifier's logits changes.
    """

    def on_weights(self, weights: PoolingPair) -> PoolingPair:
        return PoolingPair(*(weight.sign() * weight.abs().mean() for weight in weights))


@dataclass(frozen=True, eq=False)
class Paint(Intervention):
    """Multiply the attended features by a mask: 0 removes attention from a cell, 1 keeps it, above 1 increases it.

    mask: (h, w), finite and not negative, the size of the attention map; it is copied. Gamma and beta are computed
    from the masked features. Raises TranslationError for another mask.
    """

    mask: Tensor

    def __post_init__(self) -> None:
        mask = torch.as_tensor(self.mask).detach().to("cpu", torch.float32, copy=True)
        if mask.dim() != 2 or not mask.numel():
            raise TranslationError(f"A mask is one number a cell, (h, w), got the shape {tuple(mask.shape)}.")
        bad = mask[~mask.isfinite() | (mask < 0)]
        if bad.numel():
            raise TranslationError(
                f"A mask's values are finite and not negative, got {bad[0].item()}: 0 looks away, 1 changes nothing."
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
    """Move rho towards a value: 1 is instance norm, 0 is layer norm.

    value: the target, 0 to 1. layer: a layer's name in an explanation's `rho`; None means all layers.
    strength: how far to move, from 0 (the learned rho) to 1 (the target). Raises TranslationError for other values.
    """

    value: float
    layer: str | None = None
    strength: float = 1.0
    only_generator = True

    def __post_init__(self) -> None:
        for name, number in (("rho", self.value), ("strength", self.strength)):
            # Negated so that NaN is refused as well.
            if not isinstance(number, Real) or not 0 <= number <= 1:
                raise TranslationError(f"{name} lies between 0 and 1, got {number!r}.")

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
    """Decode with the gamma and beta of another picture, as returned by `Explainer.modulation`.

    modulation: gamma and beta, (1, K) for all pictures or (B, K), finite. Raises TranslationError for other values.
    """

    modulation: Modulation
    only_generator = True

    def __post_init__(self) -> None:
        for name, values in self.modulation._asdict().items():
            if not values.isfinite().all():
                raise TranslationError(f"{name} must be finite, got NaN or infinity: take another picture's.")

    def on_modulation(self, modulation: Modulation) -> Modulation:
        expected, replaced = modulation.gamma.shape, []
        for name, values in self.modulation._asdict().items():
            if values.dim() != 2 or values.shape[1] != expected[1] or values.shape[0] not in (1, expected[0]):
                raise TranslationError(
                    f"{name} has the shape {tuple(values.shape)}, this generator's {tuple(expected)}: take it from a "
                    "picture this generator translated, one or as many as now."
                )
            replaced.append(values.to(modulation.gamma).expand(expected))
        return Modulation(*replaced)


def _channel_set(channels: Iterable[int]) -> frozenset[int]:
    indices = list(channels)
    for channel in indices:
        # Integral so that numpy's integers are accepted too.
        if isinstance(channel, bool) or not isinstance(channel, Integral) or channel < 0:
            raise TranslationError(f"A channel is a whole number from 0 up, got {channel!r}.")
    return frozenset(map(int, indices))


def _channel_mask(channels: frozenset[int], features: Tensor) -> Tensor:
    """Return a bool mask over the features' channels, (K, 1, 1). Raises TranslationError for a channel beyond K."""
    count = features.shape[1]
    if channels and (largest := max(channels)) >= count:
        raise TranslationError(f"There is no channel {largest}: this network has {count}, 0 to {count - 1}.")
    return torch.tensor([k in channels for k in range(count)], device=features.device)[:, None, None]


def _size(values: Tensor) -> str:
    return "x".join(str(side) for side in values.shape[-2:])
