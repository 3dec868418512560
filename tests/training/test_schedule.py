"""The learning rate: constant, then linear to zero."""

from itertools import pairwise

import pytest

from ugatit.training.schedule import learning_rate


def test_first_half_is_constant() -> None:
    assert {learning_rate(step, 1000, 1e-4) for step in range(500)} == {1e-4}


def test_second_half_falls_linearly_to_zero() -> None:
    rates = [learning_rate(step, 1000, 1e-4) for step in range(500, 1001)]
    falls = [before - after for before, after in pairwise(rates)]
    assert rates[0] == pytest.approx(1e-4)
    assert rates[250] == pytest.approx(0.5e-4)
    assert rates[-1] == 0
    assert falls == pytest.approx([1e-4 / 500] * 500)


@pytest.mark.parametrize("steps", [1, 2, 3, 7])
def test_every_update_of_a_short_run_has_a_positive_rate(steps: int) -> None:
    assert all(learning_rate(step, steps, 1.0) > 0 for step in range(steps))


def test_rate_is_never_negative() -> None:
    assert learning_rate(5000, 1000, 1e-4) == 0
