"""The published loss terms, one function each: pure, unweighted, means over the batch in float32."""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, l1_loss


def lsgan(scores: Tensor, real: bool) -> Tensor:
    """Least-squares adversarial loss (Mao et al. 2017, eq. 9 with a = 0, b = c = 1): mean (score - target)^2.

    scores: any shape, real numbers. real: whether they should be 1 or 0. Returns ().
    """
    return (scores - 1.0).square().mean() if real else scores.square().mean()


def cycle(reconstruction: Tensor, picture: Tensor) -> Tensor:
    """There and back again, the mean absolute difference (Zhu et al. 2017, eq. 2).

    Both (B, 3, H, W) in [-1, 1]. Returns ().
    """
    return l1_loss(reconstruction, picture)


def identity(translation: Tensor, picture: Tensor) -> Tensor:
    """A picture translated to its own domain should stay, the mean absolute difference (Kim et al. 2020, eq. 5).

    Both (B, 3, H, W) in [-1, 1]. Returns ().
    """
    return l1_loss(translation, picture)


def cam(source_logits: Tensor, target_logits: Tensor) -> Tensor:
    """The generator's classifier: pictures to be translated are 1, pictures of the target domain 0.

    Kim et al. 2020, eq. 6, as cross-entropy on logits. Both (B, 2), from average and max pooling. Returns ().
    """
    to_one = binary_cross_entropy_with_logits(source_logits, torch.ones_like(source_logits))
    to_zero = binary_cross_entropy_with_logits(target_logits, torch.zeros_like(target_logits))
    return to_one + to_zero
