"""An exponential moving average of the generators' weights, steadier than the weights of a single step."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class ExponentialMovingAverage:
    """An exponential moving average of the parameters of some networks (Yazıcı et al. 2019, eq. 3)."""

    def __init__(self, networks: list[nn.Module], decay: float) -> None:
        self.parameters = [p for network in networks for p in network.parameters()]
        self.decay = decay
        self.averages = [p.detach().clone() for p in self.parameters]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Add the current weights to the average. step: updates done before.

        The decay is lower in the first steps, so that the initial weights are soon forgotten.
        """
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self.averages, [p.data for p in self.parameters], 1 - decay)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Give the networks the averaged weights within the context."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def _swap(self) -> None:
        for index, parameter in enumerate(self.parameters):
            parameter.data, self.averages[index] = self.averages[index], parameter.data

    def state(self) -> list[Tensor]:
        """Return the averages, in the order of the networks' parameters."""
        return self.averages

    @torch.no_grad()
    def load(self, state: list[Tensor]) -> None:
        """Copy averages from `state`. Raises ValueError if the number of tensors differs."""
        for average, value in zip(self.averages, state, strict=True):
            average.copy_(value)
