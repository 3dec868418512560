"""Domains that visitors uploaded or named: checked at once, and kept until a run uses them or the page is closed."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from uuid import uuid4

from ugatit.data.domain import SIDES, Dropped, Side
from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet
from ugatit.data.ingest import ingest, ingest_folders
from ugatit.data.kinds import DataKind
from ugatit.data.labelled_sources import ingest_labelled
from ugatit.data.pairs import ingest_pairs
from ugatit.data.source_string import is_drawn, is_face, is_hub, source_name
from ugatit.data.sources import SceneSource
from ugatit.data.warnings import data_warnings
from ugatit.errors import DataError, PictureError, TranslationError
from viz.tabs.access import AccessError
from viz.tabs.events import new_file
from viz.tabs.inputs import check_size
from viz.tabs.train.staged import StagedDomain, StagedFolders, StagedPairs
from viz.tabs.train.staged_labels import StagedLabelled, attributes_of
from viz.thumbnails import SIDE

UPLOADED = ("uploaded", "uploaded-2")
"""The folders of a run's own copies of its sources, in `data`."""


Staged = StagedDomain | StagedFolders | StagedPairs | StagedLabelled
SourceStage = Callable[[str | Sequence[Path], bool], Staged]


def data_options(run: Path, *staged: Staged) -> list[str]:
    """Copy the unpacked pictures into a run's folder, and return the options that name both domains, or all sources.

    Raises DataError where the pictures cannot be written.
    """
    options: list[str] = []
    sources: list[str] = []
    for number, one in enumerate(staged):
        if isinstance(one, StagedDomain):
            options += one.data_options(run, SIDES[number])
            continue
        try:
            sources.append(one.put_into(run / "data" / UPLOADED[number]))
        except OSError as error:
            raise DataError(f"The pictures could not be put into {run}: {error.strerror}.") from error
    if len(sources) == 1:
        return [f"--data={sources[0]}"]
    # A path that begins like an option would be read as one.
    return ["--data", *(f"./{one}" if one.startswith("-") else one for one in sources)] if sources else options


class StagingArea:
    """The staged domains of all open pages. Each page keeps the tokens of its own.

    local_folders: whether a source may be a folder or zip on this machine.
    """

    def __init__(self, local_folders: bool = True) -> None:
        self.local_folders = local_folders
        self._staged: dict[str, Staged] = {}
        self._lock = Lock()

    def put(self, source: str | Sequence[Path], side: Side) -> tuple[str, StagedDomain]:
        """Check a source and keep it under a new token. Raises DataError, or AccessError as `stage_domain` does."""
        staged = stage_domain(source, side, self.local_folders)
        return self._keep(staged), staged

    def put_source(self, source: str | Sequence[Path], kind: DataKind) -> tuple[str, Staged]:
        """Check a source of several domains and keep it under a new token.

        kind: folders, pairs, or data with labels. Raises the errors of `put`.
        """
        staged = STAGES[kind](source, self.local_folders)
        return self._keep(staged), staged

    def _keep(self, staged: Staged) -> str:
        token = uuid4().hex
        with self._lock:
            self._staged[token] = staged
        return token

    def get(self, token: str) -> Staged | None:
        """Return what is staged under a token; None for an unknown one."""
        with self._lock:
            return self._staged.get(token)

    def source_warnings(self, token: str) -> list[str]:
        """Return warnings about the domains of a single source, a sentence each; none for drawn ones."""
        staged = self.get(token)
        if staged is None or isinstance(staged, StagedDomain) or not staged.domains:
            return []
        # Of pairs both domains have as many pictures: what is said of one goes for both.
        return data_warnings(*staged.domains[: 1 if isinstance(staged, StagedPairs) else None])

    def warnings(self, tokens: tuple[str, str], names: tuple[str, str] = ("", "")) -> list[str]:
        """Return warnings about the two domains, a sentence each; none while one is missing or drawn.

        names: names for the domains; empty for a domain's own.
        """
        pair = []
        for token, name in zip(tokens, names, strict=True):
            staged = self.get(token)
            if not isinstance(staged, StagedDomain) or staged.domain is None:
                return []
            pair.append(replace(staged.domain, name=name or staged.domain.name))
        return data_warnings(*pair)

    def drop(self, token: str) -> None:
        """Forget a domain, and delete the files that were unpacked for it."""
        with self._lock:
            staged = self._staged.pop(token, None)
        if staged is not None:
            shutil.rmtree(staged.folder.parent, ignore_errors=True)


