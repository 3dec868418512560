"""Zips from untrusted users: good pictures are unpacked under new names, everything else is dropped with a reason."""

import os
import re
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests import pictures
from tests.data.helpers import drop_reasons, files, ingest_error
from tests.data.zips import LINK, UTF8, Record, deflated, png, png_members, stored, write_records, write_zip
from ugatit.data import archives
from ugatit.data.domain import Domain
from ugatit.data.ingest import ingest
from ugatit.errors import DataError


@pytest.fixture
def cats(tmp_path: Path) -> Path:
    """A zip of four pictures."""
    return write_zip(tmp_path / "cats.zip", png_members())


def ingested(path: Path, into: Path) -> Domain:
    return ingest(str(path), into, "a")


def with_odd(path: Path, *odd: Record) -> Path:
    return write_records(path, [*(stored(name, data) for name, data in png_members().items()), *odd])


def test_pictures_are_unpacked_under_new_names_with_their_bytes(cats: Path, into: Path) -> None:
    domain = ingested(cats, into)
    assert domain.name == "cats"
    assert files(into) == [f"train/{number:05d}.png" for number in range(1, 5)]
    assert [picture.path.read_bytes() for picture in domain.training] == list(png_members().values())
    assert [picture.size for picture in domain.training] == [(16, 16)] * 4
    assert not domain.dropped


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (Record(b"link.png", b"/etc/passwd", attributes=LINK), "a link"),
        (Record(b"pipe.png", b"", attributes=0o010644 << 16), "not a regular file"),
        (Record(b"/absolute.png", png(9)), "absolute"),
        (Record(b"C:\\windows.png", png(9)), "absolute"),
        (Record(b"\\\\server\\share.png", png(9)), "absolute"),
        (Record(b"../../up.png", png(9)), "leads out"),
        (Record(b"good/..\\..\\up.png", png(9)), "leads out"),
        (Record(b"secret.png", png(9), flags=1), "encrypted"),
        (Record(b"inner.zip", b"PK"), "archive in an archive"),
        (Record(b"inner.tar.gz", b"\x1f\x8b"), "archive in an archive"),
        (Record(b"imploded.png", png(9), method=6), "method"),
        (Record(b"bzip2.png", png(9), method=12), "method"),
        (Record(b"wrong sum.png", png(9), crc=1), "damaged"),
        (Record(b"not deflated.png", png(9), method=8), "damaged"),
        (Record(b"offset beyond the file.png", png(9), offset=2**31), "damaged"),
        (deflated("size too small.png", png(9), size=100), "damaged"),
        (deflated("bomb claiming a small size.png", bytes(2**25), size=1000), "^damaged in the archive$"),
        (Record(b"text.jpg", b"I am no picture."), "no picture of a known format"),
        (Record(b"nothing.png", b""), "is empty"),
        (Record(b"half.png", png(9)[:300]), "damaged or incomplete"),
        (Record(b"archive.png", b"PK\x03\x04" + bytes(60)), "no picture of a known format"),
        (Record(b"caf\xe9.txt", b"words"), "no picture"),
    ],
    ids=lambda value: value.name.decode("latin-1") if isinstance(value, Record) else "",
)
def test_odd_member_is_dropped_with_a_reason_and_the_others_stay(
    odd: Record, reason: str, tmp_path: Path, into: Path
) -> None:
    domain = ingested(with_odd(tmp_path / "cats.zip", odd), into)
    assert len(domain.training) == 4
    [(name, why)] = drop_reasons(domain).items()
    assert Path(name.replace("\\", "/")).suffix == Path(odd.name.decode("latin-1")).suffix
    assert re.search(reason, why)
    assert len(files(tmp_path)) == 5  # the zip and its pictures, no other file


def test_system_files_are_dropped_together(tmp_path: Path, into: Path) -> None:
    junk = dict.fromkeys(["__MACOSX/good/._0.png", ".DS_Store", "good/Thumbs.db", "good/.hidden.png"], png(9))
    domain = ingested(write_zip(tmp_path / "cats.zip", {**png_members(), **junk}), into)
    assert len(domain.training) == 4
    assert drop_reasons(domain) == {"__MACOSX/good/._0.png and 3 more": "hidden, or added by the system"}


