"""Check and unpack zips from untrusted users: links, absolute names, zip bombs, overlapping or damaged members."""

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

MAX_MEMBERS = 30_000
LARGEST_MEMBER = 128 * 2**20
"""Bytes that a single member may unpack to."""
LARGEST_ARCHIVE = 16 * 2**30
"""Bytes that all members together may unpack to."""
MEMBER_RATIO, MEMBER_ALLOWANCE = 100, 16 * 2**20
"""A member may unpack to MEMBER_ALLOWANCE bytes plus MEMBER_RATIO times its packed bytes."""
ARCHIVE_RATIO, ARCHIVE_ALLOWANCE = 200, 256 * 2**20
"""The same for all members together. A few bombs are dropped; an archive made of bombs is refused."""
CHUNK = 2**18
COMPRESSION_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Members packed by other methods are dropped: `zipfile` cannot unpack those a few bytes at a time."""
LOCAL_HEADER = 30
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, RuntimeError)
"""Exceptions that `zipfile` raises for damaged bytes (NotImplementedError is a RuntimeError)."""


class Archive(AbstractContextManager["Archive"]):
    """A zip opened for reading.

    name: the zip's name in messages. Raises DataError if the file is not a zip, is damaged, has too many members or
    has members that overlap.
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
        except ZIP_ERRORS as error:
            raise DataError(f"{self.name} is damaged or no zip: pack it anew, or name a folder.") from error
        self.max_unpacked = min(LARGEST_ARCHIVE, ARCHIVE_ALLOWANCE + ARCHIVE_RATIO * size)
        try:
            self._check_members()
        except DataError:
            self.zip.close()
            raise

    def _check_members(self) -> None:
        members = self.zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise DataError(
                f"{self.name} holds {len(members):,} files, more than {MAX_MEMBERS:,}: unpack it and name the folder."
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

    def candidates(self, parts: tuple[str, ...], prefix: str = "") -> tuple[list[Candidate], list[Dropped]]:
        """Return the members as candidates, and the members that are refused by their headers.

        parts: put before each candidate's parts. prefix: put before each name.
        """
        candidates, left_out = [], []
        for member in self.zip.infolist():
            name = member.filename.replace("\\", "/")  # old Windows programs write backslashes
            if name.endswith("/"):
                continue
            if problem := _member_problem(member, name):
                left_out.append(dropped(prefix + member.filename, problem))
                continue
            inner = tuple(part for part in name.split("/") if part not in ("", "."))
            candidates.append(Candidate(prefix + name, parts + inner, self.path, partial(self.unpack, member)))
        return candidates, left_out

    def unpack(self, member: zipfile.ZipInfo, target: Path) -> None:
        """Write a member to a new file, counting the bytes that are really unpacked.

        Raises UnusableError if the member is damaged or a zip bomb, DataError if the whole archive is a zip bomb.
        """
        max_size = min(LARGEST_MEMBER, MEMBER_ALLOWANCE + MEMBER_RATIO * member.compress_size)
        size = 0
        with target.open("xb") as file:
            for data in self._read(member):
                size += len(data)
                self.unpacked += len(data)
                if self.unpacked > self.max_unpacked:
                    raise DataError(
                        f"{self.name} unpacks to more than {self.max_unpacked / 2**20:,.0f} MB, which pictures do not: "
                        "a zip bomb? Unpack it and name the folder."
                    )
                if size > max_size:
                    raise UnusableError(f"unpacks to more than {max_size / 2**20:,.0f} MB")
                file.write(data)

    def _read(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield a member's bytes in chunks. Raises UnusableError if it is damaged or the zip cannot be read."""
        try:
            with self.zip.open(member) as packed:
                while data := packed.read(CHUNK):
                    yield data
        except (OSError, *ZIP_ERRORS) as error:
            raise UnusableError("damaged in the archive") from error


def _member_problem(member: zipfile.ZipInfo, name: str) -> str:
    """Return why a member is refused, or an empty string."""
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
    if member.compress_type not in COMPRESSION_METHODS:
        return "packed by a method that is not read here: pack it as an ordinary zip"
    return ""