@contextmanager
def _new_folder() -> Iterator[Path]:
    """Yield a folder for unpacked pictures, not made yet; what is in it goes if the source cannot be used."""
    folder = new_file("pictures")
    try:
        yield folder
    except TranslationError:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise


def stage_domain(source: str | Sequence[Path], side: Side, local_folders: bool) -> StagedDomain:
    """Read a source: uploaded files, `hub:…`, `scenes:…`, `faces:…`, or a folder or zip on this machine.

    Raises DataError, or AccessError for a folder or zip unless `local_folders`.
    """
    with _new_folder() as folder:
        if not isinstance(source, str):
            return _stage_upload(source, folder, side)
        text = source.strip()
        if is_face(text):
            faces = FaceSet.parse(text)
            faces.draw(FIRST_HELD_OUT, SIDE)
            return StagedDomain(text, faces.full_name, None, folder)
        if is_drawn(text):
            return StagedDomain(text, SceneSource(source_name(text), SIDE).kind, None, folder)
        _check_access(text, local_folders, "pictures or a zip")
        domain = ingest(text, folder, side)
        return StagedDomain(text, domain.name, domain, folder)


def stage_folders(source: str | Sequence[Path], local_folders: bool) -> StagedFolders:
    """Read a source with a folder for each domain: uploaded files, `hub:…`, or a folder or zip on this machine.

    Raises DataError, or AccessError for a folder or zip unless `local_folders`.
    """
    with _new_folder() as folder:
        source, text, name = _named(source, local_folders)
        return StagedFolders(text, name, ingest_folders(source, folder), folder)


def stage_pairs(source: str | Sequence[Path], local_folders: bool) -> StagedPairs:
    """Read a source of pairs: uploaded files, `hub:…`, `faces:…`, or a folder or zip on this machine.

    Raises DataError, or AccessError for a folder or zip unless `local_folders`.
    """
    with _new_folder() as folder:
        if isinstance(source, str) and is_face(text := source.strip()):
            faces = FaceSet.parse(text)
            for side in faces.line_pair():
                side.draw(FIRST_HELD_OUT, SIDE)
            return StagedPairs(text, faces.full_name, None, folder)
        source, text, name = _named(source, local_folders)
        return StagedPairs(text, name, ingest_pairs(source, folder), folder)


def stage_labelled(source: str | Sequence[Path], local_folders: bool) -> StagedLabelled:
    """Read data with labels: uploaded files, `hub:…`, `faces:…`, or a folder or zip on this machine.

    Raises DataError, or AccessError for a folder or zip unless `local_folders`.
    """
    with _new_folder() as folder:
        if isinstance(source, str) and is_face(text := source.strip()):
            faces = FaceSet.parse(text)
            faces.draw(FIRST_HELD_OUT, SIDE)
            return StagedLabelled(text, faces.full_name, (), attributes_of(faces), folder)
        source, text, name = _named(source, local_folders)
        domains = ingest_labelled(source, folder)
        return StagedLabelled(text, name, domains, domains[0].attributes, folder)


STAGES: Mapping[DataKind, SourceStage] = {
    DataKind.FOLDERS: stage_folders,
    DataKind.PAIRED: stage_pairs,
    DataKind.LABELLED: stage_labelled,
}
"""What reads a source of several domains, by its kind."""


def _named(source: str | Sequence[Path], local_folders: bool) -> tuple[str | Sequence[Path], str, str]:
    """Return a source, its text and its name. Raises AccessError as `_check_access` does."""
    if not isinstance(source, str):
        return source, ", ".join(file.name for file in source), source[0].stem
    text = source.strip()
    _check_access(text, local_folders, "a zip")
    return text, text, source_name(text)


def _check_access(source: str, local_folders: bool, uploads: str) -> None:
    """Raise AccessError, which says what can be uploaded instead, for a local source where those are not allowed."""
    if not is_hub(source) and not local_folders:
        raise AccessError(f"{source!r} cannot be read here: upload {uploads}, or name hub:owner/name.")


def _stage_upload(files: Sequence[Path], folder: Path, side: Side) -> StagedDomain:
    """Read uploaded files. Files that are too large for a picture are left out and listed as dropped."""
    accepted, too_large = [], []
    for file in files:
        try:
            if file.suffix.lower() != ".zip":
                check_size(file)
            accepted.append(file)
        except PictureError as error:
            too_large.append(Dropped(file.name, str(error).removeprefix(f"{file.name!r} ")))
    if not accepted:
        raise DataError(f"{too_large[0].name}: {too_large[0].reason}")
    domain = ingest(accepted, folder, side)
    return StagedDomain(domain.source, domain.name, replace(domain, dropped=(*domain.dropped, *too_large)), folder)
