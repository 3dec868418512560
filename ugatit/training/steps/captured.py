"""A training step that is recorded once and run again with new values in the same tensors."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

import torch
from torch import Tensor

from ugatit.models.base import Terms
from ugatit.training.learner import Learner
from ugatit.training.parts import Parts

T = TypeVar("T")
WARM_UP = 3
"""Steps before the recording: they make Adam's moments and choose kernels."""


class Recorder(Protocol):
    """Records what is launched on a device."""

    def warm_up(self, work: Callable[[], T]) -> T:
        """Do work as it will be recorded, without recording it."""

    def record(self, work: Callable[[], T]) -> Callable[[], T]:
        """Return a function that launches again what `work` launches, and returns the tensors that `work` returns."""


class CudaGraphs:
    """Records into CUDA graphs."""

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def warm_up(self, work: Callable[[], T]) -> T:
        with torch.cuda.device(self.device):
            stream, current = torch.cuda.Stream(), torch.cuda.current_stream()
            stream.wait_stream(current)
            with torch.cuda.stream(stream):
                result = work()
            current.wait_stream(stream)
        return result

    def record(self, work: Callable[[], T]) -> Callable[[], T]:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.device(self.device):
            torch.cuda.synchronize()
            # Of this thread alone: the data loader's pinning thread allocates host memory meanwhile.
            with torch.cuda.graph(graph, capture_error_mode="thread_local"):
                result = work()

        def replay() -> T:
            graph.replay()
            return result

        return replay


class CapturedStep:
    """Runs `Learner.compute` a few times, then records it, then runs the recording.

    The batch's parts and the learning rate are copied into fixed tensors. The terms that a step returns are those of
    the next one too, with other values. networks: the context that the step runs in.
    """

    def __init__(
        self,
        learner: Learner,
        recorder: Recorder,
        networks: Callable[[], AbstractContextManager[object]],
        warm_up: int = WARM_UP,
    ) -> None:
        self.learner, self.recorder, self.networks, self.warm_up_left = learner, recorder, networks, warm_up
        device = learner.device
        # The fused Adam reads a rate of 32 bits on CUDA; on the CPU it takes one as exact as a Python number.
        self.rate = torch.zeros((), dtype=torch.float32 if device.type == "cuda" else torch.float64, device=device)
        self.parts: Parts | None = None
        self.replay: Callable[[], tuple[Terms, Terms]] | None = None

    def __call__(self, parts: Parts, rate: float) -> tuple[Terms, Terms]:
        """Run the step on what `Learner.prepare` returned, and return what `Learner.compute` does."""
        if self.parts is None:
            self.parts = [[[_cloned(batch) for batch in turn] for turn in update] for update in parts]
        else:
            _copy_parts(self.parts, parts)
        self.rate.fill_(rate)
        if self.warm_up_left:
            self.warm_up_left -= 1
            return self.recorder.warm_up(self._compute)
        if self.replay is None:
            self.replay = self.recorder.record(self._compute)
        return self.replay()

    def _compute(self) -> tuple[Terms, Terms]:
        assert self.parts is not None
        with self.networks():
            return self.learner.compute(self.parts, self.rate)


def _cloned(batch: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: values.clone() for name, values in batch.items()}


def _copy_parts(targets: Parts, sources: Parts) -> None:
    """Copy values into tensors of the same names and shapes."""
    for own_update, update in zip(targets, sources, strict=True):
        for own_turn, turn in zip(own_update, update, strict=True):
            for own, batch in zip(own_turn, turn, strict=True):
                for name, values in batch.items():
                    if own[name].shape != values.shape:
                        raise ValueError(f"a step of {name} {tuple(values.shape)} after {tuple(own[name].shape)}")
                    own[name].copy_(values, non_blocking=True)
