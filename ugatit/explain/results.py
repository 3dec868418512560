"""What an explanation holds: every number on the way from a picture to its attention, and on to the result."""

from dataclasses import dataclass

from torch import Tensor

from ugatit.networks.ugatit import Modulation


@dataclass(frozen=True)
class Encoded:
    """What a network's encoder made of pictures; every explanation of them begins here.

    to: the domain translated to. network: "generator", "local" or "global". pictures: (B, 3, H, W) in [-1, 1].
    features: E, (B, K, h, w).
    """

    to: str
    network: str
    pictures: Tensor
    features: Tensor


@dataclass(frozen=True)
class Pooling:
    """One of the auxiliary classifier's two ways from features to a logit; float32.

    pooled: (B, K), each channel's average or maximum. weights: (K,), the classifier's, as its logit uses them (in the
    critics spectrally normalised). contributions: (B, K), pooled * weights. logits: (B,), their sum.
    evidence: (B, 1, h, w), the sum over k of w_k E_k, signed (Zhou et al. 2016); with the weights of average pooling
    its mean is the logit. attention_weights: (K,), what the attended features were weighed by: what the classifier
    learned (in the critics before normalisation), or what an intervention put there.
    """

    pooled: Tensor
    weights: Tensor
    contributions: Tensor
    logits: Tensor
    evidence: Tensor
    attention_weights: Tensor


@dataclass(frozen=True)
class Explanation:
    """From features to attention map. On the network's device; features in the precision they were computed in.

    features: E, (B, K, h, w), channels that were switched off zero. gap, gmp: the classifier's two ways.
    attended: A, (B, K, h, w). attention_map: (B, 1, h, w), the sum of A over channels, float32.
    cam_logits: (B, 2), gap and gmp. In the generator, their mean through a sigmoid is the probability that the picture
    is of the source domain; in a critic, they are least-squares scores around 0 (translated) and 1 (real).
    """

    features: Tensor
    gap: Pooling
    gmp: Pooling
    attended: Tensor
    attention_map: Tensor
    cam_logits: Tensor


@dataclass(frozen=True)
class GeneratorExplanation(Explanation):
    """And from the attended features to the picture.

    modulation: gamma and beta, (B, K) each. rho: by layer, in the decoder's order, (K,) each, 1 is instance norm
    (paper, eq. 1). image: (B, 3, H, W) in [-1, 1].
    """

    modulation: Modulation
    rho: dict[str, Tensor]
    image: Tensor


@dataclass(frozen=True)
class CriticExplanation(Explanation):
    """And from the attended features to the scores. patch_logits: (B, 1, h - 1, w - 1)."""

    patch_logits: Tensor
