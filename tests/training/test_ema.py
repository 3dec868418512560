"""The exponential moving average of weights."""

import pytest
import torch
from torch import nn

from ugatit.training.ema import ExponentialMovingAverage


@pytest.fixture
def network() -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(3, 2)


def set_all(network: nn.Module, value: float) -> None:
    for parameter in network.parameters():
        nn.init.constant_(parameter, value)


def test_average_follows_the_published_formula(network: nn.Linear) -> None:
    average = ExponentialMovingAverage([network], decay=0.9)
    expected = network.weight.detach().clone()
    for step in (200, 201, 202):
        set_all(network, float(step))
        average.update(step)
        expected = 0.9 * expected + 0.1 * step
    torch.testing.assert_close(average.state()[0], expected)


def test_initial_weights_are_soon_forgotten(network: nn.Linear) -> None:
    set_all(network, 100.0)
    average = ExponentialMovingAverage([network], decay=0.999)
    set_all(network, 1.0)
    for step in range(100):
        average.update(step)
    assert average.state()[0].max() < 1.01


def test_average_is_applied_within_the_context_only(network: nn.Linear) -> None:
    average = ExponentialMovingAverage([network], decay=0.9)
    set_all(network, 5.0)
    average.update(200)
    averaged = average.state()[0].clone()
    with average.applied():
        assert torch.equal(network.weight, averaged)
    assert torch.equal(network.weight, torch.full((2, 3), 5.0))
    assert torch.equal(average.state()[0], averaged)


def test_weights_are_restored_after_an_error(network: nn.Linear) -> None:
    average = ExponentialMovingAverage([network], decay=0.9)
    set_all(network, 5.0)
    with pytest.raises(KeyError), average.applied():
        raise KeyError
    assert torch.equal(network.bias, torch.full((2,), 5.0))


def test_optimizer_still_updates_the_network_after_the_average_was_applied(network: nn.Linear) -> None:
    average = ExponentialMovingAverage([network], decay=0.9)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.1, fused=True)
    with average.applied():
        pass
    before = network.weight.detach().clone()
    network(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    assert not torch.equal(network.weight, before)
    assert not torch.equal(average.state()[0], network.weight)


def test_state_can_be_loaded(network: nn.Linear) -> None:
    first, second = ExponentialMovingAverage([network], 0.9), ExponentialMovingAverage([network], 0.9)
    set_all(network, 5.0)
    first.update(200)
    second.load(first.state())
    assert torch.equal(first.state()[0], second.state()[0])
