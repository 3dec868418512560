"""The check of a zip's central directory: directories too large for the memory are refused before they are read."""

import struct
from pathlib import Path

from tests.data.helpers import ingest_error
from tests.data.zips import png_members, write_zip


def test_directory_that_claims_to_be_too_long_is_refused(tmp_path: Path, into: Path) -> None:
    path = write_zip(tmp_path / "cats.zip", png_members())
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, len(data) - 10, 2**31)
    path.write_bytes(data)
    assert "too many files" in ingest_error(path, into)


def test_long_zip64_directory_behind_a_harmless_one_is_refused(tmp_path: Path, into: Path) -> None:
    def record(size: int, length: int) -> bytes:
        return b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", size, 45, 45, 0, 0, 1, 1, length, 0)

    # The locator points to a record that takes the harmless one for its own extension.
    records = record(44 + 56, 2**40) + record(44, 46)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, 0, 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", *(0xFFFF,) * 4, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path = tmp_path / "cats.zip"
    path.write_bytes(records + locator + end)
    assert "too many files" in ingest_error(path, into)
