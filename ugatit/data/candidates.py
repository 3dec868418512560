"""What a source offers before anything is read: files by the names their owner knows, and what is clearly none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ugatit.data.domain import Dropped
from ugatit.text import one_line

ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar")
SYSTEM_NAMES = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
LONGEST_NAME = 200


class UnusableError(Exception):
    """One file cannot be used; the message says why. The others can."""


@dataclass(frozen=True)
class Candidate:
    """A file that may hold a picture.

    name: as its owner knows it. parts: the source's own name, folders, file name: what a layout is read from.
    path: where it lies. land: writes it to a new file; None where it is read in place. It raises UnusableError for
    this file alone, DataError where the whole source is refused, OSError where the disk does.
    """

    name: str
    parts: tuple[str, ...]
    path: Path
    land: Callable[[Path], object] | None = None


@dataclass(frozen=True)
class CandidateSet:
    """All that a source offers. name: its own, for people; empty for uploads without a common one."""

    name: str
    offers: list[Candidate]
    dropped: list[Dropped]


def dropped(name: str, reason: object) -> Dropped:
    """Both fit to be shown: one line each."""
    return Dropped(one_line(name, LONGEST_NAME), one_line(reason))


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVES)


def without_junk(offers: Iterable[Candidate]) -> tuple[list[Candidate], list[Dropped]]:
    """Leave out hidden files and those that systems add, named together: nobody put them there."""
    kept: list[Candidate] = []
    junk: list[Candidate] = []
    for offer in offers:
        # The source's own name is the user's choice.
        added = any(part.startswith(".") or part.lower() in SYSTEM_NAMES for part in offer.parts[1:])
        (junk if added else kept).append(offer)
    if not junk:
        return kept, []
    more = f" and {len(junk) - 1} more" if len(junk) > 1 else ""
    return kept, [dropped(junk[0].name[: LONGEST_NAME - 20] + more, "hidden, or added by the system")]
