"""List the files of a folder and its subfolders as candidates, which are read in place."""

import os
from pathlib import Path

from ugatit.data.candidates import Candidate, dropped, is_archive
from ugatit.data.domain import Dropped


def folder_candidates(folder: Path, parts: tuple[str, ...]) -> tuple[list[Candidate], list[Dropped]]:
    """Return the files of a folder sorted by name, and the subfolders and archives that are not read.

    parts: put before each candidate's parts. Links are followed, because datasets are often made of them, but no
    folder is entered twice, so a loop of links ends.
    """
    candidates: list[Candidate] = []
    left_out: list[Dropped] = []
    entered: set[tuple[int, int]] = set()
    pending: list[tuple[Path, tuple[str, ...]]] = [(folder, ())]
    while pending:
        current, inner = pending.pop()
        try:
            status = current.stat()
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            with os.scandir(current) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            left_out.append(dropped("/".join(inner) or str(folder), f"cannot be looked into: {error.strerror}"))
            continue
        for entry in entries:
            names = (*inner, entry.name)
            if _is_folder(entry):
                pending.append((Path(entry.path), names))
            elif is_archive(entry.name):
                left_out.append(dropped("/".join(names), "an archive in a folder: name the archive itself"))
            else:
                candidates.append(Candidate("/".join(names), parts + names, Path(entry.path)))
    return sorted(candidates, key=lambda candidate: candidate.parts), left_out


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    """Return whether an entry is a folder. A link in a loop of links is not; it is dropped when it is read."""
    try:
        return entry.is_dir()
    except OSError:
        return False
