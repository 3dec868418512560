"""The loss terms beside values derived by hand."""

import math

import pytest
import torch

from ugatit import losses


def test_lsgan_asks_for_one_of_real_and_zero_of_translated() -> None:
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


def test_cam_of_an_undecided_classifier_is_two_log_two() -> None:
    undecided = torch.zeros(1, 2)
    assert losses.cam(undecided, undecided).item() == pytest.approx(2 * math.log(2))


def test_cam_is_the_surprise_at_both_domains() -> None:
    source, target = torch.tensor([[math.log(3.0), 0.0]]), torch.tensor([[-math.log(3.0), math.log(3.0)]])
    # Sigmoids: 3/4, 1/2 for the source (should be 1); 1/4, 3/4 for the target (should be 0).
    to_one = (-math.log(3 / 4) - math.log(1 / 2)) / 2
    to_zero = (-math.log(3 / 4) - math.log(1 / 4)) / 2
    assert losses.cam(source, target).item() == pytest.approx(to_one + to_zero)


def test_cam_falls_as_the_classifier_is_right() -> None:
    values = [losses.cam(torch.full((1, 2), x), torch.full((1, 2), -x)).item() for x in (-3.0, 0.0, 3.0, 300.0)]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(0, abs=1e-6)


def test_wildly_wrong_logits_stay_finite() -> None:
    assert math.isfinite(losses.cam(torch.full((1, 2), -1e4), torch.full((1, 2), 1e4)).item())
