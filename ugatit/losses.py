"""The published loss terms, one pure function each: unweighted float32 means over the batch.

Sources: Goodfellow et al. 2014, Mao et al. 2017 (LSGAN), Isola et al. 2017 (pix2pix), Zhu et al. 2017 (CycleGAN) and
Kim et al. 2020 (U-GAT-IT).
"""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, l1_loss


def lsgan(scores: Tensor, real: bool) -> Tensor:
    """Least-squares adversarial loss: mean of (score - target)^2.

    Mao et al. 2017, eq. 9 with a = 0, b = c = 1.
    scores: any shape, unbounded real numbers. real: True for target 1, False for target 0. Returns a scalar, ().
    """
    return (scores - 1.0).square().mean() if real else scores.square().mean()


def cross_entropy(scores: Tensor, real: bool) -> Tensor:
    """Adversarial loss of the original GAN: mean of -log D for real, of -log(1 - D) otherwise, D = sigmoid(score).

    Isola et al. 2017, eq. 1; for the generator, real=True is the form of section 3.3 that does not saturate.
    scores: any shape, logits. Returns a scalar, ().
    """
    target = torch.ones_like(scores) if real else torch.zeros_like(scores)
    return binary_cross_entropy_with_logits(scores, target)


GAN_LOSSES = {"least-squares": lsgan, "cross-entropy": cross_entropy}
"""The adversarial losses that a config can choose, by name."""


def l1(translation: Tensor, target: Tensor) -> Tensor:
    """Mean absolute difference between a translation and the true answer.

    Isola et al. 2017, eq. 3. Both (B, 3, H, W) in [-1, 1]. Returns a scalar, ().
    """
    return l1_loss(translation, target)


def cycle(reconstruction: Tensor, picture: Tensor) -> Tensor:
    """Cycle consistency loss: mean absolute difference between a picture and its round trip through both generators.

    Zhu et al. 2017, eq. 2; Kim et al. 2020, eq. 4. Both (B, 3, H, W) in [-1, 1]. Returns a scalar, ().
    """
    return l1_loss(reconstruction, picture)


def identity(translation: Tensor, picture: Tensor) -> Tensor:
    """Identity loss: mean absolute difference between a picture and its translation to its own domain.

    Kim et al. 2020, eq. 5. Both (B, 3, H, W) in [-1, 1]. Returns a scalar, ().
    """
    return l1_loss(translation, picture)


def cam(source_logits: Tensor, target_logits: Tensor) -> Tensor:
    """CAM loss: the generator's classifier should give 1 for source pictures and 0 for pictures of the target domain.

    Kim et al. 2020, eq. 6, written as binary cross-entropy on logits.
    Both (B, 2), from average and max pooling. Returns a scalar, ().
    """
    to_one = binary_cross_entropy_with_logits(source_logits, torch.ones_like(source_logits))
    to_zero = binary_cross_entropy_with_logits(target_logits, torch.zeros_like(target_logits))
    return to_one + to_zero
