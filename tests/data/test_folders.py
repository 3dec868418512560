"""Folders are read in place: subfolders and links are followed, and unreadable entries are dropped with a reason."""

import os
from pathlib import Path

import pytest

from tests.data.helpers import drop_reasons
from tests.data.zips import png
from tests.tiny import picture_folder
from ugatit.data.domain import Domain
from ugatit.data.ingest import ingest


def names(domain: Domain) -> list[str]:
    return sorted(picture.path.name for picture in domain.training)


def test_folder_is_read_in_place(tmp_path: Path, into: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=4)
    domain = ingest(str(folder), into, "a")
    assert [picture.path for picture in domain.training] == sorted(folder.iterdir())
    assert (domain.name, domain.source, domain.held_out, domain.dropped) == ("cats", str(folder), (), ())
    assert not into.exists()


def test_pictures_are_found_in_subfolders_whatever_their_names(tmp_path: Path, into: Path) -> None:
    picture_folder(tmp_path / "cats" / "deep" / "deeper", count=2)
    for seed, name in enumerate(("LOUD.PNG", "picture.txt", ".hidden.png"), start=7):
        (tmp_path / "cats" / name).write_bytes(png(seed))
    assert names(ingest(tmp_path / "cats", into, "a")) == ["000.png", "001.png", "LOUD.PNG", "picture.txt"]


def test_bad_files_of_a_folder_are_named_and_stay(tmp_path: Path, into: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=4)
    (folder / "torn.png").write_bytes(png(1)[:200])
    (folder / "empty.jpg").touch()
    (folder / "more.zip").write_bytes(b"PK")
    (folder / "away.png").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.png")
    domain = ingest(str(folder), into, "a")
    reasons = drop_reasons(domain)
    assert len(domain.training) == 4
    assert set(reasons) == {"torn.png", "empty.jpg", "more.zip", "away.png", "pipe.png"}
    assert "is empty" in reasons["empty.jpg"]
    assert "damaged or incomplete" in reasons["torn.png"]
    assert "name the archive itself" in reasons["more.zip"]
    assert reasons["away.png"].startswith("There is no file 'away.png'")
    assert "not a regular file" in reasons["pipe.png"]
    assert len(list(folder.iterdir())) == 9


def test_links_are_followed_and_loops_end(tmp_path: Path, into: Path) -> None:
    store, folder = picture_folder(tmp_path / "store", count=3), tmp_path / "cats"
    (folder / "sub").mkdir(parents=True)
    (folder / "linked.png").symlink_to(store / "000.png")
    (folder / "all").symlink_to(store)
    (folder / "sub" / "loop").symlink_to(folder)
    assert names(ingest(str(folder), into, "a")) == ["000.png", "001.png", "002.png", "linked.png"]


def test_links_that_point_to_each_other_are_dropped_alone(tmp_path: Path, into: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=2)
    picture_folder(folder / "test", count=1)
    train = picture_folder(folder / "train", count=2)
    (train / "ring").symlink_to(train / "other")
    (train / "other").symlink_to(train / "ring")
    domain = ingest(str(folder), into, "a")
    assert len(domain.training) == 2
    assert {"train/ring", "train/other"} <= set(drop_reasons(domain))


def test_folder_that_cannot_be_read_is_named(tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = picture_folder(tmp_path / "cats", count=2)
    closed = picture_folder(folder / "closed", count=2)
    scandir = os.scandir

    def guarded(path: Path) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)  # root may read everything
    domain = ingest(str(folder), into, "a")
    assert drop_reasons(domain) == {"closed": "cannot be looked into: Permission denied"}
