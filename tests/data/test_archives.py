"""Zips from anyone: good pictures come out under new names, everything else is named, nothing gets away."""

import os
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests import pictures
from tests.data.zips import LINK, UTF8, Record, deflated, good, honest, png, written, zipped
from ugatit.data import archives
from ugatit.data.domain import Domain
from ugatit.data.ingest import ingest
from ugatit.errors import DataError


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "run" / "a"


def taken(path: Path, into: Path) -> Domain:
    return ingest(str(path), into, "a")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def reasons(domain: Domain) -> dict[str, str]:
    return {each.name: each.reason for each in domain.dropped}


def refused(path: Path, into: Path) -> str:
    with pytest.raises(DataError) as caught:
        taken(path, into)
    message = str(caught.value)
    assert path.name in message
    assert "\n" not in message
    assert not into.exists()
    return message


def with_odd(path: Path, *odd: Record) -> Path:
    return written(path, [*(honest(name, data) for name, data in good().items()), *odd])


def test_pictures_land_under_new_names_with_their_bytes(tmp_path: Path, into: Path) -> None:
    domain = taken(zipped(tmp_path / "cats.zip", good()), into)
    assert domain.name == "cats"
    assert files(into) == [f"train/{number:05d}.png" for number in range(1, 5)]
    assert [picture.path.read_bytes() for picture in domain.training] == list(good().values())
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
        (Record(b"text.jpg", b"I am no picture."), "no picture of a known format"),
        (Record(b"nothing.png", b""), "is empty"),
        (Record(b"half.png", png(9)[:300]), "damaged or incomplete"),
        (Record(b"archive.png", b"PK\x03\x04" + bytes(60)), "no picture of a known format"),
        (Record(b"caf\xe9.txt", b"words"), "no picture"),
    ],
    ids=lambda value: value.name.decode("latin-1") if isinstance(value, Record) else "",
)
def test_odd_member_is_dropped_and_named_and_the_others_stay(
    odd: Record, reason: str, tmp_path: Path, into: Path
) -> None:
    domain = taken(with_odd(tmp_path / "cats.zip", odd), into)
    assert len(domain.training) == 4
    [(name, why)] = reasons(domain).items()
    assert Path(name.replace("\\", "/")).suffix == Path(odd.name.decode("latin-1")).suffix
    assert reason in why
    assert len(files(tmp_path)) == 5  # the zip and its pictures: nothing else lies anywhere


def test_names_of_the_system_are_named_together(tmp_path: Path, into: Path) -> None:
    junk = dict.fromkeys(["__MACOSX/good/._0.png", ".DS_Store", "good/Thumbs.db", "good/.hidden.png"], png(9))
    domain = taken(zipped(tmp_path / "cats.zip", {**good(), **junk}), into)
    assert len(domain.training) == 4
    assert reasons(domain) == {"__MACOSX/good/._0.png and 3 more": "hidden, or added by the system"}


@pytest.mark.parametrize("side", [8_500, 13_000, 60_000])
def test_picture_of_too_many_pixels_is_dropped_without_a_warning_of_its_own(
    side: int, tmp_path: Path, into: Path, recwarn: pytest.WarningsRecorder
) -> None:
    vast = pictures.bomb(tmp_path / "vast.png", side).read_bytes()
    domain = taken(zipped(tmp_path / "cats.zip", {**good(), "vast.png": vast}), into)
    assert len(domain.training) == 4
    assert "64 million pixels" in reasons(domain)["vast.png"]
    assert not recwarn.list


def test_content_decides_not_the_name(tmp_path: Path, into: Path) -> None:
    named = dict(zip(("a.txt", "b.jpg", "c", "d.exe"), good().values(), strict=True))
    domain = taken(zipped(tmp_path / "cats.zip", named), into)
    assert {picture.path.suffix for picture in domain.training} == {".png"}
    assert len(domain.training) == 4


def test_every_way_to_store_a_picture_is_read(tmp_path: Path, into: Path) -> None:
    made = {"cmyk.jpg": "CMYK", "deep.png": "I;16", "grey.tif": "LA", "palette.gif": "P"}
    members = {}
    for name, mode in made.items():
        pictures.any_mode(mode).save(tmp_path / name)
        members[name] = (tmp_path / name).read_bytes()
    members["moving.webp"] = pictures.animation(tmp_path / "moving.webp").read_bytes()
    domain = taken(zipped(tmp_path / "cats.zip", members), into)
    assert len(domain.training) == 5
    assert not domain.dropped


