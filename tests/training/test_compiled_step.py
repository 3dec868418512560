"""Compiled networks beside eager ones: no graph break, and the same gradients for every parameter, in each paper."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch._dynamo.backends.debugging import aot_eager_decomp_partition
from torch._dynamo.utils import counters

from tests.tiny import pictures
from tests.training.small_models import CPU, SMALL, Small
from ugatit.models.base import TranslationModel
from ugatit.models.ugatit import UGATIT, UGATITConfig
from ugatit.training.steps.choice import can_compile
from ugatit.training.steps.compiled import CACHE, Backend, CompiledNetworks

needs_compiler = pytest.mark.skipif(not can_compile(CPU), reason="there is no C++ compiler (g++)")
FULL = Small(UGATIT, UGATITConfig(domains=("disc", "square"), image_size=32, ngf=2, ndf=2, blocks=1, light=False))


@pytest.fixture(autouse=True)
def _forget_compiled_code() -> Iterator[None]:
    torch._dynamo.reset()
    counters.clear()
    yield
    torch._dynamo.reset()


def traced(graph: torch.fx.GraphModule, inputs: Sequence[Tensor]) -> Callable[..., Any]:
    """A backend that leaves a network's graph as it is: what breaks it shows, and it takes seconds."""
    return graph.forward


def compiled_step(small: Small, whole: bool = True, **training: object) -> Callable[..., Any]:
    """Return a step with compiled networks; of StarGAN, which has the penalty, with compiled derivatives too."""
    learner = small.learner(**training)
    backend = aot_eager_decomp_partition if small.network is SMALL["stargan"].network else traced
    networks = CompiledNetworks(learner.model, lambda _: None, whole, backend)

    def run(step: int) -> dict[str, Tensor]:
        with networks.used():
            critics, generators = learner.update(small.batch(learner, step), step, 1e-3)
        return {**{f"critic {name}": term for name, term in critics.items()}, **generators}

    run.learner = learner  # type: ignore[attr-defined]
    return run


@pytest.mark.parametrize("name", SMALL)
def test_whole_step_is_compiled_without_a_graph_break_and_learns_the_same(name: str) -> None:
    small = SMALL[name]
    eager, run = small.learner(), compiled_step(small)
    for step in range(2):
        critics, generators = eager.update(small.batch(eager, step), step, 1e-3)
        for term, value in run(step).items():
            expected = {**{f"critic {n}": t for n, t in critics.items()}, **generators}[term]
            torch.testing.assert_close(value, expected, rtol=1e-3, atol=1e-4, msg=lambda m, t=term: f"{t}: {m}")
    assert not counters["graph_break"]
    for network in eager.model.generator_modules().values():
        assert network._compiled_call_impl is None


def test_full_generators_factored_layer_stays_outside_and_gets_its_gradient() -> None:
    eager, run = FULL.learner(moments="bf16"), compiled_step(FULL, whole=False, moments="bf16")
    before = eager.model.generator_ab.modulation.hidden1.weight.detach().clone()
    for step in range(2):
        eager.update(FULL.batch(eager, step), step, 1e-3)
        run(step)
    weight = run.learner.model.generator_ab.modulation.hidden1.weight  # type: ignore[attr-defined]
    expected = eager.model.generator_ab.modulation.hidden1.weight
    moved, distance = (expected - before).norm(), (expected - weight).norm()
    assert distance < 0.05 * moved


def test_code_is_kept_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE, raising=False)
    monkeypatch.setenv("UGATIT_CACHE", str(tmp_path))
    CompiledNetworks(SMALL["pix2pix"].build(), lambda _: None)
    assert os.environ[CACHE] == str(tmp_path / "compiled")


SMALLEST = {
    "ugatit": replace(SMALL["ugatit"].network, global_layers=3, local_layers=3),
    "cyclegan": replace(SMALL["cyclegan"].network, blocks=0),
    "pix2pix": SMALL["pix2pix"].network,
    "stargan": replace(SMALL["stargan"].network, blocks=0, layers=1),
}
GENERATOR, CRITIC = "generator", "critic"


def gradients(model: TranslationModel, kinds: Sequence[str]) -> dict[str, Tensor]:
    """Return the gradient of every parameter of the first network of each kind, by what it says of two pictures."""
    size = model.image_size
    shown, other = pictures(2, size, seed=1), pictures(2, size, seed=2)
    inputs: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
        "pix2pix": ((shown, (), "batch"), (shown, other, "batch")),
        "stargan": ((shown, torch.eye(2)), (shown,)),
    }
    given = dict(zip((GENERATOR, CRITIC), inputs.get(model.name, ((shown,), (shown,))), strict=True))
    networks = {GENERATOR: model.generator_modules(), CRITIC: model.critic_modules()}
    found = {}
    for kind in kinds:
        name, network = next(iter(networks[kind].items()))
        network.train()
        network.zero_grad()
        output = network(*given[kind])
        fields = ("image", "patch_logits", "cam_logits", "class_logits")
        values = [value for field in fields if (value := getattr(output, field, None)) is not None]
        sum((value - 0.5).square().sum() for value in values).backward()
        found |= {f"{name}.{n}": p.grad.clone() for n, p in network.named_parameters() if p.grad is not None}
    return found


def compare_gradients(name: str, kinds: Sequence[str], backend: Backend | None) -> None:
    """Check that compiled networks of a paper have the gradients and buffers of eager ones, without a graph break."""
    models = [Small(SMALL[name].model, SMALLEST[name]).build() for _ in range(2)]
    expected = gradients(models[0], kinds)
    with CompiledNetworks(models[1], lambda _: None, whole=True, backend=backend).used():
        actual = gradients(models[1], kinds)
    assert not counters["graph_break"]
    assert actual.keys() == expected.keys()
    # The gradient of a bias before a norm is zero but for rounding.
    rounding = 1e-6 * max(gradient.norm() for gradient in expected.values())
    for parameter, gradient in expected.items():
        distance = (actual[parameter] - gradient).norm()
        assert distance <= 1e-4 * gradient.norm() + rounding, f"{parameter}: {distance} of {gradient.norm()}"
    for buffer, value in models[0].named_buffers():
        torch.testing.assert_close(models[1].get_buffer(buffer), value, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", SMALLEST)
def test_gradients_by_the_compilers_operations_are_the_eager_ones(name: str) -> None:
    """Both networks in the operations that inductor makes code of, with what it computes again backwards."""
    compare_gradients(name, (GENERATOR, CRITIC), aot_eager_decomp_partition)


@needs_compiler
@pytest.mark.parametrize("name", SMALLEST)
def test_gradients_by_inductor_are_the_eager_ones(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The critics: U-GAT-IT's generator alone would take inductor minutes on two cores."""
    monkeypatch.setenv(CACHE, str(tmp_path))
    compare_gradients(name, (CRITIC,), None)
