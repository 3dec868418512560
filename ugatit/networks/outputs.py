"""Results of the networks: named fields with raw values at native sizes."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class GeneratorOutput:
    """A translated batch and the attention behind it.

    image: (B, 3, H, W) in [-1, 1].
    cam_logits: (B, 2), the auxiliary classifier's logits from average and max pooling; None without attention.
    attention_map: (B, 1, h, w), the sum over channels of the attended features, raw; None without attention.
    features: (B, K, h, w), the encoder's, before attention; None if the generator does not return them.
    attributes: (B, n), 0 or 1, those of the source pictures, as they were given or read; None of other models.
    """

    image: Tensor
    cam_logits: Tensor | None = None
    attention_map: Tensor | None = None
    features: Tensor | None = None
    attributes: Tensor | None = None


@dataclass(frozen=True)
class DiscriminatorOutput:
    """The scores of a critic: by least squares near 0 (translated) or 1 (real), of a Wasserstein critic unbounded.

    patch_logits: (B, 1, h, w), one score per patch.
    cam_logits: (B, 2), from average and max pooling; None without attention.
    attention_map: (B, 1, h', w'), raw; None without attention.
    class_logits: (B, C), of the classes the picture belongs to; None of a critic that does not tell them apart.
    """

    patch_logits: Tensor
    cam_logits: Tensor | None = None
    attention_map: Tensor | None = None
    class_logits: Tensor | None = None
