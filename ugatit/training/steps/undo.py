"""Take back a training step that has failed or was stopped in its middle."""

from typing import Any

import torch
from torch import Tensor

from ugatit.training.learner import Learner


class StateCopy:
    """A copy, in host memory, of all that a step changes."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        # As a checkpoint: collected before the averaged generators take their place.
        self.state = _copied(learner.state())
        with learner.averaged_generators():
            self.weights = _copied(learner.model.state_dict())

    @torch.no_grad()
    def restore(self) -> None:
        """Give the learner the state from before."""
        self.learner.drop_gradients()
        self.learner.load(self.weights, self.state)


def _copied(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.detach().to("cpu", copy=True)
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return value
