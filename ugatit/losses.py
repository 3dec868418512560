"""The published loss terms, one pure function each: unweighted float32 means over the batch.

Sources: Goodfellow et al. 2014, Mao et al. 2017 (LSGAN), Gulrajani et al. 2017 (WGAN-GP), Isola et al. 2017 (pix2pix),
Zhu et al. 2017 (CycleGAN), Choi et al. 2018 (StarGAN) and Kim et al. 2020 (U-GAT-IT).
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional
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


def wasserstein(scores: Tensor, real: bool) -> Tensor:
    """Adversarial loss of a Wasserstein critic: the mean score, with minus for what should look real.

    Gulrajani et al. 2017, eq. 3; Choi et al. 2018, eq. 8. scores: any shape, unbounded. Returns a scalar, ().
    """
    return -scores.mean() if real else scores.mean()


def gradient_penalty(critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, alpha: Tensor) -> Tensor:
    """Gradient penalty of WGAN-GP: mean of (|gradient| - 1)^2, for the sum of scores by pictures between real and fake.

    Gulrajani et al. 2017, eq. 3; Choi et al. 2018, eq. 8. Computed in float32 outside autocast: the gradient of the
    gradient does not survive 16 bits. float64 stays.
    critic: pictures to scores of any shape, differentiable twice. real, fake: (B, 3, H, W) in [-1, 1].
    alpha: (B, 1, 1, 1) in [0, 1], the share of the real picture. Returns a scalar, ().
    """
    with torch.autocast(real.device.type, enabled=False):
        exact = torch.promote_types(real.dtype, torch.float32)
        real, fake, alpha = (tensor.detach().to(exact) for tensor in (real, fake, alpha))
        between = (alpha * real + (1 - alpha) * fake).requires_grad_()
        (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        penalty: Tensor = (gradient.flatten(1).norm(dim=1) - 1).square().mean()
        return penalty


def class_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Classification loss of domains that exclude each other: mean of -log of the right class's softmax.

    Choi et al. 2018, eq. 2 and 3. logits: (B, C). labels: (B, C), one 1 in each row, else 0. Returns a scalar, ().
    """
    return functional.cross_entropy(logits, labels.argmax(dim=1))


def attribute_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Classification loss of binary attributes: cross-entropy summed over the attributes, mean over the batch.

    Choi et al. 2018, eq. 2 and 3 as in the published code. logits: (B, C). labels: (B, C), 0 or 1.
    Returns a scalar, ().
    """
    return binary_cross_entropy_with_logits(logits, labels.to(logits.dtype), reduction="sum") / len(logits)


def l1(translation: Tensor, target: Tensor) -> Tensor:
    """Mean absolute difference between a translation and the true answer.

    Isola et al. 2017, eq. 3. Both (B, 3, H, W) in [-1, 1]. Returns a scalar, ().
    """
    return l1_loss(translation, target)


def cycle(reconstruction: Tensor, picture: Tensor) -> Tensor:
    """Cycle consistency loss: mean absolute difference between a picture and its round trip through both generators.

    Zhu et al. 2017, eq. 2; Choi et al. 2018, eq. 4, where it is called reconstruction; Kim et al. 2020, eq. 4.
    Both (B, 3, H, W) in [-1, 1]. Returns a scalar, ().
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
