"""A running average of the generators' weights, steadier than the weights of any one step."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class ExponentialMovingAverage:
    """An exponential moving average of some networks' parameters (Yazıcı et al. 2019, eq. 3)."""

    def __init__(self, networks: list[nn.Module], decay: float) -> None:
        self.parameters = [p for network in networks for p in network.parameters()]
        self.decay = decay
        self.averages = [p.detach().clone() for p in self.parameters]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after `step` updates; the first ones count more, so that the start is forgotten."""
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self.averages, [p.data for p in self.parameters], 1 - decay)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The networks with the average for their weights, as long as the context lasts."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def _swap(self) -> None:
        for index, parameter in enumerate(self.parameters):
            parameter.data, self.averages[index] = self.averages[index], parameter.data

    def state(self) -> list[Tensor]:
        return self.averages

    @torch.no_grad()
    def load(self, state: list[Tensor]) -> None:
        for average, value in zip(self.averages, state, strict=True):
            average.copy_(value)
