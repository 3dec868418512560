"""A run's pair: taken in once, listed, then the same pictures in the same order whatever happens around them."""

import json
import multiprocessing
import os
import resource
import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.data.zips import good, png, zipped
from tests.tiny import picture_folder
from ugatit.config import DataConfig
from ugatit.data import sources
from ugatit.data.domain import Side
from ugatit.data.ingest import ingest
from ugatit.data.scenes import scene
from ugatit.data.sources import UNSEEN_SCENES, ListedSource, Pair, SceneSource, open_pair, source_name
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


def test_unknown_scenes_are_named_with_those_there_are() -> None:
    with pytest.raises(DataError, match="no scenes of 'cubes'; use scenes:disc or scenes:square"):
        SceneSource("cubes", 32)


def listed(folder: Path, seed: int = 1) -> ListedSource:
    return ListedSource(ingest(str(folder), folder / "into", "a", seed=seed), seed)


def contents(folder: Path, count: int) -> dict[bytes, int]:
    return {Image.open(folder / f"{i:03d}.png").tobytes(): i for i in range(count)}


def test_every_epoch_shows_every_picture_once_in_a_new_order(tmp_path: Path) -> None:
    folder, count = picture_folder(tmp_path / "a", count=8, size=16), 8
    source, numbers = listed(folder), contents(folder, count)
    epochs = [[numbers[source.picture(8 * epoch + i).tobytes()] for i in range(count)] for epoch in range(3)]
    assert all(sorted(epoch) == list(range(count)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3


def test_position_alone_decides_the_picture(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "a", count=5, size=16)
    forwards, backwards = listed(folder), listed(folder)
    positions = range(23)
    shown = {p: forwards.picture(p).tobytes() for p in positions}
    assert {p: backwards.picture(p).tobytes() for p in reversed(positions)} == shown
    other = listed(folder, seed=2)
    assert {p: other.picture(p).tobytes() for p in positions} != shown


def test_held_out_pictures_are_never_trained_on(tmp_path: Path) -> None:
    source = listed(picture_folder(tmp_path / "a", count=30, size=16), seed=3)
    held_out = {p.tobytes() for p in source.held_out(100)}
    assert len(held_out) == 3
    trained = {source.picture(position).tobytes() for position in range(60)}
    assert len(trained) == 27
    assert not held_out & trained


def test_of_a_tiny_folder_the_first_pictures_stand_in(tmp_path: Path) -> None:
    source = listed(picture_folder(tmp_path / "a", count=2, size=16))
    assert len(source.domain.training) == len(source.held_out(6)) == 2


@pytest.fixture
def folders(tmp_path: Path) -> DataConfig:
    a = picture_folder(tmp_path / "cats", "disc", 12, 16)
    b = picture_folder(tmp_path / "dogs", "square", 5, 16)
    return DataConfig(str(a), str(b))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "cats2dogs"


def opened(data: DataConfig, run: Path, seed: int = 0) -> Pair:
    return open_pair(data, 16, seed, run)


def shown(pair: Pair) -> list[bytes]:
    return [source.picture(position).tobytes() for source in (pair.a, pair.b) for position in range(30)]


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_pair_is_listed_in_the_run_folder(folders: DataConfig, run: Path) -> None:
    pair = opened(folders, run)
    assert files(run) == {"data.json"}
    listing = json.loads((run / "data.json").read_text())
    assert len(listing["a"]["training"]) == 11
    assert len(listing["a"]["held_out"]) == 1
    assert listing["b"]["name"] == "dogs"
    assert listing["remarks"] == list(pair.remarks)
    assert "below 50" in pair.remarks[0]


def test_resumed_run_sees_what_it_saw(folders: DataConfig, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened(folders, run)
    for seed in range(8):
        scene("disc", 50 + seed, 16)[0].save(Path(folders.domain_a) / f"00{seed} new.png")
    monkeypatch.setattr(sources, "ingest", lambda *_: pytest.fail("the sources were scanned again"))
    again = opened(folders, run)
    assert again == Pair(again.a, again.b, first.remarks, first.domains)
    assert shown(again) == shown(first)


def test_folders_named_relatively_are_found_from_anywhere(
    folders: DataConfig, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = DataConfig("cats", "dogs")
    first = shown(opened(data, run))
    monkeypatch.chdir("/")
    assert shown(opened(data, run)) == first


def test_archives_land_in_the_run_which_may_be_moved(tmp_path: Path, run: Path) -> None:
    path = zipped(tmp_path / "horse2zebra.zip", {f"train{s}/{i}.png": png(i + ord(s)) for s in "AB" for i in range(3)})
    data = DataConfig(str(path), str(path))
    first = opened(data, run)
    assert [domain.name for domain in first.domains if domain] == ["horse", "zebra"]
    assert files(run) == {"data.json", *(f"data/{s}/train/{i:05d}.png" for s in "ab" for i in (1, 2, 3))}
    assert str(tmp_path) not in (run / "data.json").read_text().replace(str(path), "")
    pictures = shown(first)
    path.unlink()
    moved = run.rename(tmp_path / "elsewhere")
    assert shown(opened(data, moved)) == pictures


def test_another_pair_than_the_listed_one_is_taken_in_anew(folders: DataConfig, run: Path) -> None:
    opened(folders, run)
    pair = opened(DataConfig(folders.domain_b, folders.domain_a), run)
    assert [domain.name for domain in pair.domains if domain] == ["dogs", "cats"]


def test_names_that_are_no_text_are_listed(folders: DataConfig, run: Path) -> None:
    odd = os.fsencode(folders.domain_a) + b"/\xff\xfe.png"
    Path(os.fsdecode(odd)).write_bytes(png(99))
    first = shown(opened(folders, run))
    assert shown(opened(folders, run)) == first


def test_drawn_scenes_need_no_list(run: Path) -> None:
    pair = opened(DataConfig("scenes:disc", "scenes:square"), run)
    assert pair.domains == (None, None)
    assert not run.exists()
    assert pair.a.picture(0).size == (16, 16)


def test_scenes_and_a_folder_make_a_pair(folders: DataConfig, run: Path) -> None:
    pair = opened(DataConfig("scenes:disc", folders.domain_b), run)
    assert pair.domains[0] is None
    again = opened(DataConfig("scenes:disc", folders.domain_b), run)
    assert shown(again) == shown(pair)


@pytest.mark.parametrize("existed", [True, False])
def test_pair_that_is_refused_leaves_nothing(existed: bool, folders: DataConfig, tmp_path: Path, run: Path) -> None:
    if existed:
        (run / "data").mkdir(parents=True)
        (run / "data" / "mine.txt").touch()
    archive = zipped(tmp_path / "cats.zip", good())
    with pytest.raises(DataError, match="nowhere"):
        opened(DataConfig(str(archive), str(tmp_path / "nowhere")), run)
    assert files(tmp_path / "runs") == ({"cats2dogs/data/mine.txt"} if existed else set())
    assert run.exists() == existed


def test_folder_of_the_same_name_is_never_touched(folders: DataConfig, tmp_path: Path, run: Path) -> None:
    mine = picture_folder(run / "data" / "a", count=2, size=8)
    archive = zipped(tmp_path / "cats.zip", good())
    pair = opened(DataConfig(str(archive), folders.domain_b), run)
    assert pair.domains[0] is not None
    assert {p.path.parent for p in pair.domains[0].training} == {run / "data" / "a-2" / "train"}
    assert len(list(mine.iterdir())) == 2


def killed_while_listing(data: DataConfig, run: Path) -> None:
    sources.write_listing = lambda *_: os._exit(9)
    opened(data, run)


def test_start_that_was_killed_is_started_over(folders: DataConfig, tmp_path: Path, run: Path) -> None:
    data = DataConfig(str(zipped(tmp_path / "cats.zip", good())), folders.domain_b)
    process = multiprocessing.get_context("fork").Process(target=killed_while_listing, args=(data, run))
    process.start()
    process.join()
    assert process.exitcode == 9
    assert "data.json" not in files(run)
    first = shown(opened(data, run))
    assert shown(opened(data, run)) == first


def test_start_that_was_killed_while_unpacking_leaves_nothing_behind_in_the_next(
    folders: DataConfig, tmp_path: Path, run: Path
) -> None:
    half = run / "data" / ".a.partial" / "train"
    half.mkdir(parents=True)
    (half / "00001.png").touch()
    opened(DataConfig(str(zipped(tmp_path / "cats.zip", good())), folders.domain_b), run)
    assert {path.name for path in (run / "data").iterdir()} == {"a"}


def test_full_disk_while_listing_leaves_nothing(folders: DataConfig, run: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))  # files end there, as on a disk that is full
    try:
        with pytest.raises(DataError, match=r"data\.json cannot be written .*: free some space"):
            opened(folders, run)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not run.exists()


@pytest.mark.parametrize("lost", ["folder", "picture"])
def test_vanished_pictures_are_named_before_training(lost: str, folders: DataConfig, run: Path) -> None:
    opened(folders, run)
    if lost == "folder":
        shutil.rmtree(folders.domain_a)
    else:
        (Path(folders.domain_a) / "003.png").unlink()
    with pytest.raises(DataError, match=r"pictures of cats are gone \(.*put them back, then --resume"):
        opened(folders, run)


def test_picture_that_vanishes_during_training_is_named(folders: DataConfig, run: Path) -> None:
    pair = opened(folders, run)
    shutil.rmtree(folders.domain_a)
    with pytest.raises(DataError, match=r"A picture of cats: There is no file .*png"):
        pair.a.picture(0)


EMPTY = (
    '{"asked": {}, "a": {"name": "x", "source": "x", "training": [], "held_out": [], "dropped": []}, '
    '"b": null, "remarks": []}'
)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"a": 1}', '{"asked": {}, "a": {"name": "x"}, "b": null}', "\xff", EMPTY]
)
def test_damaged_list_is_named(text: str, folders: DataConfig, run: Path) -> None:
    run.mkdir(parents=True)
    (run / "data.json").write_text(text, encoding="latin-1")
    with pytest.raises(DataError, match=r"data\.json is damaged .* restore it, or start a new run"):
        opened(folders, run)


@pytest.mark.parametrize(
    ("text", "side", "name"),
    [
        ("scenes:disc", "a", "disc"),
        ("/x/cats/", "b", "cats"),
        ("/x/cats.zip", "a", "cats"),
        ("/x/horse2zebra.zip", "b", "zebra"),
        ("/x/horse2zebra/trainA", "b", "horse"),
        ("/x/data/trainB", "a", "B"),
        ("hub:owner/pets", "a", "pets"),
        ("hub:owner/pets:train:cat", "b", "cat"),
        ("hub:owner/horse2zebra:trainB", "a", "zebra"),
        ("hub:owner/pets:dogs", "a", "dogs"),
    ],
)
def test_domain_is_called_after_its_source(text: str, side: Side, name: str) -> None:
    assert source_name(text, side) == name


def test_folder_we_stand_in_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert source_name(".") == "here"
