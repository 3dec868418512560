"""AdaLIN, LIN and instance norm, compared with PyTorch's norms and the paper's formula."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import instance_norm as torch_instance_norm
from torch.nn.functional import layer_norm as torch_layer_norm

from ugatit.networks.normalization import EPS, LIN, AdaLIN, clamp_rho, instance_norm, layer_instance_norm

SHAPE = (2, 5, 7, 6)
PLAIN = torch.ones(5), torch.zeros(5)
"""Gamma and beta that change nothing."""

layouts = pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])


@pytest.fixture
def features() -> Tensor:
    torch.manual_seed(0)
    return torch.randn(SHAPE) * torch.rand(1, 5, 1, 1) * 3 + torch.randn(1, 5, 1, 1)


def modulation(per_picture: bool = True) -> tuple[Tensor, Tensor]:
    torch.manual_seed(1)
    shape = (2, 5) if per_picture else (5,)
    return torch.randn(shape), torch.randn(shape)


def paper_formula(features: Tensor, rho: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    """Equation 1 of the paper, term by term, with the published code's unbiased variances."""

    def normalised(dims: tuple[int, ...]) -> Tensor:
        mean, variance = features.mean(dims, keepdim=True), features.var(dims, keepdim=True)
        return (features - mean) / torch.sqrt(variance + EPS)

    share = rho[:, None, None]
    mixed = share * normalised((2, 3)) + (1 - share) * normalised((1, 2, 3))
    return mixed * gamma.reshape(-1, 5, 1, 1) + beta.reshape(-1, 5, 1, 1)


def assert_near(ours: Tensor, theirs: Tensor, tolerance: float = 1e-5) -> None:
    assert ours.shape == theirs.shape
    ours, theirs = ours.detach().float(), theirs.detach().float()
    assert (ours - theirs).abs().max() <= tolerance * max(1.0, float(theirs.abs().max()))


def test_value_and_gradient_of_instance_norm_are_torchs(features: Tensor) -> None:
    output_gradient = torch.randn(SHAPE)
    results = []
    for norm in (instance_norm, lambda x: torch_instance_norm(x, eps=EPS)):
        leaf = features.clone().requires_grad_()
        output = norm(leaf)
        results.append((output, torch.autograd.grad(output, leaf, output_gradient)[0]))
    assert_near(results[0][0], results[1][0])
    assert_near(results[0][1], results[1][1], 1e-4)


@pytest.mark.parametrize("rho", [0.0, 1.0], ids=["layer norm", "instance norm"])
def test_ends_of_rho_are_torchs_norms_with_unbiased_variance(rho: float, features: Tensor) -> None:
    ours = layer_instance_norm(features, torch.full((5,), rho), *PLAIN)
    values = features[0, 0].numel() if rho else features[0].numel()
    # n / (n - 1) turns PyTorch's biased variance into the unbiased one; eps shrinks with it.
    share = (values - 1) / values
    eps = EPS * share
    theirs = torch_instance_norm(features, eps=eps) if rho else torch_layer_norm(features, SHAPE[1:], eps=eps)
    assert_near(ours, theirs * share**0.5)


@pytest.mark.parametrize("per_picture", [True, False])
@pytest.mark.parametrize("rho", [0.0, 0.3, 1.0, "mixed"])
@layouts
def test_value_and_gradients_are_the_papers_formulas(
    features: Tensor, rho: float | str, per_picture: bool, layout: torch.memory_format
) -> None:
    shares = torch.linspace(0, 1, 5) if rho == "mixed" else torch.full((5,), float(rho))
    inputs = [features.contiguous(memory_format=layout), shares, *modulation(per_picture)]
    output_gradient = torch.randn(SHAPE)
    results = []
    for norm, dtype in ((layer_instance_norm, torch.float32), (paper_formula, torch.float64)):
        leaves = [t.detach().to(dtype).requires_grad_() for t in inputs]
        output = norm(*leaves)
        results.append((output, *torch.autograd.grad(output, leaves, output_gradient.to(dtype))))
    for ours, theirs in zip(*results, strict=True):
        assert_near(ours, theirs, 1e-4)
    assert results[0][0].is_contiguous(memory_format=layout)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 3e-2)])
