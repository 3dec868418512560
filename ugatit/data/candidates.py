"""Candidate pictures: files that a source contains, before any of them is decoded, and files left out by name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ugatit.data.domain import Dropped
from ugatit.text import one_line

ARCHIVE_SUFFIXES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar")
SYSTEM_NAMES = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
MAX_NAME_LENGTH = 200


class UnusableError(Exception):
    """A single file cannot be used. The message gives the reason; other files are not affected."""


@dataclass(frozen=True)
class Candidate:
    """A file that may contain a picture.

    name: the file's name as the user knows it. parts: the source's own name, the folders and the file name; the
    folder layout is read from them. path: the file on disk, or the zip that contains it. write_to: writes the file to
    a new path; None for a file that is read in place. It raises UnusableError if this file is unusable, DataError if
    the whole source is refused, and OSError if the disk cannot be written to.
    """

    name: str
    parts: tuple[str, ...]
    path: Path
    write_to: Callable[[Path], object] | None = None


@dataclass(frozen=True)
class CandidateSet:
    """All files of a source. name: the source's display name; empty for several uploads."""

    name: str
    candidates: list[Candidate]
    dropped: list[Dropped]


def dropped(name: str, reason: object) -> Dropped:
    """Return a Dropped whose name and reason are safe to display, one line each."""
    return Dropped(one_line(name, MAX_NAME_LENGTH), one_line(reason))


def is_archive(name: str) -> bool:
    """Return whether a file name has the suffix of an archive, of a kind that can be read here or not."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def without_junk(candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Dropped]]:
    """Leave out hidden files and files added by the operating system; report them as a single Dropped."""
    kept: list[Candidate] = []
    junk: list[Candidate] = []
    for candidate in candidates:
        # The first part is skipped: the source's own name is the user's choice.
        is_junk = any(part.startswith(".") or part.lower() in SYSTEM_NAMES for part in candidate.parts[1:])
        (junk if is_junk else kept).append(candidate)
    if not junk:
        return kept, []
    more = f" and {len(junk) - 1} more" if len(junk) > 1 else ""
    return kept, [dropped(junk[0].name[: MAX_NAME_LENGTH - 20] + more, "hidden, or added by the system")]
