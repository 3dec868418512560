"""Run training steps in the fastest way that works, and fall back to the next slower one where it fails."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch

from ugatit.errors import TranslationError
from ugatit.models.base import Batch, Terms
from ugatit.text import one_line
from ugatit.training.learner import Learner
from ugatit.training.parts import Parts
from ugatit.training.steps.captured import CapturedStep, CudaGraphs
from ugatit.training.steps.choice import COMPILED, EAGER, GRAPH, Situation, can_compile, choose
from ugatit.training.steps.compiled import CompiledNetworks
from ugatit.training.steps.undo import StateCopy

Step = Callable[[Parts, float], tuple[Terms, Terms]]
"""Runs a step as `Learner.compute` does."""
Make = Callable[[], Step]
COMPILING = "first step: compiling, about two minutes"
INSTEAD = {GRAPH: "captured as one graph", EAGER: "eagerly"}


@dataclass(frozen=True)
class Telling:
    """How a runner speaks to the run.

    tell: takes a line for the run's events and the terminal. at_once: a context in which a signal to stop raises an
    exception at once, which is not an Exception.
    """

    tell: Callable[[str], None] = lambda line: None
    at_once: Callable[[], AbstractContextManager[object]] = nullcontext


class StepRunner:
    """Runs each step as `Learner.update` does.

    ways: makes each way of running a step, by name, fastest first; the last is used where all others fail.
    remark: on what cannot be had.
    """

    def __init__(self, learner: Learner, ways: Mapping[str, Make], telling: Telling, remark: str = "") -> None:
        self.learner, self.telling, self.remark = learner, telling, remark
        self.ways = dict(ways)
        self.step: Step | None = None

    @property
    def name(self) -> str:
        """The name of the way in use."""
        return next(iter(self.ways))

    def __call__(self, batch: Batch, step: int, rate: float) -> tuple[Terms, Terms]:
        """Run a step; see `Learner.update`. The terms may change in the next step.

        A step that is stopped while it compiles is taken back.
        """
        parts = self.learner.prepare(batch, step)
        while True:
            first = self.step is None
            before = StateCopy(self.learner) if first and self.name == COMPILED else None
            try:
                if before is None:
                    terms = self._run(parts, rate)
                else:
                    self.telling.tell(COMPILING)
                    with self.telling.at_once():
                        terms = self._run(parts, rate)
                break
            except BaseException as error:
                is_failure = isinstance(error, Exception) and not isinstance(error, TranslationError)
                if before:
                    before.restore()
                    parts = self.learner.prepare(batch, step)
                if not is_failure or len(self.ways) == 1:
                    raise
                self._fall_back(error)
        self.learner.finish(step)
        return terms

    def _run(self, parts: Parts, rate: float) -> tuple[Terms, Terms]:
        if self.step is None:
            self.step = self.ways[self.name]()
        return self.step(parts, rate)

    def _fall_back(self, error: BaseException) -> None:
        """Leave the way in use for the next slower one."""
        failed = self.name
        self.learner.drop_gradients()
        # Its graph and its memory go with it.
        del self.ways[failed]
        self.step = None
        reason = one_line(f"{type(error).__name__}: {error}", 200)
        self.telling.tell(f"--speed {failed} failed here, so steps run {INSTEAD[self.name]}: {reason}")


def step_runner(learner: Learner, steps_left: int, telling: Telling) -> StepRunner:
    """Return the runner for the steps of a run, by the speed of its config."""
    device, config = learner.device, learner.config
    pixels = config.batch_size * config.accumulate * learner.model.image_size**2
    situation = Situation(device, learner.processes.world_size, steps_left, pixels, can_compile(device))
    names, remark = choose(config.speed, situation)
    if device.type == "cuda" and names != (EAGER,):
        # All steps have one shape: the fastest convolutions are worth looking for.
        torch.backends.cudnn.benchmark = True
    made: dict[str, Make] = {
        COMPILED: lambda: _compiled(learner, telling),
        GRAPH: lambda: CapturedStep(learner, CudaGraphs(device), nullcontext),
        EAGER: lambda: learner.compute,
    }
    return StepRunner(learner, {name: made[name] for name in names}, telling, remark)


def _compiled(learner: Learner, telling: Telling) -> Step:
    networks = CompiledNetworks(learner.model, telling.tell)
    if learner.device.type == "cuda":
        return CapturedStep(learner, CudaGraphs(learner.device), networks.used)

    def run(parts: Parts, rate: float) -> tuple[Terms, Terms]:
        with networks.used():
            return learner.compute(parts, rate)

    return run
