"""A run's pair: ingested and listed once, then the same pictures in the same order whatever happens to the sources."""

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.data.helpers import files
from tests.data.zips import png, png_members, write_zip
from tests.tiny import picture_folder
from tests.toy_package import colored_folders
from ugatit.config import DataConfig
from ugatit.data import opened as opened_module
from ugatit.data.listing import read_listing
from ugatit.data.opened import OpenedData, open_data
from ugatit.data.scenes import scene
from ugatit.errors import DataError


@pytest.fixture
def folders(tmp_path: Path) -> DataConfig:
    a = picture_folder(tmp_path / "cats", "disc", 12, 16)
    b = picture_folder(tmp_path / "dogs", "square", 5, 16)
    return DataConfig((str(a), str(b)))


@pytest.fixture
def cats_zip(tmp_path: Path) -> str:
    return str(write_zip(tmp_path / "cats.zip", png_members()))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "cats2dogs"


def opened(data: DataConfig, run: Path) -> OpenedData:
    return open_data(data, 16, 0, run)


def shown(data: OpenedData) -> list[bytes]:
    return [source.picture(position).tobytes() for source in data.pictures for position in range(30)]


def test_pair_is_listed_in_the_run_folder(folders: DataConfig, run: Path) -> None:
    data = opened(folders, run)
    assert files(run) == ["data.json"]
    listing = json.loads((run / "data.json").read_text())
    assert len(listing["domains"][0]["training"]) == 11
    assert len(listing["domains"][0]["held_out"]) == 1
    assert listing["domains"][1]["name"] == "dogs"
    assert listing["remarks"] == list(data.warnings)
    assert "below 50" in data.warnings[0]


def test_resumed_run_sees_the_same_pictures(folders: DataConfig, run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened(folders, run)
    for seed in range(8):
        scene("disc", 50 + seed, 16)[0].save(Path(folders.sources[0]) / f"00{seed} new.png")
    monkeypatch.setattr(opened_module, "ingest", lambda *_: pytest.fail("the sources were scanned again"))
    again = opened(folders, run)
    assert again == OpenedData(again.pictures, first.domains, first.warnings)
    assert shown(again) == shown(first)


def test_relative_folders_are_found_from_anywhere(
    folders: DataConfig, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = DataConfig(("cats", "dogs"))
    first = shown(opened(data, run))
    monkeypatch.chdir("/")
    assert shown(opened(data, run)) == first


def test_zips_are_unpacked_into_the_run_which_may_be_moved(tmp_path: Path, run: Path) -> None:
    members = {f"train{s}/{i}.png": png(i + ord(s)) for s in "AB" for i in range(3)}
    path = write_zip(tmp_path / "horse2zebra.zip", members)
    data = DataConfig((str(path), str(path)))
    first = opened(data, run)
    assert [domain.name for domain in first.domains if domain] == ["horse", "zebra"]
    assert files(run) == ["data.json", *(f"data/{s}/train/{i:05d}.png" for s in "ab" for i in (1, 2, 3))]
    assert str(tmp_path) not in (run / "data.json").read_text().replace(str(path), "")
    pictures = shown(first)
    path.unlink()
    assert shown(opened(data, run.rename(tmp_path / "elsewhere"))) == pictures


def test_another_pair_than_the_listed_one_is_ingested_anew(folders: DataConfig, run: Path) -> None:
    opened(folders, run)
    data = opened(DataConfig((folders.sources[1], folders.sources[0])), run)
    assert [domain.name for domain in data.domains if domain] == ["dogs", "cats"]


def test_names_that_are_not_unicode_are_listed(folders: DataConfig, run: Path) -> None:
    odd = os.fsencode(folders.sources[0]) + b"/\xff\xfe.png"
    Path(os.fsdecode(odd)).write_bytes(png(99))
    first = shown(opened(folders, run))
    assert shown(opened(folders, run)) == first


def test_drawn_scenes_need_no_listing(run: Path) -> None:
    data = opened(DataConfig(("scenes:disc", "scenes:square")), run)
    assert data.domains == (None, None)
    assert not run.exists()
    assert data.pictures[0].picture(0).size == (16, 16)


def test_scenes_and_a_folder_make_a_pair(folders: DataConfig, run: Path) -> None:
    data = DataConfig(("scenes:disc", folders.sources[1]))
    first = opened(data, run)
    assert first.domains[0] is None
    assert shown(opened(data, run)) == shown(first)


@pytest.mark.parametrize("existed", [True, False])
def test_refused_pair_leaves_nothing(existed: bool, cats_zip: str, tmp_path: Path, run: Path) -> None:
    if existed:
        (run / "data").mkdir(parents=True)
        (run / "data" / "mine.txt").touch()
    with pytest.raises(DataError, match="nowhere"):
        opened(DataConfig((cats_zip, str(tmp_path / "nowhere"))), run)
    assert files(tmp_path / "runs") == (["cats2dogs/data/mine.txt"] if existed else [])
    assert run.exists() == existed


def test_folder_of_the_same_name_is_never_touched(folders: DataConfig, cats_zip: str, run: Path) -> None:
    mine = picture_folder(run / "data" / "a", count=2, size=8)
    data = opened(DataConfig((cats_zip, folders.sources[1])), run)
    assert data.domains[0] is not None
    assert {p.path.parent for p in data.domains[0].training} == {run / "data" / "a-2" / "train"}
    assert len(list(mine.iterdir())) == 2


def killed_while_listing(data: DataConfig, run: Path) -> None:
    opened_module.write_listing = lambda *_: os._exit(9)
    opened(data, run)


def test_killed_start_is_started_over(folders: DataConfig, cats_zip: str, run: Path) -> None:
    data = DataConfig((cats_zip, folders.sources[1]))
    process = multiprocessing.get_context("fork").Process(target=killed_while_listing, args=(data, run))
    process.start()
    process.join()
    assert process.exitcode == 9
    assert "data.json" not in files(run)
    first = shown(opened(data, run))
    assert shown(opened(data, run)) == first


def test_half_unpacked_pictures_of_a_killed_start_are_removed(folders: DataConfig, cats_zip: str, run: Path) -> None:
    partial = run / "data" / ".a.partial" / "train"
    partial.mkdir(parents=True)
    (partial / "00001.png").touch()
    opened(DataConfig((cats_zip, folders.sources[1])), run)
    assert {path.name for path in (run / "data").iterdir()} == {"a"}


def test_picture_that_vanishes_during_training_is_named(folders: DataConfig, run: Path) -> None:
    data = opened(folders, run)
    shutil.rmtree(folders.sources[0])
    with pytest.raises(DataError, match=r"A picture of cats: There is no file .*png"):
        data.pictures[0].picture(0)


def test_full_disk_while_listing_leaves_nothing(
    folders: DataConfig, run: Path, limit_file_size: Callable[[int], None]
) -> None:
    limit_file_size(200)
    with pytest.raises(DataError, match=r"data\.json cannot be written .*: free some space"):
        opened(folders, run)
    assert not run.exists()


@pytest.mark.parametrize("lost", ["folder", "picture"])
def test_missing_pictures_are_named_before_training(lost: str, folders: DataConfig, run: Path) -> None:
    opened(folders, run)
    if lost == "folder":
        shutil.rmtree(folders.sources[0])
    else:
        (Path(folders.sources[0]) / "003.png").unlink()
    with pytest.raises(DataError, match=r"pictures of cats are gone \(.*put them back, then --resume"):
        opened(folders, run)


EMPTY = (
    '{"asked": {}, "a": {"name": "x", "source": "x", "training": [], "held_out": [], "dropped": []}, '
    '"b": null, "remarks": []}'
)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"a": 1}', '{"asked": {}, "a": {"name": "x"}, "b": null}', "\xff", EMPTY]
)
def test_damaged_listing_is_named(text: str, folders: DataConfig, run: Path) -> None:
    run.mkdir(parents=True)
    (run / "data.json").write_text(text, encoding="latin-1")
    with pytest.raises(DataError, match=r"data\.json is damaged .* restore it, or start a new run"):
        opened(folders, run)


