"""Result types of the explainer: every intermediate value from a picture to its attention map and the output."""

from dataclasses import dataclass

from torch import Tensor

from ugatit.networks.ugatit import Modulation


@dataclass(frozen=True)
class Encoded:
    """Pictures and a network's encoder features for them; the input of every explanation.

    to: the target domain. network: "generator" or a critic. pictures: (B, 3, H, W) in [-1, 1].
    features: E, (B, K, h, w).
    """

    to: str
    network: str
    pictures: Tensor
    features: Tensor


@dataclass(frozen=True)
class Pooling:
    """One branch of the auxiliary classifier, from features to a logit by average (gap) or maximum (gmp); float32.

    pooled: (B, K), each channel's average or maximum. weights: (K,), the classifier's weights as used in the logit
    (spectrally normalised in the critics). contributions: (B, K), pooled * weights. logits: (B,), their sum.
    evidence: (B, 1, h, w), the signed sum over k of w_k E_k (Zhou et al. 2016); with the weights of average pooling
    its mean is the logit. attention_weights: (K,), the factors of the attended features: the learned weights (before
    normalisation in the critics), or those an intervention replaced them with.
    """

    pooled: Tensor
    weights: Tensor
    contributions: Tensor
    logits: Tensor
    evidence: Tensor
    attention_weights: Tensor


@dataclass(frozen=True)
class Explanation:
    """The values from features to attention map, on the network's device.

    features: E, (B, K, h, w), in the precision they were computed in; dropped channels are zero. gap, gmp: the two
    branches of the classifier.
    attended: A, (B, K, h, w). attention_map: (B, 1, h, w), the sum of A over channels, float32.
    cam_logits: (B, 2), gap and gmp. In the generator, the sigmoid of their mean is the probability that the picture
    belongs to the source domain; in a critic, they are least-squares scores around 0 (translated) and 1 (real).
    """

    features: Tensor
    gap: Pooling
    gmp: Pooling
    attended: Tensor
    attention_map: Tensor
    cam_logits: Tensor


@dataclass(frozen=True)
class GeneratorExplanation(Explanation):
    """An explanation of the generator, with the values from attended features to the picture.

    modulation: gamma and beta, (B, K) each. rho: (K,) by layer name, in the decoder's order; 1 is instance norm
    (paper, eq. 1). image: (B, 3, H, W) in [-1, 1].
    """

    modulation: Modulation
    rho: dict[str, Tensor]
    image: Tensor


@dataclass(frozen=True)
class CriticExplanation(Explanation):
    """An explanation of a critic, with its scores. patch_logits: (B, 1, h - 1, w - 1)."""

    patch_logits: Tensor
