"""Which files belong to which side, and what the side is called."""

from pathlib import Path

import pytest

from ugatit.data.candidates import Candidate
from ugatit.data.domain import Side
from ugatit.data.layout import LayoutSplit, domain_name, split_by_layout


def divided(names: list[str], side: Side = "a") -> LayoutSplit:
    """names: with the source's own name in front."""
    offers = [Candidate("/".join(name.split("/")[1:]), tuple(name.split("/")), Path(name)) for name in names]
    return split_by_layout(offers, side, names[0].split("/")[0])


def names(offers: list[Candidate]) -> list[str]:
    return [offer.name for offer in offers]


PUBLISHED = [f"horse2zebra/{folder}/1.png" for folder in ("trainA", "trainB", "testA", "testB")]


@pytest.mark.parametrize(("side", "letter", "name"), [("a", "A", "horse"), ("b", "B", "zebra")])
@pytest.mark.parametrize("wrapping", ["", "datasets/", "deep/deeper/"])
def test_published_layout_gives_each_side_its_own(side: Side, letter: str, name: str, wrapping: str) -> None:
    division = divided([path.replace("/", f"/{wrapping}", 1) for path in PUBLISHED], side)
    assert names(division.training) == [f"{wrapping}train{letter}/1.png"]
    assert names(division.held_out) == [f"{wrapping}test{letter}/1.png"]
    assert division.name == name
    assert not division.dropped


def test_name_may_come_from_the_wrapping_folder() -> None:
    inside = [f"data.zip/{path}" for path in PUBLISHED]
    assert divided(inside, "b").name == "zebra"


@pytest.mark.parametrize("spelling", ["TrainA", "train_a", "train-A", "TRAINA"])
def test_spelling_of_the_folders_does_not_matter(spelling: str) -> None:
    division = divided([f"x/{spelling}/1.png", f"x/{spelling.lower().replace('a', 'b')}/2.png", "x/trainb/3.png"])
    assert names(division.training) == [f"{spelling}/1.png"]


def test_only_training_folder_serves_either_side() -> None:
    for side in ("a", "b"):
        division = divided(["cats/trainA/1.png", "cats/testA/2.png"], side)
        assert names(division.training) == ["trainA/1.png"]
        assert names(division.held_out) == ["testA/2.png"]


def test_zips_named_like_the_folders_are_understood() -> None:
    division = divided(["trainA.zip/1.png", "testA.zip/2.png", "trainB.zip/3.png"], "a")
    assert (len(division.training), len(division.held_out)) == (1, 1)


def test_what_lies_beside_the_layout_is_named() -> None:
    division = divided([*PUBLISHED, "horse2zebra/cover.png"])
    assert [each.name for each in division.dropped] == ["cover.png"]
    assert "outside" in division.dropped[0].reason


@pytest.mark.parametrize("held_out", ["test", "val", "validation"])
def test_train_and_test_of_one_domain_are_told_apart(held_out: str) -> None:
    division = divided(["cats/train/1.png", "cats/train/sub/2.png", f"cats/{held_out}/3.png"])
    assert names(division.training) == ["train/1.png", "train/sub/2.png"]
    assert names(division.held_out) == [f"{held_out}/3.png"]
    assert division.name == "cats"


@pytest.mark.parametrize(
    "plain",
    [["cats/1.png", "cats/sub/2.png"], ["cats/train/1.png", "cats/bus/2.png"], ["train/test/1.png", "train/2.png"]],
)
def test_other_folders_are_all_for_training(plain: list[str]) -> None:
    division = divided(plain)
    assert len(division.training) == 2
    assert not division.held_out


@pytest.mark.parametrize(
    ("words", "side", "name"),
    [
        (["selfie2anime"], "b", "anime"),
        (["summer2winter_yosemite.zip"], "b", "winter_yosemite"),
        (["cats.zip"], "a", "cats"),
        (["h2o"], "a", "h2o"),
        (["mp3"], "b", "mp3"),
        (["Füße & 猫"], "a", "Füße & 猫"),
        (["..."], "b", "B"),
        ([""], "a", "A"),
        (["\x1b[31mcats\u202e"], "a", "[31mcats"),
        (["x" * 500], "a", "x" * 60),
    ],
)
def test_names_are_plain_words(words: list[str], side: Side, name: str) -> None:
    assert domain_name(words, side) == name


def test_layout_without_a_pair_of_names_goes_by_letters() -> None:
    assert [divided(["data/trainA/1.png", "data/trainB/1.png"], side).name for side in ("a", "b")] == ["A", "B"]