def test_source_with_a_folder_for_each_domain_gives_them_all(tmp_path: Path, run: Path) -> None:
    data = DataConfig((str(colored_folders(tmp_path / "colors", 12)),))
    first = opened(data, run)
    assert [domain.name for domain in first.domains if domain] == ["blue", "green", "red"]
    assert files(run) == ["data.json"]
    again = opened(data, run)
    assert again.domains == first.domains
    assert [p.picture(5).tobytes() for p in again.pictures] == [p.picture(5).tobytes() for p in first.pictures]


def test_zip_with_a_folder_for_each_domain_is_unpacked_into_the_run(tmp_path: Path, run: Path) -> None:
    names = ("cat/1.png", "cat/2.png", "hen/1.png", "hen/2.png")
    path = write_zip(tmp_path / "pets.zip", {f"pets/{name}": png(seed) for seed, name in enumerate(names)})
    assert [domain.name for domain in opened(DataConfig((str(path),)), run).domains if domain] == ["cat", "hen"]
    assert files(run) == ["data.json", *(f"data/domains/{n}/train/{i:05d}.png" for n in (1, 2) for i in (1, 2))]
    path.unlink()
    assert len(opened(DataConfig((str(path),)), run.rename(tmp_path / "moved")).pictures) == 2


def test_listing_of_the_first_format_is_read(folders: DataConfig, run: Path) -> None:
    first = opened(folders, run)
    values = json.loads((run / "data.json").read_text())
    a, b = values["domains"]
    asked = {"domain_a": folders.sources[0], "domain_b": folders.sources[1], "test_a": "", "test_b": ""}
    (run / "data.json").write_text(json.dumps({"asked": asked, "a": a, "b": b, "remarks": values["remarks"]}))
    again = read_listing(run)
    assert again is not None
    assert (again.domains, again.warnings) == (first.domains, first.warnings)
    assert again.is_of(folders.sources, ())
