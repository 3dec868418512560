"""Where training pictures come from: the same order always, held-out pictures never, broken ones left out."""

import logging
from pathlib import Path

import pytest
from PIL import Image

from tests.tiny import picture_folder
from ugatit.data import sources
from ugatit.data.scenes import scene
from ugatit.data.sources import UNSEEN_SCENES, FolderSource, SceneSource, open_source, source_name
from ugatit.errors import DataError


def drawn_seeds(source: SceneSource, positions: int, monkeypatch: pytest.MonkeyPatch) -> set[int]:
    seeds: set[int] = set()

    def remember(kind: str, seed: int, size: int) -> tuple[None, None]:
        seeds.add(seed)
        return None, None

    with monkeypatch.context() as patch:
        patch.setattr(sources, "scene", remember)
        for position in range(positions):
            source.picture(position)
    return seeds


def test_domains_share_no_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    discs, squares = (drawn_seeds(SceneSource(kind, 16), 500, monkeypatch) for kind in ("disc", "square"))
    assert len(discs) == len(squares) == 500
    assert not discs & squares


def test_scenes_below_the_unseen_bound_are_never_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert UNSEEN_SCENES == 1_000_000
    for kind in ("disc", "square"):
        assert min(drawn_seeds(SceneSource(kind, 16), 500, monkeypatch)) >= UNSEEN_SCENES


def test_held_out_scenes_are_the_first_unseen_ones() -> None:
    held_out = SceneSource("square", 16).held_out(3)
    assert [p.tobytes() for p in held_out] == [scene("square", seed, 16)[0].tobytes() for seed in range(3)]


def contents(folder: Path, count: int) -> dict[bytes, int]:
    return {Image.open(folder / f"{i:03d}.png").tobytes(): i for i in range(count)}


def test_every_epoch_shows_every_picture_once_in_a_new_order(tmp_path: Path) -> None:
    folder, count = picture_folder(tmp_path / "a", count=8, size=16), 8
    source, numbers = FolderSource(folder, seed=1), contents(folder, count)
    epochs = [[numbers[source.picture(8 * epoch + i).tobytes()] for i in range(count)] for epoch in range(3)]
    assert all(sorted(epoch) == list(range(count)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3


def test_position_alone_decides_the_picture(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "a", count=5, size=16)
    forwards, backwards = FolderSource(folder, seed=1), FolderSource(folder, seed=1)
    positions = range(23)
    shown = {p: forwards.picture(p).tobytes() for p in positions}
    assert {p: backwards.picture(p).tobytes() for p in reversed(positions)} == shown
    other = FolderSource(folder, seed=2)
    assert {p: other.picture(p).tobytes() for p in positions} != shown


def test_held_out_pictures_are_never_trained_on(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "a", count=30, size=16)
    source = FolderSource(folder, seed=3)
    held_out = {p.tobytes() for p in source.held_out(100)}
    assert len(held_out) == 3
    trained = {source.picture(position).tobytes() for position in range(60)}
    assert len(trained) == 27
    assert not held_out & trained


def test_test_folder_is_held_out_even_inside_the_training_folder(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "a", count=4, size=16)
    test = picture_folder(folder / "test", kind="square", count=2, size=16)
    source = FolderSource(folder, 0, test)
    assert sorted(path.parent for path in source.paths) == [folder] * 4
    assert len(source.held_out(6)) == 2


def test_tiny_folder_trains_on_all_it_has(tmp_path: Path) -> None:
    source = FolderSource(picture_folder(tmp_path / "a", count=2, size=16), 0)
    assert len(source.paths) == 2
    assert len(source.held_out(6)) == 2


def test_pictures_are_found_in_subfolders_whatever_the_case(tmp_path: Path) -> None:
    picture_folder(tmp_path / "a" / "deep" / "deeper", count=2, size=16)
    Image.new("RGB", (9, 9)).save(tmp_path / "a" / "LOUD.PNG")
    (tmp_path / "a" / "notes.txt").write_text("no picture")
    assert len(FolderSource(tmp_path / "a", 0).paths) == 3


def test_broken_pictures_are_left_out_with_a_warning_that_names_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = picture_folder(tmp_path / "a", count=4)
    whole = FolderSource(folder, 0).paths
    caplog.clear()
    (folder / "torn.png").write_bytes((folder / "000.png").read_bytes()[:300])
    (folder / "empty.jpg").touch()
    with caplog.at_level(logging.WARNING):
        source = FolderSource(folder, 0)
    assert source.paths == whole
    assert len(caplog.records) == 2
    assert "empty.jpg" in caplog.messages[0]
    assert "torn.png" in caplog.messages[1]


def test_sound_pictures_give_no_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    FolderSource(picture_folder(tmp_path / "a"), 0)
    assert not caplog.records


def test_folder_of_broken_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"None of the 1 pictures in .* can be read; the first: .*a\.png"):
        FolderSource(tmp_path, 0)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no folder .*nowhere; name a folder of pictures, or scenes:disc"):
        open_source(str(tmp_path / "nowhere"), 32, 0)


def test_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    with pytest.raises(DataError, match="holds no pictures"):
        open_source(str(tmp_path), 32, 0)


def test_single_picture_is_not_a_domain(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds 1 training pictures; a domain needs at least two"):
        open_source(str(picture_folder(tmp_path / "a", count=1)), 32, 0)


def test_unknown_scenes_are_named_with_those_there_are() -> None:
    with pytest.raises(DataError, match="no scenes of 'cubes'; use scenes:disc or scenes:square"):
        open_source("scenes:cubes", 32, 0)


def test_domain_is_called_after_its_folder_or_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert source_name("scenes:disc") == "disc"
    assert source_name(f"{tmp_path}/cats/") == "cats"
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert source_name(".") == "here"
