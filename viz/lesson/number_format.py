"""Numbers as the lesson writes them."""

import math
from collections.abc import Iterable


def signed(value: float, digits: int = 2) -> str:
    """With its sign, a true minus, and never -0: `+0.41`, `−2.10`, `0.00`."""
    text = f"{value:+.{digits}f}"
    if float(text) == 0:
        text = text[1:]
    return text.replace("-", "−")


def plain(value: float, digits: int = 2) -> str:
    """Without a plus: `0.41`, `−2.10`."""
    return signed(value, digits).lstrip("+")


def summed(values: Iterable[float], digits: int = 2) -> str:
    """Numbers as a sum is written: `3.14 + 2.85 − 1.59`; `0` for none."""
    first, *others = [signed(value, digits) for value in values] or ["0"]
    return " ".join(
        [first.lstrip("+"), *(f"{each[0]} {each[1:]}" if each[0] in "+−" else f"+ {each}" for each in others)]
    )


def probability(logit: float) -> float:
    """The sigmoid, in [0, 1]."""
    return 0.5 * (1 + math.tanh(logit / 2))


def percent(share: float) -> str:
    """A share in [0, 1], never rounded to certainty: `94%`, `>99%`, `<1%`."""
    rounded = round(100 * share)
    if rounded in (0, 100) and rounded != 100 * share:
        return ">99%" if rounded else "<1%"
    return f"{rounded}%"
