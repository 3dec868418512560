"""A zip from anyone: walked without trusting its names, its sizes or its table of contents."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from ugatit.data.candidates import Candidate, UnusableError, dropped, is_archive
from ugatit.data.domain import Dropped
from ugatit.data.zip_directory import check_zip_directory
from ugatit.errors import DataError, WeightsError
from ugatit.text import one_line

MOST_MEMBERS = 30_000
LARGEST_MEMBER = 128 * 2**20
LARGEST_ARCHIVE = 16 * 2**30
"""Bytes that all members together may unpack to."""
MEMBER_RATIO, MEMBER_FREE = 100, 16 * 2**20
"""A member may unpack to this many times its packed bytes, and any member to this many bytes."""
ARCHIVE_RATIO, ARCHIVE_FREE = 200, 256 * 2**20
"""The same for all members together: a few bombs are left out, an archive made of them is refused."""
CHUNK = 2**18
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others cannot be unpacked a few bytes at a time."""
LOCAL_HEADER = 30
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, RuntimeError)
"""What `zipfile` raises for bytes that are not as they should be (NotImplementedError is a RuntimeError)."""


class Archive(AbstractContextManager["Archive"]):
    """A zip, open for reading. Raises DataError where it is none, is damaged, or is hostile as a whole.

    name: what messages call it.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name, self.unpacked = path, one_line(name), 0
        try:
            size = path.stat().st_size
            check_zip_directory(path)
            self.zip = zipfile.ZipFile(path)
        except WeightsError as error:
            raise DataError(f"{self.name} {error}: pack it anew, or unpack it and name the folder.") from error
        except OSError as error:
            raise DataError(f"{self.name} cannot be read: {error.strerror or one_line(error)}.") from error
        except DAMAGED as error:
            raise DataError(f"{self.name} is damaged or no zip: pack it anew, or name a folder.") from error
        self.most = min(LARGEST_ARCHIVE, ARCHIVE_FREE + ARCHIVE_RATIO * size)
        try:
            self._check()
        except DataError:
            self.zip.close()
            raise

    def _check(self) -> None:
        members = self.zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise DataError(
                f"{self.name} holds {len(members):,} files, more than {MOST_MEMBERS:,}: unpack it and name the folder."
            )
        members = sorted(members, key=lambda member: member.header_offset)
        for member, following in pairwise(members):
            if member.header_offset + LOCAL_HEADER + member.compress_size > following.header_offset:
                raise DataError(f"{self.name} holds files that overlap, as only zip bombs do: pack it anew.")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.zip.close()

    def __enter__(self) -> Self:
        return self

    def offers(self, parts: tuple[str, ...], prefix: str = "") -> tuple[list[Candidate], list[Dropped]]:
        """Its members as offers, and those that cannot be. parts: names to put before theirs. prefix: to the names."""
        offers, left_out = [], []
        for member in self.zip.infolist():
            name = member.filename.replace("\\", "/")  # as old Windows programs write it
            if name.endswith("/"):
                continue
            if flaw := _flaw(member, name):
                left_out.append(dropped(prefix + member.filename, flaw))
                continue
            inner = tuple(part for part in name.split("/") if part not in ("", "."))
            offers.append(Candidate(prefix + name, parts + inner, self.path, partial(self.unpack, member)))
        return offers, left_out

    def unpack(self, member: zipfile.ZipInfo, target: Path) -> None:
        """Write a member to a new file, as many bytes as it really has.

        Raises UnusableError where this member is damaged or a bomb, DataError where the archive is one.
        """
        most = min(LARGEST_MEMBER, MEMBER_FREE + MEMBER_RATIO * member.compress_size)
        size = 0
        with target.open("xb") as file:
            for data in self._read(member):
                size += len(data)
                self.unpacked += len(data)
                if self.unpacked > self.most:
                    raise DataError(
                        f"{self.name} unpacks to more than {self.most / 2**20:,.0f} MB, which pictures do not: "
                        "a zip bomb? Unpack it and name the folder."
                    )
                if size > most:
                    raise UnusableError(f"unpacks to more than {most / 2**20:,.0f} MB")
                file.write(data)

    def _read(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """A member's bytes in chunks. Raises UnusableError where it is damaged, or the zip itself cannot be read."""
        try:
            with self.zip.open(member) as packed:
                while data := packed.read(CHUNK):
                    yield data
        except (OSError, *DAMAGED) as error:
            raise UnusableError("damaged in the archive") from error


def _flaw(member: zipfile.ZipInfo, name: str) -> str:
    """Why a member is left alone, or nothing."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "a link, not a file"
    if kind not in (0, stat.S_IFREG):
        return "not a regular file"
    if name.startswith("/") or re.match("[A-Za-z]:", name):
        return "an absolute name"
    if ".." in name.split("/"):
        return "a name that leads out of the archive"
    if member.flag_bits & 1:
        return "encrypted: pack it without a password"
    if is_archive(name):
        return "an archive in an archive: unpack it first"
    if member.compress_type not in METHODS:
        return "packed by a method that is not read here: pack it as an ordinary zip"
    return ""
