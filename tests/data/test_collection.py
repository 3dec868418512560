"""Candidates of every kind of source: folders of the published layout, uploads, and sources that do not exist."""

from pathlib import Path

import pytest

from tests.data.helpers import drop_reasons
from tests.data.zips import png_members, write_zip
from tests.tiny import picture_folder
from ugatit.data.ingest import ingest
from ugatit.errors import DataError


@pytest.mark.parametrize("named", ["horse2zebra", "horse2zebra/trainB"])
def test_published_layout_in_a_folder(named: str, tmp_path: Path, into: Path) -> None:
    for number, folder in enumerate(("trainA", "trainB", "testA", "testB")):
        kind = "disc" if folder.endswith("A") else "square"
        picture_folder(tmp_path / "horse2zebra" / folder, kind, 2 + number, 16)
    domain = ingest(str(tmp_path / named), into, "b")
    assert domain.name == "zebra"
    assert [picture.path.parent.name for picture in domain.training] == ["trainB"] * 3
    assert [picture.path.parent.name for picture in domain.held_out] == ["testB"] * 5


def test_uploads_may_mix_pictures_and_zips(tmp_path: Path, into: Path) -> None:
    pictures = sorted(picture_folder(tmp_path / "up", count=3).iterdir())
    uploads = [*pictures, write_zip(tmp_path / "more.zip", png_members(2))]
    (tmp_path / "notes.txt").write_text("words")
    domain = ingest([*uploads, tmp_path / "notes.txt", tmp_path / "gone.png"], into, "b")
    assert [picture.path.parent for picture in domain.training] == [into / "train"] * 5
    assert set(drop_reasons(domain)) == {"notes.txt", "gone.png"}
    assert domain.name == "B"
    assert domain.source == "000.png, 001.png, 002.png, more.zip, notes.txt, gone.png"
    assert all(path.exists() for path in uploads)


def test_single_uploaded_zip_gives_the_domain_its_name(tmp_path: Path, into: Path) -> None:
    assert ingest([write_zip(tmp_path / "cats.zip", png_members(2))], into, "a").name == "cats"


def test_uploaded_archive_of_another_kind_is_named(tmp_path: Path, into: Path) -> None:
    (tmp_path / "cats.tar.gz").write_bytes(b"\x1f\x8b")
    with pytest.raises(DataError, match=r"cats\.tar\.gz \(an archive that is not read here: pack it as a zip\)"):
        ingest([tmp_path / "cats.tar.gz"], into, "a")


def test_upload_that_cannot_be_opened_is_dropped(tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = sorted(picture_folder(tmp_path / "up", count=3).iterdir())
    original = Path.open

    def guarded(path: Path, *rest: object) -> object:
        if path == uploads[0] and rest == ("rb",):
            raise PermissionError(13, "Permission denied")
        return original(path, *rest)

    monkeypatch.setattr(Path, "open", guarded)
    assert drop_reasons(ingest(uploads, into, "a")) == {"000.png": "cannot be read: Permission denied"}


def test_empty_upload_is_refused(into: Path) -> None:
    with pytest.raises(DataError, match="An empty upload holds 0 training pictures"):
        ingest([], into, "a")


@pytest.mark.parametrize("source", ["nowhere", "", "~nobody/cats", "x" * 5000, "a\0b"])
def test_source_that_does_not_exist_is_named_in_one_line(source: str, into: Path) -> None:
    with pytest.raises(DataError, match=r"folder|looked at") as caught:
        ingest(source, into, "a")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
