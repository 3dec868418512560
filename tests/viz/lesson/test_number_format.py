"""Numbers as the lesson writes them."""

import math

import pytest

from viz.lesson.number_format import percent, plain, probability, signed, summed


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.414, "+0.41"), (-2.1, "−2.10"), (-0.001, "0.00"), (0.001, "0.00"), (12345.678, "+12345.68")],
)
def test_signed_numbers_carry_a_true_minus_and_zero_none(value: float, written: str) -> None:
    assert signed(value) == written
    assert plain(value) == written.lstrip("+")


@pytest.mark.parametrize("logit", [-800.0, -3.2, 0.0, 1.5, 800.0])
def test_probability_is_the_sigmoid_and_never_overflows(logit: float) -> None:
    expected = 0.0 if logit < -700 else 1 / (1 + math.exp(-logit))
    assert probability(logit) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.0, "0%"),
        (1e-4, "<1%"),
        (0.004, "<1%"),
        (0.006, "1%"),
        (0.42, "42%"),
        (0.994, "99%"),
        (0.9999, ">99%"),
        (1.0, "100%"),
    ],
)
def test_no_share_is_rounded_to_certainty(share: float, written: str) -> None:
    assert percent(share) == written


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ((), "0"),
        ((3.14,), "3.14"),
        ((-3.14, 2.0), "−3.14 + 2.00"),
        ((1.0, -1.59, 0.001), "1.00 − 1.59 + 0.00"),
    ],
)
def test_a_sum_is_written_as_one_writes_it(values: tuple[float, ...], written: str) -> None:
    assert summed(values) == written
