"""CAM attention (Kim et al. 2020, section 2.1.1): an auxiliary classifier whose weights say where to look."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from ugatit.networks.spectral import SpectralLinear


class ByPooling(NamedTuple):
    """One tensor for each of the two poolings, global average and global maximum."""

    gap: Tensor
    gmp: Tensor


@dataclass(frozen=True)
class Attended:
    """What attention makes of the encoder's features E.

    features: (B, K, h, w), the activation of conv1x1([w_gap * E, w_gmp * E]).
    cam_logits: (B, 2), from average and max pooling; None without attention.
    """

    features: Tensor
    cam_logits: Tensor | None

    @property
    def attention_map(self) -> Tensor | None:
        """The sum of the attended features over channels, (B, 1, h, w), float32; None without attention."""
        if self.cam_logits is None:
            return None
        return self.features.sum(dim=1, keepdim=True, dtype=torch.float32)


class NoAttention(nn.Module):
    """In the place of CAM attention where it is left out, to see what it brings: the features as they came."""

    def forward(self, features: Tensor) -> Attended:
        """features: the encoder's E, (B, K, h, w)."""
        return Attended(features, None)


class CamAttention(nn.Module):
    """Weighs each channel by what it says to the classifier, once from average and once from max pooling.

    The generator's classifier is linear, the critics' is spectrally normalised. There the published code
    weighs the *features* by the weight before normalisation although the *logit* uses the normalised one;
    published checkpoints were trained so, and so are ours.
    """

    def __init__(self, channels: int, activation: nn.Module, spectral: bool) -> None:
        super().__init__()
        self.gap = SpectralLinear(channels) if spectral else nn.Linear(channels, 1, bias=False)
        self.gmp = SpectralLinear(channels) if spectral else nn.Linear(channels, 1, bias=False)
        self.fuse = nn.Conv2d(2 * channels, channels, kernel_size=1)
        self.activation = activation

    def pooled(self, features: Tensor) -> ByPooling:
        """Each channel's average and maximum: (B, K, h, w) to (B, K) each, float32."""
        return ByPooling(features.mean(dim=(2, 3), dtype=torch.float32), features.amax(dim=(2, 3)).float())

    def cam_logits(self, features: Tensor) -> Tensor:
        """features: (B, K, h, w). Returns (B, 2), float32."""
        # Logits meet a loss weight of 1000: pooled values and the classifier stay in full precision.
        pooled = self.pooled(features)
        with torch.autocast(features.device.type, enabled=False):
            return torch.cat([self.gap(pooled.gap), self.gmp(pooled.gmp)], dim=1)

    def weights(self) -> ByPooling:
        """What the features are weighed by, (1, K) each; in the critics before spectral normalisation."""
        return ByPooling(self.gap.weight, self.gmp.weight)

    def forward(self, features: Tensor, weighed_by: ByPooling | None = None) -> Attended:
        """features: the encoder's E, (B, K, h, w). weighed_by: (1, K) each, in place of `weights()`.

        The logits are the classifier's own, whatever the features are weighed by.
        """
        chosen = self.weights() if weighed_by is None else weighed_by
        weights = chosen.gap[:, :, None, None], chosen.gmp[:, :, None, None]  # (1, K, 1, 1) each
        kernel = self.fuse.weight  # (K, 2 K, 1, 1)
        if features.numel() < kernel.numel() // 2:
            features_by_both = torch.cat([features * weight.to(features.dtype) for weight in weights], dim=1)
            attended = self.activation(conv2d(features_by_both, kernel, self.fuse.bias))
        else:
            # On large maps a channel's weight is folded into the 1x1 kernel: no weighted copies, no concatenation.
            by_gap, by_gmp = kernel.chunk(2, dim=1)
            folded = by_gap * weights[0] + by_gmp * weights[1]
            attended = self.activation(conv2d(features, folded, self.fuse.bias))
        return Attended(attended, self.cam_logits(features))

    def evidence(self, features: Tensor, pooling: str = "gap") -> Tensor:
        """The class activation map of Zhou et al. 2016, signed: the sum of E_k times the classifier's weights.

        features: (B, K, h, w). pooling: whose weights, "gap" or "gmp"; with "gap" the map's mean is the gap logit.
        Returns (B, 1, h, w), float32.
        """
        weight: Tensor = getattr(self.logit_weights(), pooling)
        return torch.einsum("bkhw,k->bhw", features.float(), weight).unsqueeze(1)

    def logit_weights(self) -> ByPooling:
        """What the logits weigh the pooled values by, (K,) each, float32; in the critics spectrally normalised."""
        weights = []
        for classifier in (self.gap, self.gmp):
            weight = classifier.weight[0].float()
            weights.append(weight / classifier.sigma() if isinstance(classifier, SpectralLinear) else weight)
        return ByPooling(*weights)
