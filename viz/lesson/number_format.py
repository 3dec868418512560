"""Format numbers for the lesson's texts."""

import math
from collections.abc import Iterable


def format_signed(value: float, digits: int = 2) -> str:
    """Format a number with its sign, a true minus sign, and never -0: `+0.41`, `−2.10`, `0.00`."""
    text = f"{value:+.{digits}f}"
    if float(text) == 0:
        text = text[1:]
    return text.replace("-", "−")


def format_number(value: float, digits: int = 2) -> str:
    """Format a number without a plus sign: `0.41`, `−2.10`."""
    return format_signed(value, digits).lstrip("+")


def format_sum(values: Iterable[float], digits: int = 2) -> str:
    """Format numbers as a sum: `3.14 + 2.85 − 1.59`; `0` for none."""
    first, *others = [format_signed(value, digits) for value in values] or ["0"]
    return " ".join(
        [first.lstrip("+"), *(f"{term[0]} {term[1:]}" if term[0] in "+−" else f"+ {term}" for term in others)]
    )


def sigmoid(logit: float) -> float:
    """Return the sigmoid of a logit, in [0, 1], without overflow."""
    return 0.5 * (1 + math.tanh(logit / 2))


def format_percent(share: float) -> str:
    """Format a share in [0, 1] as per cent, never rounded to 0 or 100: `94%`, `>99%`, `<1%`."""
    rounded = round(100 * share)
    if rounded in (0, 100) and rounded != 100 * share:
        return ">99%" if rounded else "<1%"
    return f"{rounded}%"
