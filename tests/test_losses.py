"""The loss terms, compared with values derived by hand."""

import math

import pytest
import torch

from ugatit import losses


def test_lsgan_expects_one_for_real_and_zero_for_translated() -> None:
    scores = torch.tensor([[0.0, 1.0], [3.0, -1.0]])
    # ((-1)^2 + 0 + 2^2 + (-2)^2) / 4 and (0 + 1 + 9 + 1) / 4
    assert losses.lsgan(scores, True).item() == pytest.approx(9 / 4)
    assert losses.lsgan(scores, False).item() == pytest.approx(11 / 4)


@pytest.mark.parametrize("real", [True, False])
def test_lsgan_is_zero_at_its_target(real: bool) -> None:
    assert losses.lsgan(torch.full((2, 1, 3, 3), float(real)), real).item() == 0


@pytest.mark.parametrize("loss", [losses.cycle, losses.identity])
def test_differences_are_averaged_over_all_values(loss: object) -> None:
    photo = torch.zeros(2, 3, 2, 2)
    other = photo.clone()
    other[0, 0] = 0.5
    other[1, 2, 0, 0] = -1.0
    # (4 * 0.5 + 1) / 24
    assert loss(other, photo).item() == pytest.approx(3 / 24)
    assert loss(photo, photo).item() == 0


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        # An undecided classifier: all sigmoids are 1/2.
        ([0.0, 0.0], [0.0, 0.0], 2 * math.log(2)),
        # Sigmoids: 3/4, 1/2 for the source (should be 1); 1/4, 3/4 for the target (should be 0).
        (
            [math.log(3.0), 0.0],
            [-math.log(3.0), math.log(3.0)],
            (-math.log(3 / 4) - math.log(1 / 2)) / 2 + (-math.log(3 / 4) - math.log(1 / 4)) / 2,
        ),
    ],
)
def test_cam_is_the_cross_entropy_of_both_domains(source: list[float], target: list[float], expected: float) -> None:
    assert losses.cam(torch.tensor([source]), torch.tensor([target])).item() == pytest.approx(expected)


def test_cam_falls_as_the_classifier_is_right_and_stays_finite_where_it_is_wrong() -> None:
    logits = (-1e4, -3.0, 0.0, 3.0, 300.0)
    values = [losses.cam(torch.full((1, 2), x), torch.full((1, 2), -x)).item() for x in logits]
    assert math.isfinite(values[0])
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(0, abs=1e-6)


def test_cross_entropy_is_the_log_likelihood_of_the_verdict() -> None:
    scores = torch.tensor([[0.0, 2.0]])
    likely = scores.sigmoid()
    torch.testing.assert_close(losses.cross_entropy(scores, True), -likely.log().mean())
    torch.testing.assert_close(losses.cross_entropy(scores, False), -(1 - likely).log().mean())
    assert losses.cross_entropy(torch.tensor([-1000.0]), True) == 1000


def test_l1_is_the_mean_absolute_difference() -> None:
    assert losses.l1(torch.tensor([1.0, -1.0]), torch.tensor([0.5, 1.0])) == 1.25


def test_wasserstein_is_the_mean_score_and_its_opposite_for_real() -> None:
    scores = torch.tensor([[1.0, -3.0], [4.0, 2.0]])
    assert losses.wasserstein(scores, False) == 1
    assert losses.wasserstein(scores, True) == -1


def test_gradient_penalty_is_the_plain_formula_with_its_gradient() -> None:
    torch.manual_seed(0)
    critic = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.Tanh(), torch.nn.Conv2d(4, 1, 3)).double()
    real, fake = (torch.randn(2, 3, 8, 8, dtype=torch.float64) for _ in range(2))
    alpha = torch.tensor([0.25, 0.75], dtype=torch.float64).view(2, 1, 1, 1)
    expected = torch.zeros((), dtype=torch.float64)
    for i in range(2):
        point = (alpha[i] * real[i] + (1 - alpha[i]) * fake[i]).requires_grad_()
        (slope,) = torch.autograd.grad(critic(point[None]).sum(), point, create_graph=True)
        expected = expected + (slope.square().sum().sqrt() - 1) ** 2 / 2
    penalty = losses.gradient_penalty(critic, real, fake, alpha)
    torch.testing.assert_close(penalty, expected)
    ours, theirs = (torch.autograd.grad(value, critic[0].weight)[0] for value in (penalty, expected))
    torch.testing.assert_close(ours, theirs)


def test_gradient_penalty_of_a_slope_of_one_is_zero_and_of_three_four() -> None:
    pictures, alpha = torch.zeros(2, 3, 2, 2), torch.zeros(2, 1, 1, 1)
    for slope, expected in ((1.0, 0.0), (3.0, 4.0), (0.0, 1.0)):
        penalty = losses.gradient_penalty(lambda x, s=slope: s * x[:, 0, 0, 0], pictures, pictures, alpha)
        assert penalty == expected


def test_gradient_penalty_is_computed_in_float32_also_under_autocast() -> None:
    torch.manual_seed(0)
    critic = torch.nn.Conv2d(3, 1, 3)
    pictures, alpha = torch.randn(2, 3, 8, 8), torch.rand(2, 1, 1, 1)
    exact = losses.gradient_penalty(critic, pictures, -pictures, alpha)
    with torch.autocast("cpu", torch.bfloat16):
        halved = losses.gradient_penalty(critic, pictures.bfloat16().float(), -pictures.bfloat16(), alpha)
    assert halved.dtype == torch.float32
    # The critic is linear: its slope is the same everywhere.
    torch.testing.assert_close(halved, exact)


def test_classification_losses_are_log_likelihoods() -> None:
    logits = torch.tensor([[0.0, math.log(3.0)], [0.0, 0.0]])
    labels = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    expected = (-math.log(3 / 4) - math.log(1 / 2)) / 2
    assert losses.class_cross_entropy(logits, labels).item() == pytest.approx(expected)
    # Each attribute for itself: summed over two, mean of two pictures.
    expected = (-math.log(1 / 2) - math.log(3 / 4) - math.log(1 / 2) - math.log(1 / 2)) / 2
    assert losses.attribute_cross_entropy(logits, labels).item() == pytest.approx(expected)
