"""Zips byte by byte, so that they can lie where `zipfile` would not."""

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
    """A small picture as a file's bytes; another one for every seed."""
    file = BytesIO()
    scene("disc", seed, size)[0].save(file, "PNG")
    return file.getvalue()


def zipped(path: Path, members: dict[str, bytes] | Iterable[tuple[str, bytes]], method: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return path


def good(count: int = 4) -> dict[str, bytes]:
    return {f"good/{seed}.png": png(seed) for seed in range(count)}


@dataclass
class Record:
    """A member as its headers describe it. size: unpacked, as claimed. offset: of its local header, if it lies."""

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


def honest(name: str, data: bytes) -> Record:
    return Record(name.encode(), data)


def deflated(name: str, data: bytes, size: int | None = None) -> Record:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return Record(name.encode(), packer.compress(data) + packer.flush(), 8, size or len(data), zlib.crc32(data))


def written(path: Path, records: Sequence[Record]) -> Path:
    """A zip of these records, its table of contents repeating what they claim."""
    body, contents = bytearray(), bytearray()
    for record in records:
        offset = len(body) if record.offset is None else record.offset
        body += b"PK\x03\x04" + struct.pack("<H", 20) + record.fields() + record.name + record.packed
        contents += b"PK\x01\x02" + struct.pack("<HH", 0x0314, 20) + record.fields()
        contents += struct.pack("<HHHLL", 0, 0, 0, record.attributes, offset) + record.name
    count = min(len(records), 0xFFFF)
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, len(contents), len(body), 0)
    path.write_bytes(bytes(body + contents + end))
    return path