@layouts
def test_norms_with_relu_are_norms_followed_by_relu(
    features: Tensor, dtype: torch.dtype, tolerance: float, layout: torch.memory_format
) -> None:
    parameters = [torch.linspace(0, 1, 5), *modulation()]
    photo, output_gradient = features.to(dtype).contiguous(memory_format=layout), torch.randn(SHAPE)
    results = []
    for relu, kind in ((True, dtype), (False, torch.float32)):
        leaves = [t.detach().clone().requires_grad_() for t in (photo.to(kind), *parameters)]
        outputs = [instance_norm(leaves[0], relu), layer_instance_norm(*leaves, relu)]
        if not relu:
            outputs = [torch.relu(output) for output in outputs]
        product = sum((output.float() * output_gradient).sum() for output in outputs)
        results.append((*outputs, *torch.autograd.grad(product, leaves)))
    for fused, separate in zip(*results, strict=True):
        assert_near(fused, separate, tolerance)


def test_bf16_features_keep_their_type_and_come_near(features: Tensor) -> None:
    rho, (gamma, beta) = torch.full((5,), 0.9), modulation()
    half = layer_instance_norm(features.bfloat16(), rho, gamma, beta)
    assert half.dtype == torch.bfloat16
    assert_near(half, paper_formula(features, rho, gamma, beta), 0.03)


@pytest.mark.parametrize("shape", [(1, 3, 1, 1), (2, 1, 1, 1), (2, 3, 1, 5), (1, 1, 2, 2)])
def test_smallest_maps_stay_finite(shape: tuple[int, ...]) -> None:
    features = torch.randn(shape, requires_grad=True)
    ones, zeros = torch.ones(shape[1]), torch.zeros(shape[1])
    for output in (instance_norm(features), layer_instance_norm(features, ones / 2, ones, zeros)):
        (gradient,) = torch.autograd.grad(output.square().sum(), features)
        assert output.isfinite().all()
        assert gradient.isfinite().all()


def test_one_cell_becomes_beta_under_instance_norm() -> None:
    beta = torch.tensor([1.0, -2.0, 3.0])
    output = layer_instance_norm(torch.randn(1, 3, 1, 1), torch.ones(3), torch.full((3,), 7.0), beta)
    assert_near(output.flatten(), beta, 1e-3)


@pytest.mark.parametrize("level", [0.0, 1.0, -300.0])
def test_flat_features_stay_finite(level: float) -> None:
    features = torch.full((1, 3, 4, 4), level, requires_grad=True)
    output = layer_instance_norm(features, torch.full((3,), 0.5), torch.ones(3), torch.zeros(3))
    (gradient,) = torch.autograd.grad(output.sum(), features)
    assert output.isfinite().all()
    assert output.abs().max() < 0.1
    assert gradient.isfinite().all()


def test_pictures_of_a_batch_are_normalised_separately(features: Tensor) -> None:
    gamma, beta = modulation()
    norm = AdaLIN(5)
    assert_near(norm(features, gamma, beta)[:1], norm(features[:1], gamma[:1], beta[:1]), 1e-6)


def test_adalin_begins_near_instance_norm_and_lin_as_layer_norm() -> None:
    assert AdaLIN(3).rho.tolist() == pytest.approx([0.9] * 3)
    assert LIN(3).rho.tolist() == [0.0] * 3


def test_rho_is_clamped_into_zero_to_one() -> None:
    lin, adalin, linear = LIN(3), AdaLIN(3), torch.nn.Linear(3, 3)
    before = linear.weight.clone()
    with torch.no_grad():
        lin.rho.copy_(torch.tensor([-0.5, 0.5, 1.5]))
        adalin.rho.copy_(torch.tensor([2.0, 1.0, -1e-9]))
    clamp_rho(torch.nn.Sequential(torch.nn.Sequential(lin), adalin, linear))
    assert lin.rho.tolist() == [0.0, 0.5, 1.0]
    assert adalin.rho.tolist() == [1.0, 1.0, 0.0]
    assert torch.equal(linear.weight, before)
