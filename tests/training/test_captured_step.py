"""A captured step, driven by a stand-in that replays operations, beside the eager one: equal to the last bit."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from tests.training.recording import OperationRecorder
from tests.training.small_models import CPU, SMALL, Small
from ugatit.models.pix2pix import Pix2Pix
from ugatit.models.stargan import StarGAN
from ugatit.models.ugatit import UGATIT, UGATITConfig
from ugatit.training.learner import Learner
from ugatit.training.steps.captured import CapturedStep

STEPS, RESUMED_AT = 9, 5
FULL = Small(UGATIT, UGATITConfig(domains=("disc", "square"), image_size=32, ngf=2, ndf=2, blocks=1, light=False))
GREY = Small(Pix2Pix, replace(SMALL["pix2pix"].network, inputs=1))
JOINT = Small(
    StarGAN,
    replace(SMALL["stargan"].network, domains=("a", "b", "c", "d"), binary=("a", "b"), sets=(2, 2)),
    batch_size=2,
)


def captured(learner: Learner) -> tuple[CapturedStep, OperationRecorder]:
    recorder = OperationRecorder()
    return CapturedStep(learner, recorder, nullcontext, warm_up=2), recorder


def run(small: Small, learner: Learner, steps: range, capture: bool) -> list[dict[str, Tensor]]:
    step_of, recorder = captured(learner)
    terms = []
    for step in steps:
        batch, rate = small.batch(learner, step), 1e-3 / (1 + step)
        parts = learner.prepare(batch, step)
        critics, generators = step_of(parts, rate) if capture else learner.compute(parts, rate)
        learner.finish(step)
        terms.append(
            {**{f"critic {n}": t.clone() for n, t in critics.items()}, **{n: t.clone() for n, t in generators.items()}}
        )
        if capture and step == steps[-2]:
            # A sample in between: the generators have their averaged weights, and are given their own back.
            with learner.averaged_generators():
                assert learner.is_finite()
    if capture:
        assert (recorder.warm_ups, recorder.records, recorder.replays) == (2, 1, len(steps) - 2)
    return terms


def resumed(small: Small, learner: Learner) -> Learner:
    state = learner.state()
    with learner.averaged_generators():
        weights = {name: value.clone() for name, value in learner.model.state_dict().items()}
    other = Learner(small.build(seed=1), learner.config, CPU)
    other.load(weights, state)
    return other


@pytest.mark.parametrize(
    ("small", "training"),
    [
        (SMALL["ugatit"], {}),
        (SMALL["ugatit"], {"accumulate": 2, "precision": "bf16"}),
        (FULL, {"moments": "bf16"}),
        (SMALL["cyclegan"], {}),
        (SMALL["pix2pix"], {}),
        (GREY, {}),
        (SMALL["stargan"], {}),
        (JOINT, {"accumulate": 2}),
    ],
    ids=[
        "ugatit",
        "ugatit accumulated in bf16",
        "full with 16-bit moments",
        "cyclegan",
        "pix2pix",
        "pix2pix from grey",
        "stargan",
        "stargan of two sets, accumulated",
    ],
)
def test_captured_steps_equal_eager_ones_also_after_a_resume(small: Small, training: dict[str, object]) -> None:
    eager, replayed = small.learner(**training), small.learner(**training)
    expected = run(small, eager, range(STEPS), capture=False)
    actual = run(small, replayed, range(RESUMED_AT), capture=True)
    replayed = resumed(small, replayed)
    actual += run(small, replayed, range(RESUMED_AT, STEPS), capture=True)
    for step, (ours, theirs) in enumerate(zip(actual, expected, strict=True)):
        assert ours.keys() == theirs.keys()
        for name, term in theirs.items():
            assert torch.equal(ours[name], term), f"{name} of step {step}"
    weights = replayed.model.state_dict()
    for name, value in eager.model.state_dict().items():
        assert torch.equal(weights[name], value), name
    for ours, theirs in zip(replayed.average.state(), eager.average.state(), strict=True):
        assert torch.equal(ours, theirs)


def test_a_step_of_another_shape_is_an_error_that_names_it() -> None:
    small = SMALL["ugatit"]
    learner = small.learner(batch_size=2)
    step, _ = captured(learner)
    twice = {name: values.repeat(2, 1, 1, 1) for name, values in small.batch(learner).items()}
    step(learner.prepare(twice, 0), 1e-3)
    smaller = {name: values[..., :16] for name, values in twice.items()}
    with pytest.raises(ValueError, match="disc"):
        step(learner.prepare(smaller, 1), 1e-3)
