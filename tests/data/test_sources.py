"""Picture sources: the position alone decides the picture, and held-out pictures are never trained on."""

from pathlib import Path

import pytest
from PIL import Image

from tests.tiny import picture_folder
from ugatit.data.ingest import ingest
from ugatit.data.scenes import scene
from ugatit.data.sources import UNSEEN_SCENES, FileSource, SceneSource
from ugatit.errors import DataError


def test_kinds_share_no_scene_and_unseen_scenes_are_never_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: dict[str, set[int]] = {"disc": set(), "square": set()}

    def remember(kind: str, seed: int, size: int) -> tuple[None, None]:
        seeds[kind].add(seed)
        return None, None

    monkeypatch.setattr("ugatit.data.sources.scene", remember)
    for kind in seeds:
        source = SceneSource(kind, 16)
        for position in range(500):
            source.picture(position)
    assert len(seeds["disc"]) == len(seeds["square"]) == 500
    assert not seeds["disc"] & seeds["square"]
    assert min(seeds["disc"] | seeds["square"]) >= UNSEEN_SCENES == 1_000_000


def test_held_out_scenes_are_the_first_unseen_ones() -> None:
    held_out = SceneSource("square", 16).held_out(3)
    assert [p.tobytes() for p in held_out] == [scene("square", seed, 16)[0].tobytes() for seed in range(3)]


def test_unknown_kind_of_scenes_is_named_with_the_known_ones() -> None:
    with pytest.raises(DataError, match="no scenes of 'cubes'; use scenes:disc or scenes:square"):
        SceneSource("cubes", 32)


def source_of(folder: Path, seed: int = 1) -> FileSource:
    return FileSource(ingest(str(folder), folder / "into", "a", seed=seed), seed)


def test_every_epoch_shows_every_picture_once_in_a_new_order(tmp_path: Path) -> None:
    folder, count = picture_folder(tmp_path / "a", count=8, size=16), 8
    numbers = {Image.open(folder / f"{i:03d}.png").tobytes(): i for i in range(count)}
    source = source_of(folder)
    epochs = [[numbers[source.picture(count * epoch + i).tobytes()] for i in range(count)] for epoch in range(3)]
    assert all(sorted(epoch) == list(range(count)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3


def test_seed_and_position_alone_decide_the_picture(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "a", count=5, size=16)
    forwards, backwards, other = source_of(folder), source_of(folder), source_of(folder, seed=2)
    shown = {p: forwards.picture(p).tobytes() for p in range(23)}
    assert {p: backwards.picture(p).tobytes() for p in reversed(range(23))} == shown
    assert {p: other.picture(p).tobytes() for p in range(23)} != shown


def test_held_out_pictures_are_never_trained_on(tmp_path: Path) -> None:
    source = source_of(picture_folder(tmp_path / "a", count=30, size=16), seed=3)
    held_out = {p.tobytes() for p in source.held_out(100)}
    trained = {source.picture(position).tobytes() for position in range(60)}
    assert (len(held_out), len(trained)) == (3, 27)
    assert not held_out & trained


def test_first_pictures_of_a_tiny_folder_stand_in_for_held_out_ones(tmp_path: Path) -> None:
    source = source_of(picture_folder(tmp_path / "a", count=2, size=16))
    assert len(source.domain.training) == len(source.held_out(6)) == 2
