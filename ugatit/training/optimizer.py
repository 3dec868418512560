"""The optimizer of a training step: average gradients over processes, then update by Adam."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ugatit.config import TrainingConfig
from ugatit.networks.factored import Factors, add_factors, take_factors
from ugatit.networks.memory_format import in_memory_order
from ugatit.training.adam import AdamSettings, fused_adam
from ugatit.training.distributed import ProcessGroup
from ugatit.training.factored_adam import FactoredAdam

BUCKET_SIZE = 8 * 2**20
"""Minimum number of elements per message between processes: few messages, little extra memory."""


@dataclass(frozen=True)
class Moments:
    """Adam's state of one parameter.

    steps: updates done, (), float32. mean, square: moments of the gradient, in the parameter's shape and layout.
    """

    steps: Tensor
    mean: Tensor
    square: Tensor


class Optimizer:
    """Adam with L2 weight decay in the gradient (Kingma & Ba 2015), for the parameters that require gradients.

    Parameters without a gradient since the last step do not change. A weight with a factored gradient
    (`ugatit.networks.factored`) is updated from the factors; its moments have the precision of `config.moments`.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], config: TrainingConfig) -> None:
        self.parameters = [parameter for parameter in parameters if parameter.requires_grad]
        self.config = config
        self.rate: float | Tensor = config.learning_rate
        self.moments: dict[int, Moments] = {}
        self.factored: dict[int, FactoredAdam] = {}

    def begin(self) -> None:
        """Draw what chance decides in the next step; a recorded step that runs again uses what was drawn since."""
        for adam in self.factored.values():
            adam.begin()

    def set_rate(self, rate: float | Tensor) -> None:
        """Set the learning rate of the following steps; a tensor is read when a step runs."""
        self.rate = rate

    @torch.no_grad()
    def average_gradients(self, processes: ProcessGroup) -> None:
        """Replace each gradient by its mean over all processes. All must have gradients of the same parameters."""
        if processes.world_size == 1:
            return
        for bucket in _buckets([p.grad for p in self.parameters if p.grad is not None]):
            flat = torch.cat([gradient.flatten() for gradient in bucket])
            mean = processes.mean(flat)
            for gradient, part in zip(bucket, mean.split([g.numel() for g in bucket]), strict=True):
                gradient.copy_(part.view_as(gradient))
        for parameter in self.parameters:
            if factors := take_factors(parameter):
                output_gradients = processes.gather(factors.output_gradients / processes.world_size)
                add_factors(parameter, Factors(output_gradients, processes.gather(factors.inputs)))

    @torch.no_grad()
    def step(self) -> None:
        """Update every parameter that has a gradient, and clear the gradients."""
        settings = self._settings()
        with_gradients: list[tuple[nn.Parameter, Tensor, Moments]] = []
        for index, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                with_gradients.append((parameter, _match_layout(parameter, parameter.grad), self._moments(index)))
                parameter.grad = None
            if factors := take_factors(parameter):
                self._factored(index).step(factors, settings)
        if with_gradients:
            parameters, gradients, moments = zip(*with_gradients, strict=True)
            fused_adam(
                [in_memory_order(parameter) for parameter in parameters],
                [in_memory_order(gradient) for gradient in gradients],
                [in_memory_order(moment.mean) for moment in moments],
                [in_memory_order(moment.square) for moment in moments],
                [moment.steps for moment in moments],
                settings,
            )

    def drop_gradients(self) -> None:
        """Clear the gradients without an update."""
        for parameter in self.parameters:
            parameter.grad = None
            take_factors(parameter)

    def _settings(self) -> AdamSettings:
        config = self.config
        return AdamSettings(self.rate, config.beta1, config.beta2, config.weight_decay)

    def _moments(self, index: int) -> Moments:
        if index not in self.moments:
            parameter = self.parameters[index]
            steps = torch.zeros((), device=parameter.device)
            mean, square = (torch.zeros_like(parameter, requires_grad=False) for _ in range(2))
            self.moments[index] = Moments(steps, mean, square)
        return self.moments[index]

    def _factored(self, index: int) -> FactoredAdam:
        if index not in self.factored:
            moments = torch.bfloat16 if self.config.moments == "bf16" else torch.float32
            self.factored[index] = FactoredAdam(self.parameters[index], moments, self.config.seed)
        return self.factored[index]

    def state_dict(self) -> dict[str, Any]:
        """Return everything needed to resume; loadable with weights_only=True."""
        return {
            "parameters": len(self.parameters),
            "moments": {
                index: {"steps": moments.steps, "mean": moments.mean, "square": moments.square}
                for index, moments in self.moments.items()
            },
            "factored": {index: adam.state_dict() for index, adam in self.factored.items()},
        }

    @torch.no_grad()
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Load a state. Raises KeyError, ValueError or RuntimeError if it belongs to another optimizer."""
        if state["parameters"] != len(self.parameters):
            raise ValueError(f"a state of {state['parameters']} weights is not for {len(self.parameters)}")
        # Copied into moments with the current memory layout of the parameters: a run may be resumed in another layout.
        self.moments = {index: moments for index, moments in self.moments.items() if index in state["moments"]}
        self.factored = {index: adam for index, adam in self.factored.items() if index in state["factored"]}
        for index, stored in state["moments"].items():
            moments = self._moments(index)
            for name in ("steps", "mean", "square"):
                getattr(moments, name).copy_(stored[name])
        for index, stored in state["factored"].items():
            self._factored(index).load_state_dict(stored)


def _match_layout(parameter: Tensor, gradient: Tensor) -> Tensor:
    """Return the gradient in the parameter's memory layout, nearly always unchanged: the fused kernel needs it."""
    if gradient.stride() == parameter.stride():
        return gradient
    return torch.empty_like(parameter, requires_grad=False).copy_(gradient)


def _buckets(gradients: list[Tensor]) -> Iterator[list[Tensor]]:
    """Group gradients into lists of at least BUCKET_SIZE elements; the last may have fewer."""
    bucket: list[Tensor] = []
    size = 0
    for gradient in gradients:
        bucket.append(gradient)
        size += gradient.numel()
        if size >= BUCKET_SIZE:
            yield bucket
            bucket, size = [], 0
    if bucket:
        yield bucket
