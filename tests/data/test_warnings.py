"""What is said of a pair before it is trained on."""

from pathlib import Path

import pytest

from ugatit.data.domain import Domain, Picture
from ugatit.data.warnings import data_warnings


def domain(name: str, training: range, held_out: range = range(0)) -> Domain:
    """A picture's number stands for what it shows."""
    shown, unseen = (
        tuple(Picture(Path(f"{name}{n}.png"), (8, 8), str(n)) for n in numbers) for numbers in (training, held_out)
    )
    return Domain(name, name, shown, unseen, ())


def test_a_sound_pair_gives_no_remark() -> None:
    assert data_warnings(domain("cats", range(60), range(60, 66)), domain("dogs", range(100, 300))) == []


@pytest.mark.parametrize(("count", "few"), [(49, True), (50, False)])
def test_few_pictures_are_remarked(count: int, few: bool) -> None:
    found = data_warnings(domain("cats", range(count)), domain("dogs", range(100, 200)))
    assert found == (["cats has 49 training pictures; below 50 a model learns little."] if few else [])


@pytest.mark.parametrize("swapped", [False, True])
def test_unequal_sides_are_remarked(swapped: bool) -> None:
    pair = [domain("cats", range(50)), domain("dogs", range(100, 301))]
    [found] = data_warnings(*(pair[::-1] if swapped else pair))
    assert found == "The sides are badly unequal: 50 pictures of cats, 201 of dogs."


@pytest.mark.parametrize(
    ("a", "b", "remark"),
    [
        (domain("cats", range(60)), domain("dogs", range(58, 130)), "2 pictures are on both sides"),
        (domain("cats", range(60)), domain("dogs", range(59, 130)), "1 picture is on both sides"),
        (
            domain("cats", range(60)),
            domain("dogs", range(100, 160), range(3)),
            "3 pictures are held out of dogs but trained on in cats.",
        ),
        (
            domain("cats", range(60), range(1)),
            domain("dogs", range(100, 160)),
            "1 picture is held out but trained on in cats.",
        ),
        (
            domain("cats", range(60), range(200, 202)),
            domain("dogs", range(100, 160), range(200, 202)),
            "2 pictures are held out on both sides.",
        ),
    ],
)
def test_pictures_met_twice_are_remarked(a: Domain, b: Domain, remark: str) -> None:
    [found] = data_warnings(a, b)
    assert found.startswith(remark)


def test_copies_within_a_side_are_remarked() -> None:
    cats = domain("cats", range(60))
    twice = Domain("cats", "cats", cats.training + cats.training[:5], (), ())
    assert data_warnings(twice, domain("dogs", range(100, 160))) == [
        "cats: 5 of 65 training pictures repeat another one."
    ]
