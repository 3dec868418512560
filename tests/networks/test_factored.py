"""The linear layer with factored gradients, compared with torch's own."""

import pytest
import torch
from torch import nn

from ugatit.networks.factored import FactoredLinear, take_factors


@pytest.fixture
def ours() -> FactoredLinear:
    torch.manual_seed(0)
    return FactoredLinear(6, 4)


@pytest.fixture
def plain(ours: FactoredLinear) -> nn.Linear:
    linear = nn.Linear(6, 4, bias=False)
    linear.weight = nn.Parameter(ours.weight.detach().clone())
    return linear


def test_results_and_gradients_are_those_of_a_linear_layer(ours: FactoredLinear, plain: nn.Linear) -> None:
    photo, output_gradient = torch.randn(3, 6, requires_grad=True), torch.randn(3, 4)
    expected = torch.autograd.grad(plain(photo), (photo, plain.weight), output_gradient)
    (on_photo,) = torch.autograd.grad(ours(photo), photo, output_gradient)
    torch.testing.assert_close(ours(photo), plain(photo))
    torch.testing.assert_close(on_photo, expected[0])
    factors = take_factors(ours.weight)
    torch.testing.assert_close(factors.rows(0, 4), expected[1])
    torch.testing.assert_close(torch.cat([factors.rows(0, 1), factors.rows(1, 4)]), factors.rows(0, 4))
    assert list(ours.state_dict()) == list(plain.state_dict())


def test_it_stays_in_float32_under_autocast(ours: FactoredLinear, plain: nn.Linear) -> None:
    photo = torch.randn(2, 6).bfloat16().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        result = ours(photo)
    assert result.dtype == torch.float32
    torch.testing.assert_close(result, plain(photo.float()))
    result.sum().backward()
    assert photo.grad.dtype == torch.bfloat16


def test_no_factors_are_kept_without_gradients(ours: FactoredLinear, plain: nn.Linear) -> None:
    photo = torch.randn(2, 6, requires_grad=True)
    with torch.no_grad():
        torch.testing.assert_close(ours(photo), plain(photo))
    ours.requires_grad_(False)
    ours(photo).sum().backward()
    torch.testing.assert_close(photo.grad, ours.weight.sum(0).expand(2, 6))
    assert take_factors(ours.weight) is None
