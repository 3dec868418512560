"""The files of a folder and its subfolders, read in place."""

import os
from pathlib import Path

from ugatit.data.candidates import Candidate, dropped, is_archive
from ugatit.data.domain import Dropped


def folder_candidates(folder: Path, parts: tuple[str, ...]) -> tuple[list[Candidate], list[Dropped]]:
    """The files of a folder by name, and what cannot be looked into.

    parts: names to put before theirs. Links are followed, as data sets often are made of them, but no folder is
    entered twice, so that a loop of links ends.
    """
    offers: list[Candidate] = []
    left_out: list[Dropped] = []
    entered: set[tuple[int, int]] = set()
    waiting: list[tuple[Path, tuple[str, ...]]] = [(folder, ())]
    while waiting:
        place, inner = waiting.pop()
        try:
            status = place.stat()
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            with os.scandir(place) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            left_out.append(dropped("/".join(inner) or str(folder), f"cannot be looked into: {error.strerror}"))
            continue
        for entry in entries:
            names = (*inner, entry.name)
            if _is_folder(entry):
                waiting.append((Path(entry.path), names))
            elif is_archive(entry.name):
                left_out.append(dropped("/".join(names), "an archive in a folder: name the archive itself"))
            else:
                offers.append(Candidate("/".join(names), parts + names, Path(entry.path)))
    return sorted(offers, key=lambda offer: offer.parts), left_out


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    """Whether a folder can be entered there. Not by a link in a ring of links: it is dropped when it is read."""
    try:
        return entry.is_dir()
    except OSError:
        return False
