"""What a source offers, whatever kind of source it is."""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from ugatit.data.archives import Archive
from ugatit.data.candidates import Candidate, CandidateSet, UnusableError, dropped, is_archive
from ugatit.data.domain import Dropped
from ugatit.data.folders import folder_candidates
from ugatit.data.hub import PREFIX, HubSource, fetched
from ugatit.data.layout import letter_of
from ugatit.errors import DataError
from ugatit.text import one_line

Source = str | Path | Sequence[Path]
"""A folder or zip, `hub:owner/name[:split[:label]]`, or uploaded files."""


def collect_candidates(source: Source, archives: ExitStack) -> CandidateSet:
    """The files of a source. Zips stay open as long as `archives`.

    Raises DataError for a source that is not there, cannot be read, or is hostile as a whole.
    """
    if not isinstance(source, str | Path):
        return _from_uploads(source, archives)
    if str(source).startswith(PREFIX):
        return _from_hub(HubSource.read(str(source)), archives)
    if not str(source).strip():
        raise DataError("A source without a name: name a folder of pictures, a zip, or hub:owner/name.")
    try:
        path = Path(source).expanduser().absolute()
        if path.is_dir():
            return _from_folder(path)
        if path.is_file():
            archive = archives.enter_context(Archive(path, one_line(source)))
            return CandidateSet(path.name, *archive.offers((path.name,)))
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, a user unknown
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
    # Of the published layout one folder is named: the test folder beside it belongs to it.
    offers, left_out = folder_candidates(folder, (folder.parent.name, folder.name))
    for beside in sorted(folder.parent.iterdir()):
        if beside.is_dir() and beside.name.lower().startswith("test") and letter_of(beside.name) == letter:
            more, unread = folder_candidates(beside, (folder.parent.name, beside.name))
            offers, left_out = offers + more, left_out + unread
    return CandidateSet(folder.parent.name, offers, left_out)


def _from_uploads(files: Sequence[Path], archives: ExitStack) -> CandidateSet:
    offers: list[Candidate] = []
    left_out: list[Dropped] = []
    for path in files:
        if path.name.lower().endswith(".zip"):
            archive = archives.enter_context(Archive(path, path.name))
            prefix = f"{path.name}/" if len(files) > 1 else ""
            inside, flawed = archive.offers((path.name,), prefix)
            offers, left_out = offers + inside, left_out + flawed
        elif is_archive(path.name):
            left_out.append(dropped(path.name, "an archive that is not read here: pack it as a zip"))
        else:
            offers.append(Candidate(path.name, (path.name,), path, partial(_copy, path)))
    return CandidateSet(files[0].name if len(files) == 1 else "", offers, left_out)


def _from_hub(source: HubSource, archives: ExitStack) -> CandidateSet:
    offers: list[Candidate] = []
    left_out: list[Dropped] = []
    for parts, path in fetched(source):
        name = "/".join(parts)
        if name.lower().endswith(".zip"):
            inside, flawed = archives.enter_context(Archive(path, name)).offers(parts, f"{name}/")
            offers, left_out = offers + inside, left_out + flawed
        else:
            offers.append(Candidate(name, parts, path, partial(_copy, path)))
    chosen = set(source.chosen(offer.parts for offer in offers))
    # The data set's name goes first, as a folder's own does.
    own = source.repository.split("/")[1]
    kept = [Candidate(o.name, (own, *o.parts), o.path, o.land) for o in offers if o.parts in chosen]
    return CandidateSet(source.name, kept, left_out)


def _copy(path: Path, target: Path) -> None:
    """Write a file's copy. Raises UnusableError where it cannot be read, OSError where the copy cannot be written."""
    if not path.is_file():
        raise UnusableError("not a file, or gone")
    try:
        source = path.open("rb")
    except OSError as error:
        raise UnusableError(f"cannot be read: {error.strerror}") from error
    with source, target.open("xb") as copy:
        shutil.copyfileobj(source, copy)
