"""Check the size of a zip's central directory before `zipfile` loads it into memory."""

import struct
from pathlib import Path

from ugatit.errors import WeightsError

LARGEST_DIRECTORY = 4 * 2**20


def check_zip_directory(path: Path) -> None:
    """Refuse a zip whose central directory alone would fill the memory.

    Raises WeightsError whose message is the end of a sentence: put the file's name before it.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**17))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise WeightsError("is damaged or no zip")
    (length,) = struct.unpack_from("<L", tail, end + 12)
    if end >= 76 and tail[end - 20 : end - 16] == b"PK\x06\x07":  # zip64: the true length is in a record of its own
        # The record is directly before the locator or at the offset given there; programs differ in which they use.
        (offset,) = struct.unpack_from("<Q", tail, end - 20 + 8)
        record = _read_at(path, offset, 56)
        lengths = [struct.unpack_from("<Q", tail, end - 76 + 40)[0]]
        if record.startswith(b"PK\x06\x06") and len(record) == 56:
            lengths += struct.unpack_from("<Q", record, 40)
        length = max(lengths)
    if length > LARGEST_DIRECTORY:
        raise WeightsError("is a zip of too many files")


def _read_at(path: Path, offset: int, count: int) -> bytes:
    with path.open("rb") as file:
        file.seek(min(offset, path.stat().st_size))
        return file.read(count)
