"""AdaLIN, LIN and instance norm beside PyTorch's norms and a plain writing of the paper's formula."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import instance_norm as torch_instance_norm
from torch.nn.functional import layer_norm as torch_layer_norm

from ugatit.networks.normalization import EPS, LIN, AdaLIN, clamp_rho, instance_norm, layer_instance_norm

SHAPE = (2, 5, 7, 6)


@pytest.fixture
def features() -> Tensor:
    torch.manual_seed(0)
    return torch.randn(SHAPE) * torch.rand(1, 5, 1, 1) * 3 + torch.randn(1, 5, 1, 1)


def modulation(picture_wise: bool = True) -> tuple[Tensor, Tensor]:
    torch.manual_seed(1)
    shape = (2, 5) if picture_wise else (5,)
    return torch.randn(shape), torch.randn(shape)


def as_written(features: Tensor, rho: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    """Equation 1 of the paper, term by term, with the published code's unbiased variances."""

    def normalised(dims: tuple[int, ...]) -> Tensor:
        mean, variance = features.mean(dims, keepdim=True), features.var(dims, keepdim=True)
        return (features - mean) / torch.sqrt(variance + EPS)

    share = rho[:, None, None]
    mixed = share * normalised((2, 3)) + (1 - share) * normalised((1, 2, 3))
    return mixed * gamma.reshape(-1, 5, 1, 1) + beta.reshape(-1, 5, 1, 1)


def close(ours: Tensor, theirs: Tensor, tolerance: float = 1e-5) -> None:
    assert ours.shape == theirs.shape
    ours, theirs = ours.detach().float(), theirs.detach().float()
    assert (ours - theirs).abs().max() <= tolerance * max(1.0, float(theirs.abs().max()))


def test_instance_norm_is_torchs(features: Tensor) -> None:
    close(instance_norm(features), torch_instance_norm(features, eps=EPS))


def test_rho_one_is_instance_norm_with_unbiased_variance(features: Tensor) -> None:
    gamma, beta = torch.ones(5), torch.zeros(5)
    ours = layer_instance_norm(features, torch.ones(5), gamma, beta)
    positions = SHAPE[2] * SHAPE[3]
    # n / (n - 1) turns PyTorch's biased variance into the unbiased one; eps shrinks with it.
    share = (positions - 1) / positions
    close(ours, torch_instance_norm(features, eps=EPS * share) * share**0.5)


def test_rho_zero_is_layer_norm_with_unbiased_variance(features: Tensor) -> None:
    gamma, beta = torch.ones(5), torch.zeros(5)
    ours = layer_instance_norm(features, torch.zeros(5), gamma, beta)
    values = SHAPE[1] * SHAPE[2] * SHAPE[3]
    share = (values - 1) / values
    close(ours, torch_layer_norm(features, SHAPE[1:], eps=EPS * share) * share**0.5)


@pytest.mark.parametrize("picture_wise", [True, False])
@pytest.mark.parametrize("rho", [0.0, 0.3, 1.0, "mixed"])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_value_and_gradients_are_the_papers_formulas(
    features: Tensor, rho: float | str, picture_wise: bool, layout: torch.memory_format
) -> None:
    shares = torch.linspace(0, 1, 5) if rho == "mixed" else torch.full((5,), float(rho))
    inputs = [features.contiguous(memory_format=layout), shares, *modulation(picture_wise)]
    pull = torch.randn(SHAPE)
    results = []
    for norm, dtype in ((layer_instance_norm, torch.float32), (as_written, torch.float64)):
        leaves = [t.detach().to(dtype).requires_grad_() for t in inputs]
        output = norm(*leaves)
        results.append((output, *torch.autograd.grad(output, leaves, pull.to(dtype))))
    for ours, theirs in zip(*results, strict=True):
        close(ours, theirs.detach(), 1e-4)
    assert results[0][0].is_contiguous(memory_format=layout)


def test_gradient_of_instance_norm_is_torchs(features: Tensor) -> None:
    pull = torch.randn(SHAPE)
    gradients = []
    for norm in (instance_norm, lambda x: torch_instance_norm(x, eps=EPS)):
        leaf = features.clone().requires_grad_()
        gradients.append(torch.autograd.grad(norm(leaf), leaf, pull)[0])
    close(*gradients, 1e-4)


def test_bf16_features_keep_their_type_and_come_near(features: Tensor) -> None:
    gamma, beta = modulation()
    rho = torch.full((5,), 0.9)
    half = layer_instance_norm(features.bfloat16(), rho, gamma, beta)
    assert half.dtype == torch.bfloat16
    close(half, as_written(features, rho, gamma, beta), 0.03)


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
    close(output.flatten(), beta, 1e-3)


@pytest.mark.parametrize("level", [0.0, 1.0, -300.0])
def test_flat_features_stay_finite(level: float) -> None:
    features = torch.full((1, 3, 4, 4), level, requires_grad=True)
    output = layer_instance_norm(features, torch.full((3,), 0.5), torch.ones(3), torch.zeros(3))
    (gradient,) = torch.autograd.grad(output.sum(), features)
    assert output.isfinite().all()
    assert output.abs().max() < 0.1
    assert gradient.isfinite().all()


def test_pictures_of_a_batch_do_not_touch_each_other(features: Tensor) -> None:
    gamma, beta = modulation()
    norm = AdaLIN(5)
    alone = norm(features[:1], gamma[:1], beta[:1])
    close(norm(features, gamma, beta)[:1], alone, 1e-6)


def test_adalin_begins_near_instance_norm_and_lin_as_layer_norm() -> None:
    assert AdaLIN(3).rho.tolist() == pytest.approx([0.9] * 3)
    assert LIN(3).rho.tolist() == [0.0] * 3


def test_rho_is_clamped_into_zero_to_one() -> None:
    network = torch.nn.Sequential(torch.nn.Sequential(LIN(3)), AdaLIN(3), torch.nn.Linear(3, 3))
    before = network[2].weight.clone()
    with torch.no_grad():
        network[0][0].rho.copy_(torch.tensor([-0.5, 0.5, 1.5]))
        network[1].rho.copy_(torch.tensor([2.0, 1.0, -1e-9]))
    clamp_rho(network)
    assert network[0][0].rho.tolist() == [0.0, 0.5, 1.0]
    assert network[1].rho.tolist() == [1.0, 1.0, 0.0]
    assert torch.equal(network[2].weight, before)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.bfloat16, 3e-2)])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_rectified_norms_are_norms_and_then_relu(
    features: Tensor, dtype: torch.dtype, tolerance: float, layout: torch.memory_format
) -> None:
    parameters = [torch.linspace(0, 1, 5), *modulation()]
    photo, pull = features.to(dtype).contiguous(memory_format=layout), torch.randn(SHAPE)
    results = []
    for rectified, kind in ((True, dtype), (False, torch.float32)):
        leaves = [t.detach().clone().requires_grad_() for t in (photo.to(kind), *parameters)]
        outputs = [instance_norm(leaves[0], rectified), layer_instance_norm(*leaves, rectified)]
        if not rectified:
            outputs = [torch.relu(output) for output in outputs]
        pulled = sum((output.float() * pull).sum() for output in outputs)
        results.append((*outputs, *torch.autograd.grad(pulled, leaves)))
    for together, apart in zip(*results, strict=True):
        close(together, apart, tolerance)
