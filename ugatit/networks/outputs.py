"""What the networks return: named fields, raw values, native sizes."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class GeneratorOutput:
    """A translated batch and the attention that led to it.

    image: (B, 3, H, W) in [-1, 1].
    cam_logits: (B, 2), the auxiliary classifier's logits from average and max pooling; None without attention.
    attention_map: (B, 1, h, w), the sum over channels of the attended features, raw; None without attention.
    """

    image: Tensor
    cam_logits: Tensor | None = None
    attention_map: Tensor | None = None


@dataclass(frozen=True)
class DiscriminatorOutput:
    """A critic's scores, least-squares values around 0 (translated) and 1 (real).

    patch_logits: (B, 1, h, w), one score a patch.
    cam_logits: (B, 2), from average and max pooling; None without attention.
    attention_map: (B, 1, h', w'), raw; None without attention.
    """

    patch_logits: Tensor
    cam_logits: Tensor | None = None
    attention_map: Tensor | None = None
