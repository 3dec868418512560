"""Adam for a weight whose gradient comes as factors: formed, used and dropped a few rows at a time."""

from typing import Any

import torch
from torch import Tensor, nn

from ugatit.networks.factored import Factors
from ugatit.training.adam import AdamSettings, fused_adam

CHUNK = 2**22
"""So many numbers of the gradient exist at a time, or one row where that is more."""


class FactoredAdam:
    """The moments of one weight (O, I), in float32 or bfloat16, and its update in place.

    Equal to torch.optim.Adam with the gradient written out. Moments in bfloat16 are rounded up or down at random,
    so that they are right on average: rounded to nearest, a second moment that changes by a thousandth a step would
    stand still, bfloat16 numbers lying 1/256 apart. The random numbers follow from seed and step alone.
    """

    def __init__(self, weight: nn.Parameter, moments: torch.dtype, seed: int) -> None:
        self.weight, self.seed, self.steps = weight, seed, 0
        self.mean = torch.zeros_like(weight, dtype=moments, requires_grad=False)
        self.square = torch.zeros_like(weight, dtype=moments, requires_grad=False)
        self.random = torch.Generator(weight.device)

    @torch.no_grad()
    def step(self, gradient: Factors, settings: AdamSettings) -> None:
        rows, columns = self.weight.shape
        noises = self._noises(columns) if self.mean.dtype == torch.bfloat16 else None
        # Made float32 once, not for every chunk.
        gradient = Factors(gradient.outward, gradient.inward.float())
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
                    round_at_random_(moment, exact, noise)
        self.steps += 1

    def _noises(self, columns: int) -> tuple[Tensor, Tensor]:
        """A number in [0, 2^16) for each column, once for each moment.

        All rows share it: what matters is that it is fresh each step.
        """
        self.random.manual_seed(self.seed + self.steps)
        draw = torch.randint(2**16, (2, columns), generator=self.random, device=self.weight.device, dtype=torch.int32)
        return draw[0], draw[1]

    def state_dict(self) -> dict[str, Any]:
        return {"steps": self.steps, "mean": self.mean, "square": self.square}

    @torch.no_grad()
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Raises KeyError or RuntimeError where the state is another weight's."""
        self.mean.copy_(state["mean"])
        self.square.copy_(state["square"])
        self.steps = int(state["steps"])


def round_at_random_(target: Tensor, values: Tensor, noise: Tensor) -> None:
    """Write float32 `values` to bfloat16 `target`, up with the probability that keeps their mean; spoils `values`.

    noise: int32 in [0, 2^16), uniform, broadcast to values. A bfloat16 is a float32's upper half: adding noise to
    the lower half carries into the upper as often as the lower half is large.
    """
    bits = values.view(torch.int32)
    bits.add_(noise).bitwise_and_(-(2**16))
    target.copy_(values)
