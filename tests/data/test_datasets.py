"""The unpaired dataset: the same pictures at the same position in any process, independent between the domains."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader

from tests.tiny import picture_folder
from ugatit.config import DataConfig
from ugatit.data import sources
from ugatit.data.datasets import UnpairedDataset
from ugatit.data.ingest import ingest
from ugatit.data.sources import FileSource, PictureSource, SceneSource
from ugatit.data.transforms import square_tensor

SIZE, LENGTH = 16, 40


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return picture_folder(tmp_path / "a", "disc", 5, 24), picture_folder(tmp_path / "b", "square", 3, 24)


def dataset(folders: tuple[Path, Path], seed: int = 0, **options: int) -> UnpairedDataset:
    a, b = folders
    pair: dict[str, PictureSource] = {
        name: FileSource(ingest(str(folder), folder / "into", "a"), seed + number)
        for number, (name, folder) in enumerate((("a", a), ("b", b)))
    }
    return UnpairedDataset(pair, SIZE, DataConfig((str(a), str(b))), seed, LENGTH, **options)


def views(data: UnpairedDataset) -> list[torch.Tensor]:
    return [torch.stack([data[position][domain] for domain in ("a", "b")]) for position in range(LENGTH)]


def test_same_position_gives_the_same_pictures(folders: tuple[Path, Path]) -> None:
    forwards, backwards = dataset(folders), dataset(folders)
    shown = views(forwards)
    for position in reversed(range(LENGTH)):
        assert torch.equal(torch.stack(list(backwards[position].values())), shown[position])


def test_another_seed_gives_other_pictures(folders: tuple[Path, Path]) -> None:
    first, other = dataset(folders, 0), dataset(folders, 5)
    assert any(not torch.equal(first[p]["a"], other[p]["a"]) for p in range(5))


def test_repeated_picture_is_augmented_anew(folders: tuple[Path, Path]) -> None:
    data = dataset(folders)
    shown = {data[position]["a"].numpy().tobytes() for position in range(LENGTH)}
    # 5 pictures, 3 x 3 crops each, mirrored or not.
    assert len(shown) > 25


def test_domains_of_different_sizes_form_changing_pairs(folders: tuple[Path, Path]) -> None:
    data = dataset(folders)
    pairs = {tuple(source.index_at(p) for source in data.sources.values()) for p in range(LENGTH)}
    assert len(pairs) > 8


def test_pictures_are_squares_in_range(folders: tuple[Path, Path]) -> None:
    data = dataset(folders)
    assert len(data) == LENGTH
    for pictures in data[7].values():
        assert pictures.shape == (3, SIZE, SIZE)
        assert pictures.abs().max() <= 1


@pytest.mark.parametrize("cache_bytes", [0, 3 * 18 * 18, 3 * 18 * 18 * 4, 2**20])
def test_cache_changes_no_picture_and_stays_within_its_bound(folders: tuple[Path, Path], cache_bytes: int) -> None:
    data = dataset(folders, cache_bytes=cache_bytes)
    expected = views(dataset(folders, cache_bytes=0))
    for _ in range(2):
        assert all(torch.equal(a, b) for a, b in zip(views(data), expected, strict=True))
    cached = sum(picture.nbytes for picture in data._cache.values())
    assert cached == min(cache_bytes // (3 * 18 * 18), 8) * 3 * 18 * 18


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_worker_processes_give_the_same_pictures(folders: tuple[Path, Path], workers: int, start: str) -> None:
    data = dataset(folders)
    expected = views(data)
    loader = DataLoader(data, batch_size=4, num_workers=workers, multiprocessing_context=start)
    batches = [torch.stack([batch["a"], batch["b"]], 1) for batch in loader]
    assert torch.equal(torch.cat(batches), torch.stack(expected))


def test_every_picture_is_decoded_once(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    data = dataset(folders)
    decoded: list[Path] = []
    original = sources.open_picture
    monkeypatch.setattr(sources, "open_picture", lambda path, side: (decoded.append(path), original(path, side))[1])
    views(data)
    assert len(decoded) == len(set(decoded)) == 8


def test_scenes_are_not_cached_because_none_is_repeated() -> None:
    scenes: dict[str, PictureSource] = {"disc": SceneSource("disc", SIZE)}
    data = UnpairedDataset(scenes, SIZE, DataConfig(("scenes:disc", "scenes:square"), margin=0.0, flip=False), 0, 9)
    torch.testing.assert_close(data[3]["disc"], square_tensor(scenes["disc"].picture(3), SIZE))
    assert not data._cache


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_fit_of_the_run_is_applied(fit: str, tmp_path: Path) -> None:
    folder = tmp_path / "wide"
    folder.mkdir()
    for number in range(2):
        pixels = np.random.default_rng(number).integers(0, 256, (20, 50, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    source = FileSource(ingest(str(folder), tmp_path / "into", "a"), 0)
    config = DataConfig(("a", "b"), fit=fit, margin=0.0, flip=False)
    sample = UnpairedDataset({"a": source}, SIZE, config, 0, 2)[0]["a"]
    torch.testing.assert_close(sample, square_tensor(source.picture(0), SIZE, fit))
