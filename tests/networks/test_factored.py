"""The linear map whose gradient is kept as factors, beside torch's own."""

import torch
from torch import nn

from ugatit.networks.factored import FactoredLinear, take_factors


def layers() -> tuple[FactoredLinear, nn.Linear]:
    torch.manual_seed(0)
    ours, plain = FactoredLinear(6, 4), nn.Linear(6, 4, bias=False)
    plain.weight = nn.Parameter(ours.weight.detach().clone())
    return ours, plain


def test_results_and_gradients_are_those_of_a_linear_map() -> None:
    ours, plain = layers()
    photo, pull = torch.randn(3, 6, requires_grad=True), torch.randn(3, 4)
    expected = torch.autograd.grad(plain(photo), (photo, plain.weight), pull)
    (on_photo,) = torch.autograd.grad(ours(photo), photo, pull)
    torch.testing.assert_close(ours(photo), plain(photo))
    torch.testing.assert_close(on_photo, expected[0])
    torch.testing.assert_close(take_factors(ours.weight).rows(0, 4), expected[1])


def test_rows_of_the_gradient_come_apart() -> None:
    ours, _ = layers()
    ours(torch.randn(2, 6)).square().sum().backward()
    factors = take_factors(ours.weight)
    torch.testing.assert_close(torch.cat([factors.rows(0, 1), factors.rows(1, 4)]), factors.rows(0, 4))


def test_it_stays_in_float32_under_autocast() -> None:
    ours, plain = layers()
    photo = torch.randn(2, 6).bfloat16().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        result = ours(photo)
    assert result.dtype == torch.float32
    torch.testing.assert_close(result, plain(photo.float()))
    result.sum().backward()
    assert photo.grad.dtype == torch.bfloat16


def test_nothing_waits_where_nothing_is_learnt() -> None:
    ours, plain = layers()
    photo = torch.randn(2, 6, requires_grad=True)
    with torch.no_grad():
        torch.testing.assert_close(ours(photo), plain(photo))
    ours.requires_grad_(False)
    ours(photo).sum().backward()
    torch.testing.assert_close(photo.grad, ours.weight.sum(0).expand(2, 6))
    assert take_factors(ours.weight) is None


def test_weights_are_stored_as_a_linear_maps() -> None:
    ours, plain = layers()
    assert list(ours.state_dict()) == list(plain.state_dict())
