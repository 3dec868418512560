"""Collect the candidate pictures of any source: a folder, a zip, uploaded files or a Hub dataset."""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from ugatit.data.archives import Archive
from ugatit.data.candidates import Candidate, CandidateSet, UnusableError, dropped, is_archive
from ugatit.data.domain import Dropped
from ugatit.data.folders import folder_candidates
from ugatit.data.hub import download_dataset, select_files
from ugatit.data.layout import letter_of
from ugatit.data.source_string import HubSource, is_hub
from ugatit.errors import DataError
from ugatit.text import one_line

Source = str | Path | Sequence[Path]
"""A folder or zip, `hub:owner/name[:split[:label]]`, or uploaded files."""


def collect_candidates(source: Source, archives: ExitStack) -> CandidateSet:
    """Return the files of a source.

    archives: keeps the source's zips open until it is closed. Raises DataError if the source does not exist, cannot be
    read, or is refused as a whole.
    """
    if not isinstance(source, str | Path):
        return _from_uploads(source, archives)
    if is_hub(str(source)):
        return _from_hub(HubSource.parse(str(source)), archives)
    if not str(source).strip():
        raise DataError("A source without a name: name a folder of pictures, a zip, or hub:owner/name.")
    try:
        path = Path(source).expanduser().absolute()
        if path.is_dir():
            return _from_folder(path)
        if path.is_file():
            archive = archives.enter_context(Archive(path, one_line(source)))
            return CandidateSet(path.name, *archive.candidates((path.name,)))
    except (OSError, RuntimeError, ValueError) as error:  # the name is too long, or its user is unknown
        if isinstance(error, DataError):
            raise
        raise DataError(f"{one_line(source)} cannot be looked at: {one_line(error)}.") from error
    raise DataError(
        f"There is no folder {one_line(source)}; name a folder of pictures, a zip, hub:owner/name, "
        "or scenes:disc, scenes:square."
    )


def _from_folder(folder: Path) -> CandidateSet:
    if not folder.name.lower().startswith("train") or not (letter := letter_of(folder.name)):
        return CandidateSet(folder.name, *folder_candidates(folder, (folder.name,)))
    # The folder is trainA or trainB of the published layout: the matching test folder beside it belongs to the source.
    candidates, left_out = folder_candidates(folder, (folder.parent.name, folder.name))
    for sibling in sorted(folder.parent.iterdir()):
        if sibling.is_dir() and sibling.name.lower().startswith("test") and letter_of(sibling.name) == letter:
            more, unreadable = folder_candidates(sibling, (folder.parent.name, sibling.name))
            candidates, left_out = candidates + more, left_out + unreadable
    return CandidateSet(folder.parent.name, candidates, left_out)


def _from_uploads(files: Sequence[Path], archives: ExitStack) -> CandidateSet:
    candidates: list[Candidate] = []
    left_out: list[Dropped] = []
    for path in files:
        if path.name.lower().endswith(".zip"):
            archive = archives.enter_context(Archive(path, path.name))
            prefix = f"{path.name}/" if len(files) > 1 else ""
            members, refused = archive.candidates((path.name,), prefix)
            candidates, left_out = candidates + members, left_out + refused
        elif is_archive(path.name):
            left_out.append(dropped(path.name, "an archive that is not read here: pack it as a zip"))
        else:
            candidates.append(Candidate(path.name, (path.name,), path, partial(_copy, path)))
    return CandidateSet(files[0].name if len(files) == 1 else "", candidates, left_out)


def _from_hub(source: HubSource, archives: ExitStack) -> CandidateSet:
    candidates: list[Candidate] = []
    left_out: list[Dropped] = []
    for parts, path in download_dataset(source):
        name = "/".join(parts)
        if name.lower().endswith(".zip"):
            members, refused = archives.enter_context(Archive(path, name)).candidates(parts, f"{name}/")
            candidates, left_out = candidates + members, left_out + refused
        else:
            candidates.append(Candidate(name, parts, path, partial(_copy, path)))
    selected = set(select_files(source, (candidate.parts for candidate in candidates)))
    # The dataset's name is the first part, as a folder's own name is.
    dataset = source.repository.split("/")[1]
    kept = [Candidate(c.name, (dataset, *c.parts), c.path, c.write_to) for c in candidates if c.parts in selected]
    return CandidateSet(source.name, kept, left_out)


def _copy(path: Path, target: Path) -> None:
    """Copy a file. Raises UnusableError if it cannot be read, OSError if the copy cannot be written."""
    if not path.is_file():
        raise UnusableError("not a file, or gone")
    try:
        source = path.open("rb")
    except OSError as error:
        raise UnusableError(f"cannot be read: {error.strerror}") from error
    with source, target.open("xb") as copy:
        shutil.copyfileobj(source, copy)
