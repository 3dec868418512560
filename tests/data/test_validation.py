"""Picture files are decoded once and completely; large ones one at a time; a full disk ends in a message."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.data.zips import png, png_members, write_zip
from tests.tiny import picture_folder
from ugatit.data import validation
from ugatit.data.ingest import ingest
from ugatit.errors import DataError


def test_size_and_digest_are_those_of_the_upright_picture(tmp_path: Path, into: Path) -> None:
    tall = Image.new("RGB", (20, 40), "teal")
    exif = Image.Exif()
    exif[0x0112] = 6
    tall.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.png", exif=exif)
    tall.save(tmp_path / "upright.bmp")
    pictures = ingest([tmp_path / "turned.png", tmp_path / "upright.bmp"], into, "a").training
    assert [picture.size for picture in pictures] == [(20, 40)] * 2
    assert len({picture.digest for picture in pictures}) == 1
    assert [picture.path.suffix for picture in pictures] == [".png", ".bmp"]


@pytest.mark.parametrize("large", [10, validation.LARGE])
def test_every_picture_is_decoded_once_and_large_ones_in_one_thread(
    large: int, tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[Path] = []
    threads: set[int] = set()
    original = validation.open_picture

    def recording(path: Path) -> Image.Image:
        decoded.append(path)
        threads.add(threading.get_ident())
        return original(path)

    monkeypatch.setattr(validation, "open_picture", recording)
    monkeypatch.setattr(validation, "LARGE", large)
    folder = picture_folder(tmp_path / "cats", count=12, size=8)
    domain = ingest(str(folder), into, "a")
    assert len(domain.training) + len(domain.held_out) == 12
    assert sorted(decoded) == sorted(folder.iterdir())
    assert large > 10 or len(threads) == 1


@pytest.mark.parametrize("packed", [True, False])
def test_full_disk_is_reported_and_nothing_is_left_behind(
    packed: bool, tmp_path: Path, into: Path, limit_file_size: Callable[[int], None]
) -> None:
    large = {f"{seed}.png": png(seed, 96) for seed in range(3)}
    path = write_zip(tmp_path / "cats.zip", {**png_members(3), **large})
    uploads = sorted(picture_folder(tmp_path / "up", size=96).iterdir())
    limit_file_size(2_000)
    with pytest.raises(DataError, match=r"cannot be written to \(.*\): free some space"):
        ingest(str(path) if packed else uploads, into, "a")
    assert not into.exists()
