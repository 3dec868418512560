"""A linear layer so wide that its gradient is kept as the two thin factors it is the product of."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn.functional import linear

ATTRIBUTE = "gradient_factors"


@dataclass(frozen=True)
class Factors:
    """A gradient (O, I) as the sum over n pictures of outer products.

    outward: (n, O), float32, the loss's gradient at the layer's results. inward: (n, I), what the layer was given.
    """

    outward: Tensor
    inward: Tensor

    def rows(self, first: int, last: int) -> Tensor:
        """Rows `first` up to `last` of the gradient, (last - first, I), float32."""
        return torch.mm(self.outward[:, first:last].t(), self.inward.float())


def take_factors(weight: nn.Parameter) -> Factors | None:
    """What backward passes have left at a weight since the last time this was asked; None if nothing."""
    parts: list[Factors] = weight.__dict__.pop(ATTRIBUTE, [])
    if not parts:
        return None
    return Factors(torch.cat([p.outward for p in parts]), torch.cat([p.inward for p in parts]))


def leave_factors(weight: nn.Parameter, factors: Factors) -> None:
    """Add to a weight's gradient."""
    weight.__dict__.setdefault(ATTRIBUTE, []).append(factors)


class FactoredLinear(nn.Linear):
    """A linear map without bias whose weight gets no `grad`: its factors wait in `take_factors`.

    (n, I) to (n, O), float32. The full generator's first map has 268 million numbers, and its gradient's rank is the
    few pictures of a step: written out it would cost as much memory as the weight.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        # Not under autocast: reading the weight as it is costs no more than making and reading a half-sized copy,
        # which would stay in memory for the whole step.
        with torch.autocast(features.device.type, enabled=False):
            if torch.is_grad_enabled() and self.weight.requires_grad:
                result: Tensor = _FactoredLinear.apply(features, self.weight)
                return result
            return linear(features.to(self.weight.dtype), self.weight)


class _FactoredLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, features: Tensor, weight: nn.Parameter) -> Tensor:
        ctx.save_for_backward(features, weight)
        return linear(features.to(weight.dtype), weight)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, None]:
        features, weight = ctx.saved_tensors
        leave_factors(weight, Factors(gradient, features.detach()))
        on_features = torch.mm(gradient, weight).to(features.dtype) if ctx.needs_input_grad[0] else None
        return on_features, None
