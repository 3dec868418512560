"""The published folder layout: which files belong to which side, and how a domain is called."""

from pathlib import Path

import pytest

from ugatit.data.candidates import Candidate
from ugatit.data.domain import Side
from ugatit.data.layout import LayoutSplit, domain_name, split_by_layout

PUBLISHED = "horse2zebra/trainA/1.png horse2zebra/trainB/1.png horse2zebra/testA/1.png horse2zebra/testB/1.png"


def split(paths: str, side: Side = "a") -> LayoutSplit:
    """paths: of all files, separated by spaces, each with the source's own name in front."""
    parts = [tuple(path.split("/")) for path in paths.split()]
    candidates = [Candidate("/".join(part[1:]), part, Path(*part)) for part in parts]
    return split_by_layout(candidates, side, parts[0][0])


def names(candidates: list[Candidate]) -> str:
    return " ".join(candidate.name for candidate in candidates)


@pytest.mark.parametrize(("side", "letter", "name"), [("a", "A", "horse"), ("b", "B", "zebra")])
@pytest.mark.parametrize("wrapping", ["", "datasets/", "deep/deeper/"])
def test_published_layout_gives_each_side_its_own(side: Side, letter: str, name: str, wrapping: str) -> None:
    result = split(PUBLISHED.replace("horse2zebra/", f"horse2zebra/{wrapping}"), side)
    assert names(result.training) == f"{wrapping}train{letter}/1.png"
    assert names(result.held_out) == f"{wrapping}test{letter}/1.png"
    assert result.name == name
    assert not result.dropped


@pytest.mark.parametrize(
    ("paths", "side", "training", "held_out"),
    [
        ("x/TrainA/1.png x/trainb/2.png", "a", "TrainA/1.png", ""),
        ("x/train_a/1.png x/train_b/2.png", "a", "train_a/1.png", ""),
        ("x/train-A/1.png x/train-b/2.png", "a", "train-A/1.png", ""),
        ("x/TRAINA/1.png x/TRAINB/2.png", "a", "TRAINA/1.png", ""),
        ("cats/trainA/1.png cats/testA/2.png", "a", "trainA/1.png", "testA/2.png"),
        ("cats/trainA/1.png cats/testA/2.png", "b", "trainA/1.png", "testA/2.png"),
        ("trainA.zip/1.png testA.zip/2.png trainB.zip/3.png", "a", "1.png", "2.png"),
        ("cats/train/1.png cats/train/sub/2.png cats/test/3.png", "a", "train/1.png train/sub/2.png", "test/3.png"),
        ("cats/train/1.png cats/train/sub/2.png cats/val/3.png", "a", "train/1.png train/sub/2.png", "val/3.png"),
        ("cats/train/1.png cats/train/s/2.png cats/valid/3.png", "a", "train/1.png train/s/2.png", "valid/3.png"),
        ("x/train/1.png x/train/s/2.png x/validation/3.png", "a", "train/1.png train/s/2.png", "validation/3.png"),
        ("cats/1.png cats/sub/2.png", "a", "1.png sub/2.png", ""),
        ("cats/train/1.png cats/bus/2.png", "a", "train/1.png bus/2.png", ""),
        ("train/test/1.png train/2.png", "a", "test/1.png 2.png", ""),
    ],
)
def test_folder_names_decide_what_is_trained_on_and_held_out(
    paths: str, side: Side, training: str, held_out: str
) -> None:
    result = split(paths, side)
    assert (names(result.training), names(result.held_out)) == (training, held_out)


def test_files_beside_the_layout_are_dropped_with_a_reason() -> None:
    [dropped] = split(f"{PUBLISHED} horse2zebra/cover.png").dropped
    assert dropped.name == "cover.png"
    assert "outside" in dropped.reason


@pytest.mark.parametrize(
    ("paths", "side", "name"),
    [
        (PUBLISHED.replace("horse2zebra/", "data.zip/horse2zebra/"), "b", "zebra"),
        ("data/trainA/1.png data/trainB/1.png", "a", "A"),
        ("data/trainA/1.png data/trainB/1.png", "b", "B"),
        ("cats/train/1.png cats/test/3.png", "a", "cats"),
        ("cats/train/1.png cats/val/3.png", "a", "cats"),
        ("cats/train/1.png cats/validation/3.png", "a", "cats"),
    ],
)
def test_split_is_called_after_its_folders(paths: str, side: Side, name: str) -> None:
    assert split(paths, side).name == name


@pytest.mark.parametrize(
    ("folders", "side", "name"),
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
def test_names_are_plain_words(folders: list[str], side: Side, name: str) -> None:
    assert domain_name(folders, side) == name