@pytest.mark.parametrize("side", [8_500, 13_000, 60_000])
def test_picture_of_too_many_pixels_is_dropped_without_a_warning_of_its_own(
    side: int, tmp_path: Path, into: Path, recwarn: pytest.WarningsRecorder
) -> None:
    vast = pictures.bomb(tmp_path / "vast.png", side).read_bytes()
    domain = ingested(write_zip(tmp_path / "cats.zip", {**png_members(), "vast.png": vast}), into)
    assert len(domain.training) == 4
    assert "64 million pixels" in drop_reasons(domain)["vast.png"]
    assert not recwarn.list


def test_content_decides_not_the_name(tmp_path: Path, into: Path) -> None:
    members = dict(zip(("a.txt", "b.jpg", "c", "d.exe"), png_members().values(), strict=True))
    domain = ingested(write_zip(tmp_path / "cats.zip", members), into)
    assert [picture.path.suffix for picture in domain.training] == [".png"] * 4


def test_every_way_to_store_a_picture_is_read(tmp_path: Path, into: Path) -> None:
    members = {}
    for name, mode in {"cmyk.jpg": "CMYK", "deep.png": "I;16", "grey.tif": "LA", "palette.gif": "P"}.items():
        pictures.any_mode(mode).save(tmp_path / name)
        members[name] = (tmp_path / name).read_bytes()
    members["moving.webp"] = pictures.animation(tmp_path / "moving.webp").read_bytes()
    domain = ingested(write_zip(tmp_path / "cats.zip", members), into)
    assert len(domain.training) == 5
    assert not domain.dropped


