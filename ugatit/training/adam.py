"""One Adam update of several tensors by torch's fused kernel."""

from dataclasses import dataclass

from torch import Tensor
from torch.optim.adam import adam


@dataclass(frozen=True)
class AdamSettings:
    """Hyper-parameters of an Adam update, as in torch.optim.Adam.

    rate: learning rate; a tensor, (), on the device for an update that is recorded and runs again.
    """

    rate: float | Tensor
    beta1: float
    beta2: float
    weight_decay: float
    epsilon: float = 1e-8


def fused_adam(
    parameters: list[Tensor],
    gradients: list[Tensor],
    means: list[Tensor],
    squares: list[Tensor],
    steps: list[Tensor],
    settings: AdamSettings,
) -> None:
    """Update parameters, moments and step counts in place.

    means, squares: first and second moments, shaped like the parameters. steps: updates done, (), float32.
    All tensors should be contiguous; otherwise the kernel makes copies.
    """
    adam(
        parameters,
        gradients,
        means,
        squares,
        [],
        steps,
        fused=True,
        amsgrad=False,
        beta1=settings.beta1,
        beta2=settings.beta2,
        lr=settings.rate,
        weight_decay=settings.weight_decay,
        eps=settings.epsilon,
        maximize=False,
    )
