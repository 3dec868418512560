"""A side of a pair, from whatever a person brings: good pictures kept, bad ones named, too few refused."""

import os
import resource
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.data.zips import good, png, zipped
from tests.tiny import picture_folder
from ugatit.data import validation
from ugatit.data.domain import Domain
from ugatit.data.ingest import ingest
from ugatit.errors import DataError


def names(domain: Domain) -> list[str]:
    return [picture.path.name for picture in domain.training]


def test_folder_is_read_in_place(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=4)
    domain = ingest(str(folder), tmp_path / "into", "a")
    assert [picture.path for picture in domain.training] == sorted(folder.iterdir())
    assert (domain.name, domain.source, domain.held_out, domain.dropped) == ("cats", str(folder), (), ())
    assert not (tmp_path / "into").exists()


def test_pictures_are_found_in_subfolders_whatever_their_names(tmp_path: Path) -> None:
    picture_folder(tmp_path / "cats" / "deep" / "deeper", count=2)
    (tmp_path / "cats" / "LOUD.PNG").write_bytes(png(7))
    (tmp_path / "cats" / "picture.txt").write_bytes(png(8))
    (tmp_path / "cats" / ".hidden.png").write_bytes(png(9))
    assert sorted(names(ingest(tmp_path / "cats", tmp_path / "into", "a"))) == [
        "000.png", "001.png", "LOUD.PNG", "picture.txt",
    ]  # fmt: skip


def test_bad_files_of_a_folder_are_named_and_stay(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=4)
    (folder / "torn.png").write_bytes(png(1)[:200])
    (folder / "empty.jpg").touch()
    (folder / "more.zip").write_bytes(b"PK")
    (folder / "away.png").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.png")
    domain = ingest(str(folder), tmp_path / "into", "a")
    reasons = {each.name: each.reason for each in domain.dropped}
    assert len(domain.training) == 4
    assert set(reasons) == {"torn.png", "empty.jpg", "more.zip", "away.png", "pipe.png"}
    assert "is empty" in reasons["empty.jpg"]
    assert "damaged or incomplete" in reasons["torn.png"]
    assert "name the archive itself" in reasons["more.zip"]
    assert reasons["away.png"].startswith("There is no file 'away.png'")
    assert "not a regular file" in reasons["pipe.png"]
    assert len(list(folder.iterdir())) == 9


def test_links_are_followed_and_loops_end(tmp_path: Path) -> None:
    store = picture_folder(tmp_path / "store", count=3)
    folder = tmp_path / "cats"
    (folder / "sub").mkdir(parents=True)
    (folder / "linked.png").symlink_to(store / "000.png")
    (folder / "whole").symlink_to(store)
    (folder / "sub" / "loop").symlink_to(folder)
    assert sorted(names(ingest(str(folder), tmp_path / "into", "a"))) == ["000.png", "001.png", "002.png", "linked.png"]


def test_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = picture_folder(tmp_path / "cats", count=2)
    closed = picture_folder(folder / "closed", count=2)
    scandir = os.scandir

    def guarded(path: Path) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)  # root may read everything
    domain = ingest(str(folder), tmp_path / "into", "a")
    assert [(each.name, each.reason) for each in domain.dropped] == [
        ("closed", "cannot be looked into: Permission denied")
    ]


@pytest.mark.parametrize("named", ["horse2zebra", "horse2zebra/trainB"])
def test_published_layout_in_a_folder(named: str, tmp_path: Path) -> None:
    root = tmp_path / "horse2zebra"
    for number, folder in enumerate(("trainA", "trainB", "testA", "testB")):
        picture_folder(root / folder, "disc" if folder.endswith("A") else "square", 2 + number, 16)
    domain = ingest(str(tmp_path / named), tmp_path / "into", "b")
    assert domain.name == "zebra"
    assert {picture.path.parent.name for picture in domain.training} == {"trainB"}
    assert {picture.path.parent.name for picture in domain.held_out} == {"testB"}
    assert (len(domain.training), len(domain.held_out)) == (3, 5)


