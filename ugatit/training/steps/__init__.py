"""How a training step runs: eagerly, captured as one CUDA graph, or with compiled networks."""

from ugatit.training.steps.runner import Telling, step_runner

__all__ = ["Telling", "step_runner"]