def test_same_name_twice_gives_both_pictures(tmp_path: Path, into: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = write_zip(tmp_path / "cats.zip", [("a.png", png(1)), ("a.png", png(2))])
    assert len({picture.digest for picture in ingested(path, into).training}) == 2


def test_windows_separators_are_folders(tmp_path: Path, into: Path) -> None:
    records = [stored(f"train{side}\\{seed}.png", png(seed)) for side in "AB" for seed in range(3)]
    assert len(ingested(write_records(tmp_path / "pair.zip", records), into).training) == 3


def test_names_that_are_not_utf8_are_read_or_refused_with_a_message(tmp_path: Path, into: Path) -> None:
    latin = [Record(f"f\xfc\xdfe {seed}.png".encode("latin-1"), png(seed)) for seed in range(3)]
    assert len(ingested(write_records(tmp_path / "latin.zip", latin), into).training) == 3
    wrong_flag = [Record(b"f\xff.png", png(1), flags=UTF8), stored("b.png", png(2))]
    assert "damaged" in ingest_error(write_records(tmp_path / "wrong.zip", wrong_flag), tmp_path / "other")


def test_zip64_is_read(tmp_path: Path, into: Path) -> None:
    path = tmp_path / "cats.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in png_members().items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(data)
    assert len(ingested(path, into).training) == 4


def test_zip_behind_other_bytes_is_read(cats: Path, into: Path) -> None:
    cats.write_bytes(b"#!/bin/sh\n" * 50 + cats.read_bytes())
    assert len(ingested(cats, into).training) == 4


def test_header_that_claims_too_large_a_size_is_not_believed(tmp_path: Path, into: Path) -> None:
    domain = ingested(with_odd(tmp_path / "cats.zip", deflated("liar.png", png(9), size=2**32 - 2)), into)
    assert len(domain.training) + len(domain.dropped) == 5
    assert sum(path.stat().st_size for path in into.rglob("*.*")) < 100_000


def test_bomb_is_dropped_before_it_fills_the_disk(tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MEMBER_ALLOWANCE", 2**20)
    path = with_odd(tmp_path / "cats.zip", deflated("bomb.png", bytes(2**26)))
    tracemalloc.start()
    domain = ingested(path, into)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert drop_reasons(domain)["bomb.png"].startswith("unpacks to more than 7 MB")
    assert peak < 2**23
    assert len(files(into)) == 4


def test_member_larger_than_any_picture_is_dropped(tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_MEMBER", 100_000)
    domain = ingested(write_zip(tmp_path / "cats.zip", {**png_members(), "film.png": os.urandom(200_000)}), into)
    assert drop_reasons(domain)["film.png"].startswith("unpacks to more than")
    assert len(domain.training) == 4


@pytest.mark.parametrize(
    ("limits", "bombs"),
    [({"ARCHIVE_ALLOWANCE": 2**22, "ARCHIVE_RATIO": 10}, 40), ({"LARGEST_ARCHIVE": 1000}, 0)],
    ids=["made of bombs", "too large for the disk"],
)
def test_archive_that_unpacks_to_too_much_is_refused(
    limits: dict[str, int], bombs: int, tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(archives, name, value)
    path = with_odd(tmp_path / "cats.zip", *(deflated(f"{number}.png", bytes(2**20)) for number in range(bombs)))
    assert "unpacks to more than" in ingest_error(path, into)


@pytest.mark.parametrize("offset", [0, 7, 100])
def test_members_that_share_bytes_are_refused(offset: int, tmp_path: Path, into: Path) -> None:
    kernel = deflated("first.png", bytes(2**20))
    others = [Record(f"{n}.png".encode(), kernel.packed, 8, kernel.size, kernel.crc, offset=offset) for n in range(50)]
    assert "overlap" in ingest_error(write_records(tmp_path / "fifield.zip", [kernel, *others]), into)


@pytest.mark.parametrize("count", [archives.MAX_MEMBERS + 1, 100_000])
def test_zip_of_very_many_files_is_refused_before_they_are_unpacked(
    count: int, tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives.Archive, "unpack", lambda *_: pytest.fail("it was unpacked"))
    records = [Record(f"{number}.png".encode(), b"x", crc=0) for number in range(count)]
    message = ingest_error(write_records(tmp_path / "many.zip", records), into)
    assert "files" in message
    assert "unpack it and name the folder" in message


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9, 0.999])
def test_truncated_zip_is_refused(share: float, cats: Path, into: Path) -> None:
    cats.write_bytes(cats.read_bytes()[: int(cats.stat().st_size * share)])
    assert "damaged" in ingest_error(cats, into)


@pytest.mark.parametrize(
    "data",
    [b"no zip", b"PK\x03\x04" + bytes(100), b"Rar!\x1a\x07", png(), b"PK\x05\x06" + b"\xff" * 18, bytes(300)],
    ids=["text", "start only", "rar", "picture", "end only", "zeros"],
)
def test_file_that_is_not_a_zip_is_refused(data: bytes, cats: Path, into: Path) -> None:
    cats.write_bytes(data)
    message = ingest_error(cats, into)
    assert "folder" in message or "anew" in message


def test_empty_zip_is_refused(tmp_path: Path, into: Path) -> None:
    assert "0 training pictures" in ingest_error(write_zip(tmp_path / "cats.zip", {}), into)


def test_zip_without_pictures_is_refused_with_the_reasons(tmp_path: Path, into: Path) -> None:
    message = ingest_error(write_zip(tmp_path / "cats.zip", {f"{i}.jpg": b"words" for i in range(9)}), into)
    assert "holds 0 training pictures; a domain needs at least two" in message
    assert "0.jpg (is no picture of a known format" in message
    assert "and 6 more" in message


def test_flipped_bytes_end_in_pictures_or_a_message(tmp_path: Path) -> None:
    path = tmp_path / "cats.zip"
    original = write_zip(path, png_members(), zipfile.ZIP_DEFLATED).read_bytes()
    rng = np.random.default_rng(0)
    for trial in range(60):
        damaged = bytearray(original)
        start = int(rng.integers(len(original) - 6))
        damaged[start : start + 6] = rng.bytes(6)
        path.write_bytes(damaged)
        message = path.name
        try:
            ingested(path, tmp_path / f"{trial}")
        except DataError as error:
            message = str(error)
        assert path.name in message


def test_control_characters_in_names_never_reach_the_terminal(tmp_path: Path, into: Path) -> None:
    odd = [stored("\x1b[31mred\n\u202egnp.png", b"words"), stored("x" * 60_000 + ".png", b"words")]
    domain = ingested(with_odd(tmp_path / "cats.zip", *odd), into)
    assert all(dropped.name.isprintable() and len(dropped.name) < 300 for dropped in domain.dropped)
    assert len(domain.dropped) == 2


def test_directory_offset_beyond_the_file_is_damage(cats: Path, into: Path) -> None:
    data = bytearray(cats.read_bytes())
    # A larger offset of the central directory puts every member before the file's beginning.
    struct.pack_into("<L", data, len(data) - 6, 0xFFFFFF00)
    cats.write_bytes(data)
    message = ingest_error(cats, into)
    assert "damaged in the archive" in message
    assert "free some space" not in message