def test_one_zip_of_the_published_layout_serves_both_sides(tmp_path: Path) -> None:
    members = {
        f"data/{f}/{i}.png": png(i + 10 * n) for n, f in enumerate(("trainA", "trainB", "testB")) for i in (1, 2)
    }
    path = zipped(tmp_path / "horse2zebra.zip", members)
    a, b = (ingest(str(path), tmp_path / side, side) for side in ("a", "b"))
    assert (a.name, b.name) == ("horse", "zebra")
    assert (len(a.training), len(a.held_out), len(b.training), len(b.held_out)) == (2, 0, 2, 2)
    assert not {p.digest for p in a.training} & {p.digest for p in (*b.training, *b.held_out)}
    # What landed is itself understood the same way.
    again = ingest(str(tmp_path / "b"), tmp_path / "c", "b")
    assert [(p.path, p.digest) for p in (*again.training, *again.held_out)] == [
        (p.path, p.digest) for p in (*b.training, *b.held_out)
    ]


def test_uploads_may_mix_pictures_and_zips(tmp_path: Path) -> None:
    files = [*sorted(picture_folder(tmp_path / "up", count=3).iterdir()), zipped(tmp_path / "more.zip", good(2))]
    (tmp_path / "notes.txt").write_text("words")
    domain = ingest([*files, tmp_path / "notes.txt", tmp_path / "gone.png"], tmp_path / "into", "b")
    assert len(domain.training) == 5
    assert all(picture.path.parent == tmp_path / "into" / "train" for picture in domain.training)
    assert {each.name for each in domain.dropped} == {"notes.txt", "gone.png"}
    assert domain.name == "B"
    assert domain.source == "000.png, 001.png, 002.png, more.zip, notes.txt, gone.png"
    assert all(path.exists() for path in files)


def test_uploaded_zip_lends_its_name(tmp_path: Path) -> None:
    assert ingest([zipped(tmp_path / "cats.zip", good(2))], tmp_path / "into", "a").name == "cats"


def test_uploaded_archive_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "cats.tar.gz").write_bytes(b"\x1f\x8b")
    with pytest.raises(DataError, match=r"cats\.tar\.gz \(an archive that is not read here: pack it as a zip\)"):
        ingest([tmp_path / "cats.tar.gz"], tmp_path / "into", "a")


def test_picture_keeps_its_upright_size_and_what_it_shows(tmp_path: Path) -> None:
    tall = Image.new("RGB", (20, 40), "teal")
    exif = Image.Exif()
    exif[0x0112] = 6
    tall.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.png", exif=exif)
    tall.save(tmp_path / "upright.bmp")
    pictures = ingest([tmp_path / "turned.png", tmp_path / "upright.bmp"], tmp_path / "into", "a").training
    assert [picture.size for picture in pictures] == [(20, 40)] * 2
    assert len({picture.digest for picture in pictures}) == 1
    assert [picture.path.suffix for picture in pictures] == [".png", ".bmp"]


@pytest.mark.parametrize(("count", "apart"), [(2, 0), (9, 0), (10, 1), (25, 2), (40, 4)])
def test_a_tenth_is_set_aside(count: int, apart: int, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=count, size=8)
    domain = ingest(str(folder), tmp_path / "into", "a", seed=3)
    assert (len(domain.held_out), len(domain.training)) == (apart, count - apart)
    assert not {p.path for p in domain.held_out} & {p.path for p in domain.training}
    assert ingest(str(folder), tmp_path / "into", "a", seed=3) == domain


def test_another_seed_sets_others_aside(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=20, size=8)
    assert len({ingest(str(folder), tmp_path / "into", "a", seed=seed).held_out for seed in range(6)}) > 1


def test_copies_of_a_picture_set_aside_are_not_trained_on(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=20, size=8)
    for path in sorted(folder.iterdir()):
        shutil.copy(path, folder / f"copy {path.name}")
    domain = ingest(str(folder), tmp_path / "into", "a")
    assert len(domain.held_out) == 4
    assert not {p.digest for p in domain.held_out} & {p.digest for p in domain.training}


def test_test_folder_is_held_out_even_inside_the_training_folder(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=12, size=8)
    test = picture_folder(folder / "apart", "square", 2, 8)
    domain = ingest(str(folder), tmp_path / "into", "a", str(test))
    assert {picture.path.parent for picture in domain.training} == {folder}
    assert {picture.path.parent for picture in domain.held_out} == {test}
    assert (len(domain.training), len(domain.held_out)) == (12, 2)


def test_test_zip_is_held_out(tmp_path: Path) -> None:
    folder, test = picture_folder(tmp_path / "cats", count=12, size=8), zipped(tmp_path / "test.zip", good(3))
    domain = ingest(str(folder), tmp_path / "into", "a", str(test))
    assert (len(domain.training), len(domain.held_out)) == (12, 3)


