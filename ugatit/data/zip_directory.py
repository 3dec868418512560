"""The check of a zip's table of contents before it is read."""

import struct
from pathlib import Path

from ugatit.errors import WeightsError

LARGEST_DIRECTORY = 4 * 2**20


def check_zip_directory(path: Path) -> None:
    """Refuse a zip whose table of contents alone would fill the memory.

    Raises WeightsError whose message is to be put behind the file's name.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**17))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise WeightsError("is damaged or no zip")
    (length,) = struct.unpack_from("<L", tail, end + 12)
    if end >= 76 and tail[end - 20 : end - 16] == b"PK\x06\x07":  # zip64: the true length stands before
        # Directly before, or where the file says; programs differ in which of the two they believe.
        (place,) = struct.unpack_from("<Q", tail, end - 20 + 8)
        told = _bytes_at(path, place, 56)
        lengths = [struct.unpack_from("<Q", tail, end - 76 + 40)[0]]
        if told.startswith(b"PK\x06\x06") and len(told) == 56:
            lengths += struct.unpack_from("<Q", told, 40)
        length = max(lengths)
    if length > LARGEST_DIRECTORY:
        raise WeightsError("is a zip of too many files")


def _bytes_at(path: Path, place: int, count: int) -> bytes:
    with path.open("rb") as file:
        file.seek(min(place, path.stat().st_size))
        return file.read(count)
