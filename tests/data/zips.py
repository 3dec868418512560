"""Write zips for tests: ordinary ones, and ones whose headers are written byte by byte so that they can be wrong."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from ugatit.data.scenes import scene

LINK = 0o120777 << 16
UTF8 = 0x800


def png(seed: int = 0, size: int = 16) -> bytes:
    """The bytes of a small PNG file; every seed gives a different picture."""
    file = BytesIO()
    scene("disc", seed, size)[0].save(file, "PNG")
    return file.getvalue()


def png_members(count: int = 4) -> dict[str, bytes]:
    return {f"good/{seed}.png": png(seed) for seed in range(count)}


def write_zip(path: Path, members: dict[str, bytes] | Iterable[tuple[str, bytes]], method: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return path


@dataclass
class Record:
    """A zip member as its headers describe it.

    size: unpacked bytes; the length of `packed` if None. offset: of the local header; the true one if None.
    """

    name: bytes
    packed: bytes
    method: int = 0
    size: int | None = None
    crc: int | None = None
    flags: int = 0
    attributes: int = 0
    offset: int | None = None

    def fields(self) -> bytes:
        size = len(self.packed) if self.size is None else self.size
        crc = zlib.crc32(self.packed) if self.crc is None else self.crc
        return struct.pack("<HHHHLLLHH", self.flags, self.method, 0, 33, crc, len(self.packed), size, len(self.name), 0)


def stored(name: str, data: bytes) -> Record:
    return Record(name.encode(), data)


def deflated(name: str, data: bytes, size: int | None = None) -> Record:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return Record(name.encode(), packer.compress(data) + packer.flush(), 8, size or len(data), zlib.crc32(data))


def write_records(path: Path, records: Sequence[Record]) -> Path:
    """Write a zip of these records; its central directory repeats their claims."""
    body, directory = bytearray(), bytearray()
    for record in records:
        offset = len(body) if record.offset is None else record.offset
        body += b"PK\x03\x04" + struct.pack("<H", 20) + record.fields() + record.name + record.packed
        directory += b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + record.fields()
        directory += struct.pack("<HHHLL", 0, 0, 0, record.attributes, offset) + record.name
    count = min(len(records), 0xFFFF)
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, len(directory), len(body), 0)
    path.write_bytes(bytes(body + directory + end))
    return path
