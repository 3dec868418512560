"""Unpaired pictures by position: the same whenever asked, unlinked between the domains."""

from pathlib import Path

import pytest
import torch

from tests.tiny import picture_folder
from ugatit.config import DataConfig
from ugatit.data.datasets import UnpairedDataset
from ugatit.data.sources import FolderSource

SIZE = 16


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return picture_folder(tmp_path / "a", "disc", 5, SIZE), picture_folder(tmp_path / "b", "square", 3, SIZE)


def dataset(folders: tuple[Path, Path], seed: int = 0) -> UnpairedDataset:
    a, b = folders
    sources = {"a": FolderSource(a, seed), "b": FolderSource(b, seed + 1)}
    return UnpairedDataset(sources, SIZE, DataConfig(str(a), str(b)), seed, length=40)


def test_same_position_gives_the_same_pictures(folders: tuple[Path, Path]) -> None:
    forwards, backwards = dataset(folders), dataset(folders)
    shown = [forwards[position] for position in range(40)]
    for position in reversed(range(40)):
        again = backwards[position]
        assert all(torch.equal(again[domain], shown[position][domain]) for domain in ("a", "b"))


def test_another_seed_gives_other_pictures(folders: tuple[Path, Path]) -> None:
    first, other = dataset(folders, 0), dataset(folders, 5)
    assert any(not torch.equal(first[p]["a"], other[p]["a"]) for p in range(5))


def test_a_picture_that_returns_is_varied_anew(folders: tuple[Path, Path]) -> None:
    data = dataset(folders)
    views = [data[position]["a"] for position in range(40)]
    assert len({view.numpy().tobytes() for view in views}) == 40


def test_domains_of_different_sizes_are_met_in_changing_pairs(folders: tuple[Path, Path]) -> None:
    data = dataset(folders)
    sources = data.sources
    pairs = {(sources["a"].picture(p).tobytes(), sources["b"].picture(p).tobytes()) for p in range(40)}
    assert len(pairs) > 8


def test_pictures_are_squares_in_range(folders: tuple[Path, Path]) -> None:
    data = dataset(folders)
    assert len(data) == 40
    for pictures in data[7].values():
        assert pictures.shape == (3, SIZE, SIZE)
        assert pictures.abs().max() <= 1
