"""Warnings about a pair before it is trained on."""

from pathlib import Path

import pytest

from ugatit.data.domain import Domain, Picture
from ugatit.data.warnings import data_warnings


def pictures(*numbers: range) -> tuple[Picture, ...]:
    """Pictures that are equal where their numbers are."""
    return tuple(Picture(Path(f"{n}.png"), (8, 8), str(n)) for n in (n for span in numbers for n in span))


def cats(*training: range, held_out: range = range(0)) -> Domain:
    return Domain("cats", "cats", pictures(*training), pictures(held_out), ())


def dogs(training: range = range(100, 160), held_out: range = range(0)) -> Domain:
    return Domain("dogs", "dogs", pictures(training), pictures(held_out), ())


UNEQUAL = "The sides are badly unequal: 50 pictures of cats, 201 of dogs."
SHARED = "on both sides: nothing is to be learned from what is the same in both."


@pytest.mark.parametrize(
    ("a", "b", "warning"),
    [
        (cats(range(60), held_out=range(60, 66)), dogs(range(100, 300)), ""),
        (cats(range(50)), dogs(range(100, 200)), ""),
        (cats(range(49)), dogs(range(100, 200)), "cats has 49 training pictures; below 50 a model learns little."),
        (cats(range(50)), dogs(range(100, 301)), UNEQUAL),
        (dogs(range(100, 301)), cats(range(50)), UNEQUAL),
        (cats(range(60)), dogs(range(58, 130)), f"2 pictures are {SHARED}"),
        (cats(range(60)), dogs(range(59, 130)), f"1 picture is {SHARED}"),
        (cats(range(60)), dogs(held_out=range(3)), "3 pictures are held out of dogs but trained on in cats."),
        (cats(range(60), held_out=range(1)), dogs(), "1 picture is held out but trained on in cats."),
        (
            cats(range(60), held_out=range(200, 202)),
            dogs(held_out=range(200, 202)),
            "2 pictures are held out on both sides.",
        ),
        (cats(range(60), range(5)), dogs(), "cats: 5 of 65 training pictures repeat another one."),
    ],
)
def test_each_problem_of_a_pair_gives_one_warning(a: Domain, b: Domain, warning: str) -> None:
    assert data_warnings(a, b) == ([warning] if warning else [])
