"""The optimizer compared to torch.optim.Adam with dense gradients; bfloat16 moments; several processes."""

import os
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.multiprocessing import start_processes

from tests.tiny import batch, free_port, tiny_model
from ugatit.config import TrainingConfig
from ugatit.networks.factored import FactoredLinear, take_factors
from ugatit.training import factored_adam
from ugatit.training.distributed import process_group
from ugatit.training.factored_adam import stochastic_round_
from ugatit.training.optimizer import Optimizer

CONFIG = TrainingConfig(learning_rate=1e-2, weight_decay=1e-2, seed=3)


class Net(nn.Module):
    """A wide linear layer, factored by default, and a plain one."""

    def __init__(self, factored: bool = True) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.wide = FactoredLinear(30, 5) if factored else nn.Linear(30, 5, bias=False)
        self.head = nn.Linear(5, 2)

    def forward(self, features: Tensor) -> Tensor:
        result: Tensor = self.head(torch.tanh(self.wide(features)))
        return result


def photo(step: int, count: int = 3) -> Tensor:
    return torch.randn(count, 30, generator=torch.Generator().manual_seed(step))


def optimizer(net: nn.Module, **changes: object) -> Optimizer:
    return Optimizer(net.parameters(), TrainingConfig(**{**CONFIG.to_dict(), **changes}))


def train(net: nn.Module, optimizer: Optimizer | torch.optim.Adam, steps: range) -> None:
    for step in steps:
        net(photo(step)).square().sum().backward()
        optimizer.step()
        if isinstance(optimizer, torch.optim.Adam):
            optimizer.zero_grad()


def distance(one: nn.Module, other: nn.Module) -> float:
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return max(float((a - b).abs().max().detach()) for a, b in pairs)