def test_published_test_folder_given_by_name_is_taken_whole(tmp_path: Path) -> None:
    for letter in "AB":
        picture_folder(tmp_path / f"train{letter}", count=3, size=8)
        picture_folder(tmp_path / f"test{letter}", count=2, size=8)
    domain = ingest(str(tmp_path / "trainA"), tmp_path / "into", "a", str(tmp_path / "testB"))
    assert {picture.path.parent.name for picture in domain.held_out} == {"testB"}


def test_test_source_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="empty holds no pictures to hold out"):
        ingest(str(picture_folder(tmp_path / "cats")), tmp_path / "into", "a", str(tmp_path / "empty"))


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_are_refused_with_what_was_found(count: int, tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=count)
    (folder / "notes.txt").write_text("words")
    with pytest.raises(DataError) as caught:
        ingest(str(folder), tmp_path / "into", "a")
    assert f"cats holds {count} training pictures; a domain needs at least two." in str(caught.value)
    assert "notes.txt (is no picture of a known format" in str(caught.value)


@pytest.mark.parametrize("source", ["nowhere", "", "~nobody/cats", "x" * 5000, "a\0b"])
def test_source_that_is_not_there_is_named_in_one_line(source: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"folder|looked at") as caught:
        ingest(source, tmp_path / "into", "a")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_empty_upload_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="An empty upload holds 0 training pictures"):
        ingest([], tmp_path / "into", "a")


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Files end at 2,000 bytes, as they do on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("packed", [True, False])
def test_full_disk_is_said_and_nothing_stays_behind(
    packed: bool, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    large = {f"{seed}.png": png(seed, 96) for seed in range(3)}
    path = zipped(tmp_path / "cats.zip", {**good(3), **large})
    picture_folder(tmp_path / "up", size=96)
    request.getfixturevalue("small_disk")
    with pytest.raises(DataError, match=r"cannot be written to \(.*\): free some space"):
        ingest(str(path) if packed else sorted((tmp_path / "up").iterdir()), tmp_path / "run" / "a", "a")
    assert not (tmp_path / "run" / "a").exists()


def test_what_was_there_before_stays_after_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "into").mkdir()
    (tmp_path / "into" / "mine.txt").touch()
    with pytest.raises(DataError, match="needs at least two"):
        ingest(str(zipped(tmp_path / "cats.zip", good(1))), tmp_path / "into", "a")
    assert [path.name for path in (tmp_path / "into").iterdir()] == ["mine.txt"]


def test_pictures_are_not_mixed_with_those_that_landed_before(tmp_path: Path) -> None:
    path = zipped(tmp_path / "cats.zip", good())
    domain = ingest(str(path), tmp_path / "into", "a")
    with pytest.raises(DataError, match="already there"):
        ingest(str(path), tmp_path / "into", "a")
    assert all(picture.path.is_file() for picture in domain.training)


def test_large_pictures_are_read_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readers: set[int] = set()
    opened = validation.open_picture
    monkeypatch.setattr(validation, "open_picture", lambda path: (readers.add(threading.get_ident()), opened(path))[1])
    monkeypatch.setattr(validation, "LARGE", 10)
    domain = ingest(str(picture_folder(tmp_path / "cats", count=9, size=8)), tmp_path / "into", "a")
    assert len(domain.training) == 9
    assert len(readers) == 1


def test_every_picture_is_decoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    opened = validation.open_picture
    monkeypatch.setattr(validation, "open_picture", lambda path: (read.append(path), opened(path))[1])
    folder = picture_folder(tmp_path / "cats", count=12, size=8)
    ingest(str(folder), tmp_path / "into", "a")
    assert sorted(read) == sorted(folder.iterdir())


def test_upload_that_cannot_be_opened_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted(picture_folder(tmp_path / "up", count=3).iterdir())
    opened = Path.open

    def closed(path: Path, *rest: object) -> object:
        if path == files[0] and rest == ("rb",):
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest)

    monkeypatch.setattr(Path, "open", closed)
    domain = ingest(files, tmp_path / "into", "a")
    assert [(each.name, each.reason) for each in domain.dropped] == [("000.png", "cannot be read: Permission denied")]


def test_ring_of_links_costs_only_itself(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path / "cats", count=2)
    picture_folder(folder / "test", count=1)
    picture_folder(folder / "train", count=2)
    (folder / "train" / "ring").symlink_to(folder / "train" / "other")
    (folder / "train" / "other").symlink_to(folder / "train" / "ring")
    domain = ingest(str(folder), tmp_path / "into", "a")
    assert len(domain.training) == 2
    assert {"train/ring", "train/other"} <= {each.name for each in domain.dropped}