def test_same_name_twice_gives_both_pictures(tmp_path: Path, into: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path / "cats.zip", [("a.png", png(1)), ("a.png", png(2))])
    assert len({picture.digest for picture in taken(path, into).training}) == 2


def test_windows_separators_are_folders(tmp_path: Path, into: Path) -> None:
    records = [honest(f"train{side}\\{seed}.png", png(seed)) for side in "AB" for seed in range(3)]
    assert len(taken(written(tmp_path / "pair.zip", records), into).training) == 3


def test_names_that_are_no_utf8_are_readable_or_refused_in_words(tmp_path: Path, into: Path) -> None:
    latin = [Record(f"f\xfc\xdfe {seed}.png".encode("latin-1"), png(seed)) for seed in range(3)]
    assert len(taken(written(tmp_path / "latin.zip", latin), into).training) == 3
    lying = [Record(b"f\xff.png", png(1), flags=UTF8), honest("b.png", png(2))]
    assert "damaged" in refused(written(tmp_path / "lying.zip", lying), tmp_path / "other")


def test_zip64_is_read(tmp_path: Path, into: Path) -> None:
    path = tmp_path / "cats.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in good().items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(data)
    assert len(taken(path, into).training) == 4


def test_zip_behind_other_bytes_is_read(tmp_path: Path, into: Path) -> None:
    path = zipped(tmp_path / "cats.zip", good())
    path.write_bytes(b"#!/bin/sh\n" * 50 + path.read_bytes())
    assert len(taken(path, into).training) == 4


def test_header_that_says_less_than_there_is_cuts_the_picture_off(tmp_path: Path, into: Path) -> None:
    domain = taken(with_odd(tmp_path / "cats.zip", deflated("liar.png", png(9), size=100)), into)
    assert "damaged" in reasons(domain)["liar.png"]


def test_header_that_says_more_than_there_is_is_not_believed(tmp_path: Path, into: Path) -> None:
    domain = taken(with_odd(tmp_path / "cats.zip", deflated("liar.png", png(9), size=2**32 - 2)), into)
    assert len(domain.training) + len(domain.dropped) == 5
    assert sum(path.stat().st_size for path in into.rglob("*.*")) < 100_000


def test_bomb_is_dropped_before_it_fills_the_disk(tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MEMBER_FREE", 2**20)
    path = with_odd(tmp_path / "cats.zip", deflated("bomb.png", bytes(2**26)))
    tracemalloc.start()
    domain = taken(path, into)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reasons(domain)["bomb.png"].startswith("unpacks to more than 7 MB")
    assert peak < 2**23
    assert len(files(into)) == 4


def test_bomb_that_claims_to_be_small_is_cut_off_there(tmp_path: Path, into: Path) -> None:
    domain = taken(with_odd(tmp_path / "cats.zip", deflated("bomb.png", bytes(2**25), size=1000)), into)
    assert reasons(domain) == {"bomb.png": "damaged in the archive"}
    assert len(files(into)) == 4


def test_member_larger_than_any_picture_is_dropped(tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_MEMBER", 100_000)
    domain = taken(zipped(tmp_path / "cats.zip", {**good(), "film.png": os.urandom(200_000)}), into)
    assert reasons(domain)["film.png"].startswith("unpacks to more than")
    assert len(domain.training) == 4


def test_archive_made_of_bombs_is_refused(tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "ARCHIVE_FREE", 2**22)
    monkeypatch.setattr(archives, "ARCHIVE_RATIO", 10)
    bombs = [deflated(f"{number}.png", bytes(2**20)) for number in range(40)]
    assert "unpacks to more than" in refused(with_odd(tmp_path / "bombs.zip", *bombs), into)


def test_archive_larger_than_the_disk_should_take_is_refused(
    tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 1000)
    assert "unpacks to more than" in refused(zipped(tmp_path / "cats.zip", good()), into)


@pytest.mark.parametrize("shift", [0, 7, 100])
def test_members_that_share_bytes_are_refused(shift: int, tmp_path: Path, into: Path) -> None:
    kernel = deflated("first.png", bytes(2**20))
    others = [Record(f"{n}.png".encode(), kernel.packed, 8, kernel.size, kernel.crc, offset=shift) for n in range(50)]
    assert "overlap" in refused(written(tmp_path / "fifield.zip", [kernel, *others]), into)


@pytest.mark.parametrize("count", [archives.MOST_MEMBERS + 1, 100_000])
def test_zip_of_very_many_files_is_refused_before_they_are_unpacked(
    count: int, tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives.Archive, "unpack", lambda *_: pytest.fail("it was unpacked"))
    path = written(tmp_path / "many.zip", [Record(f"{number}.png".encode(), b"x", crc=0) for number in range(count)])
    message = refused(path, into)
    assert "files" in message
    assert "unpack it and name the folder" in message


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.9, 0.999])
def test_zip_cut_off_is_named(kept: float, tmp_path: Path, into: Path) -> None:
    path = zipped(tmp_path / "cats.zip", good())
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert "damaged" in refused(path, into)


