"""The runner of steps: what it does when a way fails or is stopped, and `--speed` from the command line."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from tests.tiny import train
from tests.training.recording import OperationRecorder
from tests.training.small_models import SMALL
from ugatit.errors import DataError
from ugatit.models.base import Terms
from ugatit.training.learner import Learner
from ugatit.training.parts import Parts
from ugatit.training.steps.captured import CapturedStep
from ugatit.training.steps.choice import COMPILED, EAGER, GRAPH
from ugatit.training.steps.compiled import CompiledNetworks
from ugatit.training.steps.runner import Make, StepRunner, Telling
from ugatit.training.stop_request import StopNow, StopRequest

SMALLEST = SMALL["cyclegan"]


def runner(learner: Learner, telling: Telling | None = None, **ways: Make) -> StepRunner:
    return StepRunner(learner, {**ways, EAGER: lambda: learner.compute}, telling or Telling())


def train_steps(learner: Learner, run: Callable[..., tuple[Terms, Terms]], steps: range = range(3)) -> None:
    for step in steps:
        run(SMALLEST.batch(learner, step), step, 1e-3)


def assert_equal(learner: Learner, expected: Learner) -> None:
    values = learner.model.state_dict()
    for name, value in expected.model.state_dict().items():
        assert torch.equal(values[name], value), name
    assert learner.average is not None
    assert expected.average is not None
    for ours, theirs in zip(learner.average.state(), expected.average.state(), strict=True):
        assert torch.equal(ours, theirs)
    for name, pool in expected.pool.state_dict().items():
        assert torch.equal(learner.pool.state_dict()[name], pool)


def expected_after(steps: int) -> Learner:
    learner = SMALLEST.learner()
    train_steps(learner, learner.update, range(steps))
    return learner


class FailingRecorder(OperationRecorder):
    def record(self, work: object) -> Callable[[], object]:
        raise RuntimeError("operation not permitted\nwhen stream is capturing")


def test_failed_capture_goes_on_eagerly_and_says_why() -> None:
    learner, lines = SMALLEST.learner(), []

    @contextmanager
    def nothing() -> Iterator[None]:
        yield

    run = runner(
        learner, Telling(lines.append), graph=lambda: CapturedStep(learner, FailingRecorder(), nothing, warm_up=1)
    )
    assert run.name == GRAPH
    train_steps(learner, run)
    assert run.name == EAGER
    assert len(lines) == 1
    assert "--speed graph failed" in lines[0]
    assert "eagerly" in lines[0]
    assert "not permitted" in lines[0]
    assert "\n" not in lines[0]
    assert_equal(learner, expected_after(3))


def test_failed_compilation_takes_the_step_back_and_does_it_eagerly() -> None:
    learner, lines, passes = SMALLEST.learner(), [], []

    def backend(graph: torch.fx.GraphModule, inputs: object) -> Callable[..., object]:
        # The generators' update is done by the time the critics are compiled.
        passes.append(graph)
        if len(passes) > 3:
            raise RuntimeError("no compiler")
        return graph.forward

    networks = CompiledNetworks(learner.model, lines.append, backend=backend)

    def compiled(parts: Parts, rate: float) -> tuple[Terms, Terms]:
        with networks.used():
            return learner.compute(parts, rate)

    run = runner(learner, Telling(lines.append), compiled=lambda: compiled)
    train_steps(learner, run)
    assert len(passes) == 4
    assert run.name == EAGER
    assert lines[0].startswith("first step: compiling")
    assert "compiling: 3 passes of networks done" in lines
    assert "--speed compiled failed" in lines[-1]
    assert "no compiler" in lines[-1]
    assert_equal(learner, expected_after(3))


def test_signal_while_compiling_takes_the_step_back_and_stops() -> None:
    learner, request = SMALLEST.learner(), StopRequest()

    def compiled(parts: Parts, rate: float) -> tuple[Terms, Terms]:
        learner.compute(parts, rate)
        request.request()
        raise AssertionError("the request raises")

    run = runner(learner, Telling(at_once=request.at_once), compiled=lambda: compiled)
    with pytest.raises(StopNow):
        train_steps(learner, run)
    assert request.requested
    assert run.name == COMPILED
    assert_equal(learner, expected_after(0))
    request.request()  # outside of the compilation it only asks


def test_errors_for_people_and_the_last_ways_failures_end_the_run() -> None:
    learner = SMALLEST.learner()

    def unreadable(parts: Parts, rate: float) -> tuple[Terms, Terms]:
        raise DataError("No pictures.")

    def broken(parts: Parts, rate: float) -> tuple[Terms, Terms]:
        raise MemoryError

    with pytest.raises(DataError):
        train_steps(learner, runner(learner, graph=lambda: unreadable))
    with pytest.raises(MemoryError):
        train_steps(learner, StepRunner(learner, {GRAPH: lambda: broken, EAGER: lambda: broken}, Telling()))


def test_speed_is_a_setting_of_the_run_and_its_remark_an_event(tmp_path: Path) -> None:
    run = tmp_path / "run"
    result = train(run, "--steps", 1, "--speed", "graph")
    assert result.returncode == 0, result.stderr
    remark = "--speed graph needs a CUDA device: on cpu steps run eagerly."
    assert remark in result.stdout.splitlines()
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    assert remark in events[0]["remarks"]
    assert json.loads((run / "config.json").read_text())["training"]["speed"] == "graph"
