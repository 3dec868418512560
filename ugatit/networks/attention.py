"""CAM attention: an auxiliary classifier whose weights re-weigh the features (Kim et al. 2020, section 2.1.1)."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from ugatit.networks.spectral import SpectralLinear


class PoolingPair(NamedTuple):
    """One tensor for each kind of pooling: global average (gap) and global maximum (gmp)."""

    gap: Tensor
    gmp: Tensor


@dataclass(frozen=True)
class AttentionOutput:
    """The attended features and the logits of the auxiliary classifier.

    features: (B, K, h, w), the activation of conv1x1([w_gap * E, w_gmp * E]) for encoder features E.
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
    """Identity that replaces `CamAttention` in the ablation without attention."""

    def forward(self, features: Tensor) -> AttentionOutput:
        """Return the features unchanged, without logits. features: (B, K, h, w)."""
        return AttentionOutput(features, None)


class CamAttention(nn.Module):
    """Weighs each channel by its classifier weight, once for average pooling and once for max pooling.

    spectral: whether the classifier is spectrally normalised (critics) or plain linear (generator).
    In the critics, the published code weighs the *features* by the weight before normalisation, although the *logit*
    uses the normalised weight. Published checkpoints were trained this way, so this class does the same.
    """

    def __init__(self, channels: int, activation: nn.Module, spectral: bool) -> None:
        super().__init__()
        self.gap = SpectralLinear(channels) if spectral else nn.Linear(channels, 1, bias=False)
        self.gmp = SpectralLinear(channels) if spectral else nn.Linear(channels, 1, bias=False)
        self.fuse = nn.Conv2d(2 * channels, channels, kernel_size=1)
        self.activation = activation

    def pooled(self, features: Tensor) -> PoolingPair:
        """Return the average and the maximum of each channel: (B, K, h, w) to (B, K) each, float32."""
        # Not amax: its gradient looks for the maximum among the features, which a compiled step computes again in
        # another precision, and finds none.
        maximum = features.flatten(2).max(dim=2).values
        return PoolingPair(features.mean(dim=(2, 3), dtype=torch.float32), maximum.float())

    def cam_logits(self, features: Tensor) -> Tensor:
        """Return the classifier's logits from average and max pooling: (B, K, h, w) to (B, 2), float32."""
        # The CAM loss has a weight of 1000, so pooled values and the classifier stay in full precision.
        pooled = self.pooled(features)
        with torch.autocast(features.device.type, enabled=False):
            return torch.cat([self.gap(pooled.gap), self.gmp(pooled.gmp)], dim=1)

    def weights(self) -> PoolingPair:
        """Return the weights of the feature channels, (1, K) each; in the critics before spectral normalisation."""
        return PoolingPair(self.gap.weight, self.gmp.weight)

    def forward(self, features: Tensor, channel_weights: PoolingPair | None = None) -> AttentionOutput:
        """Attend to the encoder's features E, (B, K, h, w).

        channel_weights: (1, K) each, replaces `weights()` for the features. The logits always use the classifier's
        own weights.
        """
        pair = self.weights() if channel_weights is None else channel_weights
        weights = pair.gap[:, :, None, None], pair.gmp[:, :, None, None]  # (1, K, 1, 1) each
        kernel = self.fuse.weight  # (K, 2 K, 1, 1)
        if features.numel() < kernel.numel() // 2:
            weighted = torch.cat([features * weight.to(features.dtype) for weight in weights], dim=1)
            attended = self.activation(conv2d(weighted, kernel, self.fuse.bias))
        else:
            # For large maps, fold the channel weights into the 1x1 kernel: no weighted copies, no concatenation.
            gap_kernel, gmp_kernel = kernel.chunk(2, dim=1)
            folded = gap_kernel * weights[0] + gmp_kernel * weights[1]
            attended = self.activation(conv2d(features, folded, self.fuse.bias))
        return AttentionOutput(attended, self.cam_logits(features))

    def evidence(self, features: Tensor, pooling: str = "gap") -> Tensor:
        """Return the signed class activation map of Zhou et al. 2016: the features weighted by the classifier.

        features: (B, K, h, w). pooling: whose weights to use, "gap" or "gmp"; with "gap" the mean of the map is the
        gap logit. Returns (B, 1, h, w), float32.
        """
        weight: Tensor = getattr(self.logit_weights(), pooling)
        return torch.einsum("bkhw,k->bhw", features.float(), weight).unsqueeze(1)

    def logit_weights(self) -> PoolingPair:
        """Return the weights that turn pooled values into logits, (K,) each, float32.

        In the critics these are the spectrally normalised weights.
        """
        weights = []
        for classifier in (self.gap, self.gmp):
            weight = classifier.weight[0].float()
            weights.append(weight / classifier.sigma() if isinstance(classifier, SpectralLinear) else weight)
        return PoolingPair(*weights)
