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
    change, because neighbouring bfloat16 numbers differ by 1/256. The random numbers depend on seed and number of the
    update only, and are drawn by `begin`. steps: updates done, (), float32.
    """

    def __init__(self, weight: nn.Parameter, moments: torch.dtype, seed: int) -> None:
        self.weight, self.seed = weight, seed
        self.steps = torch.zeros((), device=weight.device)
        self.mean = torch.zeros_like(weight, dtype=moments, requires_grad=False)
        self.square = torch.zeros_like(weight, dtype=moments, requires_grad=False)
        self.random = torch.Generator(weight.device)
        self.draws, self.has_drawn = 0, False
        self.noise: Tensor | None = None
        if moments == torch.bfloat16:
            self.noise = torch.zeros((2, weight.shape[1]), dtype=torch.int32, device=weight.device)

    def begin(self) -> None:
        """Draw what chance decides in the next update: a number in [0, 2^16) per column for each of the two moments.

        All rows share these numbers; it is enough that they are new in each step. An update without it begins itself.
        """
        if self.noise is not None:
            self.random.manual_seed(self.seed + self.draws)
            torch.randint(2**16, self.noise.shape, generator=self.random, out=self.noise)
        self.draws, self.has_drawn = self.draws + 1, True

    @torch.no_grad()
    def step(self, gradient: Factors, settings: AdamSettings) -> None:
        """Update the weight and its moments with a gradient of shape (O, I)."""
        if not self.has_drawn:
            self.begin()
        rows, columns = self.weight.shape
        # Converted to float32 once instead of in every chunk.
        gradient = Factors(gradient.output_gradients, gradient.inputs.float())
        height = max(1, CHUNK // columns)
        for first in range(0, rows, height):
            last = min(first + height, rows)
            stored = self.mean[first:last], self.square[first:last]
            mean, square = (moment.float() for moment in stored)
            weight = self.weight[first:last]
            fused_adam([weight], [gradient.rows(first, last)], [mean], [square], [self.steps.clone()], settings)
            if self.noise is not None:
                for moment, exact, noise in zip(stored, (mean, square), self.noise, strict=True):
                    stochastic_round_(moment, exact, noise)
        self.steps += 1
        self.has_drawn = False

    def state_dict(self) -> dict[str, Any]:
        """Return the moments and the number of steps."""
        return {"steps": int(self.steps), "mean": self.mean, "square": self.square}

    @torch.no_grad()
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Load a state. Raises KeyError or RuntimeError if it belongs to another weight."""
        self.mean.copy_(state["mean"])
        self.square.copy_(state["square"])
        self.steps.fill_(int(state["steps"]))
        self.draws, self.has_drawn = int(state["steps"]), False


def stochastic_round_(target: Tensor, values: Tensor, noise: Tensor) -> None:
    """Round float32 `values` up or down at random into bfloat16 `target`, keeping their mean. Overwrites `values`.

    noise: int32, uniform in [0, 2^16), broadcast to `values`. A bfloat16 is the upper half of a float32: the sum of
    the noise and the lower half carries into the upper half with a probability proportional to the lower half.
    """
    bits = values.view(torch.int32)
    bits.add_(noise).bitwise_and_(-(2**16))
    target.copy_(values)