@pytest.fixture(params=[10, 60, 10_000])
def _chunked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of one row, of two rows, and of all rows."""
    monkeypatch.setattr(factored_adam, "CHUNK", request.param)


@pytest.mark.usefixtures("_chunked")
def test_factored_gradients_give_the_same_updates_as_dense_ones() -> None:
    factored, dense = Net(), Net(factored=False)
    adam = torch.optim.Adam(dense.parameters(), lr=1e-2, betas=(0.5, 0.999), weight_decay=1e-2)
    train(factored, optimizer(factored), range(20))
    train(dense, adam, range(20))
    assert distance(dense, Net()) > 0.1
    assert distance(factored, dense) < 1e-5


def test_factored_weight_gets_no_dense_gradient() -> None:
    net = Net()
    net(photo(0)).sum().backward()
    assert net.wide.weight.grad is None
    factors = take_factors(net.wide.weight)
    assert factors is not None
    assert factors.inputs.shape == (3, 30)
    assert factors.output_gradients.shape == (3, 5)
    assert take_factors(net.wide.weight) is None


def test_learning_rate_is_the_one_set_last() -> None:
    net = Net()
    adam = optimizer(net)
    adam.set_rate(0)
    train(net, adam, range(2))
    assert distance(net, Net()) == 0


def test_gradients_of_several_batches_add_up() -> None:
    split, whole = Net(), Net()
    optimizers = optimizer(split), optimizer(whole)
    for step in range(3):
        pictures = photo(step, count=4)
        for part in pictures.split(2):
            split(part).sum().backward()
        whole(pictures).sum().backward()
        for adam in optimizers:
            adam.step()
    assert distance(split, whole) < 1e-5


def test_without_gradients_nothing_changes() -> None:
    net = Net()
    adam = optimizer(net)
    train(net, adam, range(2))
    before = [p.detach().clone() for p in net.parameters()]
    adam.step()
    assert all(torch.equal(a, b) for a, b in zip(before, net.parameters(), strict=True))


def test_frozen_weight_does_not_change_and_gets_no_factors() -> None:
    net = Net()
    net.wide.requires_grad_(False)
    train(net, optimizer(net), range(2))
    assert torch.equal(net.wide.weight, Net().wide.weight)
    assert take_factors(net.wide.weight) is None
    assert not torch.equal(net.head.weight, Net().head.weight)


@pytest.mark.parametrize("moments", ["fp32", "bf16"])
def test_resuming_from_a_stored_state_equals_training_without_a_stop(moments: str, tmp_path: Path) -> None:
    uninterrupted, resumed = Net(), Net()
    train(uninterrupted, optimizer(uninterrupted, moments=moments), range(6))

    first = optimizer(resumed, moments=moments)
    train(resumed, first, range(3))
    torch.save(first.state_dict(), tmp_path / "state.pt")
    second = optimizer(resumed, moments=moments)
    second.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True))
    train(resumed, second, range(3, 6))

    assert distance(uninterrupted, resumed) == 0


def test_training_resumes_in_another_memory_layout() -> None:
    results = []
    for layouts in ([torch.contiguous_format] * 2, [torch.contiguous_format, torch.channels_last]):
        torch.manual_seed(0)
        conv, state = nn.Conv2d(3, 4, 2), None
        for layout in layouts:
            conv.to(memory_format=layout)
            adam = optimizer(conv)
            if state:
                adam.load_state_dict(state)
            for step in range(3):
                pictures = photo(step, count=2).reshape(2, 3, 2, 5)
                conv(pictures).square().sum().backward()
                adam.step()
            state = adam.state_dict()
        results.append(conv)
    assert distance(*results) < 1e-6


def test_state_of_other_networks_is_refused() -> None:
    net, wider = Net(), nn.Sequential(FactoredLinear(30, 7), nn.Linear(7, 2))
    adam = optimizer(net)
    train(net, adam, range(1))
    with pytest.raises(RuntimeError):
        optimizer(wider).load_state_dict(adam.state_dict())


def test_bfloat16_moments_are_half_as_large_and_give_nearly_the_same_updates() -> None:
    exact, half = Net(), Net()
    adam = optimizer(half, moments="bf16")
    train(exact, optimizer(exact), range(200))
    train(half, adam, range(200))
    assert {m.dtype for m in adam.state_dict()["factored"][0].values() if isinstance(m, Tensor)} == {torch.bfloat16}
    assert 0 < distance(exact, half) < 0.1 * distance(exact, Net())


def test_stochastic_rounding_keeps_the_mean_where_rounding_to_nearest_changes_nothing() -> None:
    """The second moment of a zero gradient decays by a thousandth per step."""
    nearest = torch.ones(4000, dtype=torch.bfloat16)
    rounded, exact = nearest.clone(), 1.0
    generator = torch.Generator().manual_seed(0)
    for _ in range(500):
        nearest.copy_(nearest.float() * 0.999)
        noise = torch.randint(2**16, (4000,), generator=generator, dtype=torch.int32)
        stochastic_round_(rounded, rounded.float() * 0.999, noise)
        exact *= 0.999
    assert nearest.float().mean() == 1
    assert abs(float(rounded.float().mean()) / exact - 1) < 0.01


@pytest.mark.parametrize("value", [0.0, 1.0, -3.5, 1.003, -1e-30, float("inf")])
def test_stochastic_rounding_gives_a_neighbour(value: float) -> None:
    noise = torch.arange(0, 2**16, 7, dtype=torch.int32)
    rounded = torch.empty(len(noise), dtype=torch.bfloat16)
    stochastic_round_(rounded, torch.full(noise.shape, value), noise)
    results = set(rounded.tolist())
    below = torch.full((), value).view(torch.int32).bitwise_and(-(2**16)).view(torch.float32)
    assert float(below) in results
    assert len(results) == (1 if float(below) == value else 2)
    if len(results) == 2:
        assert min(results) < value < max(results)


def test_full_model_has_the_same_gradients_as_with_a_dense_layer() -> None:
    factored, dense = tiny_model(light=False), tiny_model(light=False)
    for generator in (dense.generator_ab, dense.generator_ba):
        wide = generator.modulation.hidden1
        generator.modulation.hidden1 = nn.Linear(wide.in_features, wide.out_features, bias=False)
        generator.modulation.hidden1.weight = wide.weight
    for model in (factored, dense):
        torch.stack(list(model.generator_terms(model.forward_step(batch(1))).values())).sum().backward()
    for parameter, other in zip(factored.generator_parameters(), dense.generator_parameters(), strict=True):
        factors = take_factors(parameter)
        gradient = factors.rows(0, len(parameter)) if factors else parameter.grad
        assert (gradient - other.grad).abs().max() <= 1e-5 * other.grad.abs().max()


def train_one_of_two(rank: int, port: int, folder: Path) -> None:
    os.environ.update(
        RANK=str(rank),
        LOCAL_RANK=str(rank),
        WORLD_SIZE="2",
        MASTER_ADDR="127.0.0.1",
        MASTER_PORT=str(port),
    )
    torch.set_num_threads(1)
    with process_group("cpu") as processes:
        net = Net()
        adam = optimizer(net)
        for step in range(3):
            net(photo(step, count=4)[rank::2].bfloat16()).square().mean().backward()
            adam.average_gradients(processes)
            adam.step()
        torch.save(net.state_dict(), folder / f"{rank}.pt")


def test_two_processes_learn_the_same_as_one_from_twice_the_pictures(tmp_path: Path) -> None:
    start_processes(train_one_of_two, (free_port(), tmp_path), nprocs=2, start_method="spawn")
    first, second = (torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in (0, 1))
    assert all(torch.equal(first[name], second[name]) for name in first)

    single = Net()
    adam = optimizer(single)
    for step in range(3):
        single(photo(step, count=4).bfloat16()).square().mean().backward()
        adam.step()
    for name, value in single.state_dict().items():
        torch.testing.assert_close(first[name], value, atol=1e-5, rtol=1e-4)
