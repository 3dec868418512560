"""A wide linear layer that stores the gradient of its weight as a product of two thin factors."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn.functional import linear

ATTRIBUTE = "gradient_factors"
"""Attribute of a weight that holds the factors of its gradient."""


@dataclass(frozen=True)
class Factors:
    """A weight's gradient (O, I) as a sum of outer products over n pictures.

    output_gradients: (n, O), float32, gradient of the loss with respect to the layer's outputs.
    inputs: (n, I), inputs of the layer.
    """

    output_gradients: Tensor
    inputs: Tensor

    def rows(self, first: int, last: int) -> Tensor:
        """Return the rows from `first` up to, but excluding, `last` of the gradient: (last - first, I), float32."""
        return torch.mm(self.output_gradients[:, first:last].t(), self.inputs.float())


def take_factors(weight: nn.Parameter) -> Factors | None:
    """Return and clear the factors that backward passes added since the last call; None if there are none."""
    parts: list[Factors] = weight.__dict__.pop(ATTRIBUTE, [])
    if not parts:
        return None
    return Factors(torch.cat([p.output_gradients for p in parts]), torch.cat([p.inputs for p in parts]))


def add_factors(weight: nn.Parameter, factors: Factors) -> None:
    """Add factors to the gradient of a weight."""
    weight.__dict__.setdefault(ATTRIBUTE, []).append(factors)


class FactoredLinear(nn.Linear):
    """Linear layer without bias whose weight gets no `grad`: `take_factors` returns the gradient's factors instead.

    (n, I) to (n, O), float32. The first layer of the full generator's MLP has 268 million weights, while the rank of
    its gradient is the number of pictures in a step. The dense gradient would take as much memory as the weight.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        # Without autocast: reading the float32 weight costs no more than making and reading a half-size copy,
        # and that copy would stay in memory for the whole step.
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
        add_factors(weight, Factors(gradient, features.detach()))
        feature_gradient = torch.mm(gradient, weight).to(features.dtype) if ctx.needs_input_grad[0] else None
        return feature_gradient, None
