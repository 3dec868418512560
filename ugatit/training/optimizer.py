"""One optimizer of a training step: gradients averaged over processes, then one Adam update."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ugatit.config import TrainingConfig
from ugatit.networks.factored import Factors, leave_factors, take_factors
from ugatit.networks.memory_format import in_memory_order
from ugatit.training.adam import AdamSettings, fused_adam
from ugatit.training.distributed import ProcessGroup
from ugatit.training.factored_adam import FactoredAdam

BUCKET = 8 * 2**20
"""So many numbers travel between processes at a time, at least: few messages, little memory beside the gradients."""


@dataclass(frozen=True)
class Moments:
    """What Adam remembers of one parameter. steps: (), float32. mean, square: as the parameter, of its gradients."""

    steps: Tensor
    mean: Tensor
    square: Tensor


class Optimizer:
    """Adam with the L2 weight decay in the gradient (Kingma & Ba 2015), over those parameters that learn.

    Parameters that got no gradient since the last step stay as they are. A weight whose gradient comes as factors
    (`ugatit.networks.factored`) is updated from these, its moments in the config's precision for them.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], config: TrainingConfig) -> None:
        self.parameters = [parameter for parameter in parameters if parameter.requires_grad]
        self.config, self.rate = config, config.learning_rate
        self.moments: dict[int, Moments] = {}
        self.factored: dict[int, FactoredAdam] = {}

    def set_rate(self, rate: float) -> None:
        """The learning rate of the steps to come."""
        self.rate = rate

    @torch.no_grad()
    def average(self, processes: ProcessGroup) -> None:
        """Replace each gradient by its mean over all processes, which must have gradients of the same parameters."""
        if processes.world_size == 1:
            return
        for bucket in _buckets([p.grad for p in self.parameters if p.grad is not None]):
            joined = torch.cat([gradient.flatten() for gradient in bucket])
            mean = processes.mean(joined)
            for gradient, part in zip(bucket, mean.split([g.numel() for g in bucket]), strict=True):
                gradient.copy_(part.view_as(gradient))
        for parameter in self.parameters:
            if factors := take_factors(parameter):
                outward = processes.gather(factors.outward / processes.world_size)
                leave_factors(parameter, Factors(outward, processes.gather(factors.inward)))

    @torch.no_grad()
    def step(self) -> None:
        """One update of every parameter with a gradient; then no parameter has one."""
        settings = self._settings()
        with_gradients: list[tuple[nn.Parameter, Tensor, Moments]] = []
        for index, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                with_gradients.append((parameter, _lying_like(parameter, parameter.grad), self._moments(index)))
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
        """All that going on needs; loadable with weights_only=True."""
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
        """Raises KeyError, ValueError or RuntimeError for the state of another optimizer."""
        if state["parameters"] != len(self.parameters):
            raise ValueError(f"a state of {state['parameters']} weights is not for {len(self.parameters)}")
        # Copied into moments that lie in memory as the parameters do now: a run can go on in another layout.
        for index, stored in state["moments"].items():
            moments = self._moments(index)
            for name in ("steps", "mean", "square"):
                getattr(moments, name).copy_(stored[name])
        for index, stored in state["factored"].items():
            self._factored(index).load_state_dict(stored)


def _lying_like(parameter: Tensor, gradient: Tensor) -> Tensor:
    """The gradient in the parameter's memory layout, nearly always itself: the fused update goes through memory."""
    if gradient.stride() == parameter.stride():
        return gradient
    return torch.empty_like(parameter, requires_grad=False).copy_(gradient)


def _buckets(gradients: list[Tensor]) -> Iterator[list[Tensor]]:
    bucket: list[Tensor] = []
    size = 0
    for gradient in gradients:
        bucket.append(gradient)
        size += gradient.numel()
        if size >= BUCKET:
            yield bucket
            bucket, size = [], 0
    if bucket:
        yield bucket
