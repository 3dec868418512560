"""Numbers in the lesson's texts."""

import math

import pytest

from viz.lesson.number_format import format_number, format_percent, format_signed, format_sum, sigmoid


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.414, "+0.41"), (-2.1, "−2.10"), (-0.001, "0.00"), (0.001, "0.00"), (12345.678, "+12345.68")],
)
def test_signed_numbers_have_a_true_minus_sign_and_zero_has_none(value: float, written: str) -> None:
    assert format_signed(value) == written
    assert format_number(value) == written.lstrip("+")


@pytest.mark.parametrize("logit", [-800.0, -3.2, 0.0, 1.5, 800.0])
def test_the_sigmoid_never_overflows(logit: float) -> None:
    expected = 0.0 if logit < -700 else 1 / (1 + math.exp(-logit))
    assert sigmoid(logit) == pytest.approx(expected)


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
def test_no_share_is_rounded_to_0_or_100_per_cent(share: float, written: str) -> None:
    assert format_percent(share) == written


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ((), "0"),
        ((3.14,), "3.14"),
        ((-3.14, 2.0), "−3.14 + 2.00"),
        ((1.0, -1.59, 0.001), "1.00 − 1.59 + 0.00"),
    ],
)
def test_a_sum_is_written_with_its_signs(values: tuple[float, ...], written: str) -> None:
    assert format_sum(values) == written
