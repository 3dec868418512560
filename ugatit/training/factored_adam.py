"""Adam for a weight with a factored gradient: the dense gradient is computed and used a few rows at a time."""

from typing import Any

import torch
from torch import Tensor, nn

from ugatit.networks.factored import Factors
from ugatit.training.adam import AdamSettings, fused_adam

CHUNK = 2**22
"""Number of gradient elements that exist at a time; one row if a row has more."""


class FactoredAdam:
    """The Adam moments of one weight (O, I), in float32 or bfloat16, and its update in place.

    Equal to torch.optim.Adam with the dense gradient. Moments in bfloat16 are rounded stochastically, so that they are
    right on average: with rounding to nearest, a second moment that changes by a thousandth per step would never
    change, because neighbouring bfloat16 numbers differ by 1/256. The random numbers depend on seed and step only.
    """

    def __init__(self, weight: nn.Parameter, moments: torch.dtype, seed: int) -> None:
        self.weight, self.seed, self.steps = weight, seed, 0
        self.mean = torch.zeros_like(weight, dtype=moments, requires_grad=False)
        self.square = torch.zeros_like(weight, dtype=moments, requires_grad=False)
        self.random = torch.Generator(weight.device)

    @torch.no_grad()
    def step(self, gradient: Factors, settings: AdamSettings) -> None:
        """Update the weight and its moments with a gradient of shape (O, I)."""
        rows, columns = self.weight.shape
        noises = self._rounding_noise(columns) if self.mean.dtype == torch.bfloat16 else None
        # Converted to float32 once instead of in every chunk.
        gradient = Factors(gradient.output_gradients, gradient.inputs.float())
        height = max(1, CHUNK // columns)
        for first in range(0, rows, height):
            last = min(first + height, rows)
            stored = self.mean[first:last], self.square[first:last]
            mean, square = (moment.float() for moment in stored)
            steps = torch.full((), float(self.steps), device=self.weight.device)
            weight = self.weight[first:last]
            fused_adam([weight], [gradient.rows(first, last)], [mean], [square], [steps], settings)
            if noises is not None:
                for moment, exact, noise in zip(stored, (mean, square), noises, strict=True):
                    stochastic_round_(moment, exact, noise)
        self.steps += 1

    def _rounding_noise(self, columns: int) -> tuple[Tensor, Tensor]:
        """Return a random number in [0, 2^16) per column, for the first and for the second moment.

        All rows share these numbers; it is enough that they are new in each step.
        """
        self.random.manual_seed(self.seed + self.steps)
        noise = torch.randint(2**16, (2, columns), generator=self.random, device=self.weight.device, dtype=torch.int32)
        return noise[0], noise[1]

    def state_dict(self) -> dict[str, Any]:
        """Return the moments and the number of steps."""
        return {"steps": self.steps, "mean": self.mean, "square": self.square}

    @torch.no_grad()
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Load a state. Raises KeyError or RuntimeError if it belongs to another weight."""
        self.mean.copy_(state["mean"])
        self.square.copy_(state["square"])
        self.steps = int(state["steps"])


def stochastic_round_(target: Tensor, values: Tensor, noise: Tensor) -> None:
    """Round float32 `values` up or down at random into bfloat16 `target`, keeping their mean. Overwrites `values`.

    noise: int32, uniform in [0, 2^16), broadcast to `values`. A bfloat16 is the upper half of a float32: the sum of
    the noise and the lower half carries into the upper half with a probability proportional to the lower half.
    """
    bits = values.view(torch.int32)
    bits.add_(noise).bitwise_and_(-(2**16))
    target.copy_(values)