@pytest.mark.parametrize(
    "data",
    [b"no zip", b"PK\x03\x04" + bytes(100), b"Rar!\x1a\x07", png(), b"PK\x05\x06" + b"\xff" * 18, bytes(300)],
    ids=["text", "start only", "rar", "picture", "end only", "zeros"],
)
def test_file_that_is_no_zip_is_named(data: bytes, tmp_path: Path, into: Path) -> None:
    path = tmp_path / "cats.zip"
    path.write_bytes(data)
    message = refused(path, into)
    assert "folder" in message or "anew" in message


def test_empty_zip_is_named(tmp_path: Path, into: Path) -> None:
    assert "0 training pictures" in refused(zipped(tmp_path / "cats.zip", {}), into)


def test_zip_of_nothing_good_says_why(tmp_path: Path, into: Path) -> None:
    message = refused(zipped(tmp_path / "cats.zip", {f"{i}.jpg": b"words" for i in range(9)}), into)
    assert "holds 0 training pictures; a domain needs at least two" in message
    assert "0.jpg (is no picture of a known format" in message
    assert "and 6 more" in message


def test_flipped_bytes_end_in_pictures_or_a_message(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "cats.zip", good(), zipfile.ZIP_DEFLATED).read_bytes()
    draw = np.random.default_rng(0)
    for trial in range(60):
        damaged = bytearray(whole)
        start = int(draw.integers(len(whole) - 6))
        damaged[start : start + 6] = draw.bytes(6)
        (tmp_path / "cats.zip").write_bytes(damaged)
        complaint = complaint_about(tmp_path / "cats.zip", tmp_path / f"{trial}")
        assert complaint is None or "cats.zip" in complaint


def complaint_about(path: Path, into: Path) -> str | None:
    try:
        taken(path, into)
    except DataError as error:
        return str(error)
    return None


def test_name_of_terminal_codes_cannot_reach_the_terminal(tmp_path: Path, into: Path) -> None:
    odd = [honest("\x1b[31mred\n\u202egnp.png", b"words"), honest("x" * 60_000 + ".png", b"words")]
    domain = taken(with_odd(tmp_path / "cats.zip", *odd), into)
    assert all(each.name.isprintable() and len(each.name) < 300 for each in domain.dropped)
    assert len(domain.dropped) == 2


def test_offset_beyond_the_file_is_damage(tmp_path: Path, into: Path) -> None:
    odd = Record(b"far.png", png(9), offset=2**31)
    assert "damaged" in reasons(taken(with_odd(tmp_path / "cats.zip", odd), into))["far.png"]


def test_table_of_contents_that_lies_about_its_length_is_refused(tmp_path: Path, into: Path) -> None:
    path = zipped(tmp_path / "cats.zip", good())
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, len(data) - 10, 2**31)
    path.write_bytes(data)
    assert "too many files" in refused(path, into)


def test_member_said_to_lie_before_the_archive_is_damaged(tmp_path: Path, into: Path) -> None:
    path = zipped(tmp_path / "cats.zip", good())
    data = bytearray(path.read_bytes())
    # The place of the table of contents, told larger: every member then lies before the file's beginning.
    struct.pack_into("<L", data, len(data) - 6, 0xFFFFFF00)
    path.write_bytes(bytes(data))
    message = refused(path, into)
    assert "damaged in the archive" in message
    assert "free some space" not in message


def test_long_table_of_contents_behind_a_harmless_one_is_refused(tmp_path: Path, into: Path) -> None:
    def record(size: int, length: int) -> bytes:
        return b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", size, 45, 45, 0, 0, 1, 1, length, 0)

    # The locator names a record that takes the harmless one for an appendix of its own.
    records = record(44 + 56, 2**40) + record(44, 46)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, 0, 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", *(0xFFFF,) * 4, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path = tmp_path / "cats.zip"
    path.write_bytes(records + locator + end)
    assert "too many files" in refused(path, into)
