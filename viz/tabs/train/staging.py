"""Domains that visitors uploaded or named: checked at once, and kept until a run uses them or the page is closed."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from uuid import uuid4

from ugatit.data.domain import SIDES, Domain, Dropped, Picture, Side
from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet
from ugatit.data.ingest import ingest, ingest_folders
from ugatit.data.pairs import ingest_pairs
from ugatit.data.scenes import scene
from ugatit.data.source_string import is_drawn, is_face, is_hub, source_name
from ugatit.data.sources import SceneSource
from ugatit.data.warnings import data_warnings
from ugatit.errors import DataError, PictureError, TranslationError
from viz.i18n.schema import Words
from viz.tabs.access import AccessError
from viz.tabs.events import new_file
from viz.tabs.inputs import check_size
from viz.thumbnails import MAX_THUMBNAILS, SIDE, ThumbnailStrip, face_strip, scene_strip, thumbnail_strip


@dataclass(frozen=True)
class StagedDomain:
    """A domain that is ready for training. domain: None for drawn pictures. folder: of the unpacked pictures."""

    source: str
    name: str
    domain: Domain | None
    folder: Path

    def strips(self, fit: str, words: Words) -> tuple[ThumbnailStrip, ...]:
        """Return thumbnails of the domain. fit: how pictures are made square."""
        if self.domain is not None:
            return (thumbnail_strip(self.domain, words, fit),)
        if is_face(self.source):
            faces = FaceSet.parse(self.source)
            drawn = [faces.draw(FIRST_HELD_OUT + number, SIDE) for number in range(MAX_THUMBNAILS)]
            return (face_strip(drawn, faces, words),)
        scenes = [scene(self.name, seed, SIDE)[0] for seed in range(MAX_THUMBNAILS)]
        return (scene_strip(scenes, self.name, words),)

    def data_options(self, run: Path, side: Side) -> list[str]:
        """Copy the unpacked pictures into the run's folder, and return the options that name them.

        Pictures from a local folder are not copied. Raises DataError where the pictures cannot be written.
        """
        if self.domain is None or not self._is_unpacked(self.domain.training[0]):
            return [f"--domain-{side}={self.source}"]
        training, held_out = run / "data" / side, run / "data" / f"{side}-held-out"
        try:
            _link(self.domain.training, training)
            _link(self.domain.held_out, held_out)
        except OSError as error:
            raise DataError(f"The pictures could not be put into {run}: {error.strerror}.") from error
        test_options = [f"--test-{side}={held_out}"] if self.domain.held_out else []
        return [f"--domain-{side}={training}", *test_options]

    def _is_unpacked(self, picture: Picture) -> bool:
        return picture.path.is_relative_to(self.folder)


@dataclass(frozen=True)
class StagedFolders:
    """The domains of a source with a folder for each, ready for training. folder: of the unpacked pictures."""

    source: str
    name: str
    domains: tuple[Domain, ...]
    folder: Path

    def strips(self, fit: str, words: Words) -> tuple[ThumbnailStrip, ...]:
        """Return thumbnails of each domain, counted under its name. fit: how pictures are made square."""
        strips = [(domain.name, thumbnail_strip(domain, words, fit)) for domain in self.domains]
        return tuple(replace(strip, counts=f"{name}: {strip.counts}") for name, strip in strips)

    def data_options(self, run: Path) -> list[str]:
        """Copy the unpacked pictures into the run's folder, and return the option that names them.

        Pictures from a local folder are not copied. Raises DataError where the pictures cannot be written.
        """
        if not self.domains[0].training[0].path.is_relative_to(self.folder):
            return [f"--data={self.source}"]
        root = run / "data" / "uploaded"
        try:
            for domain in self.domains:
                _link(domain.training, root / domain.name / "train")
                _link(domain.held_out, root / domain.name / "test")
        except OSError as error:
            raise DataError(f"The pictures could not be put into {run}: {error.strerror}.") from error
        return [f"--data={root}"]


@dataclass(frozen=True)
class StagedPairs:
    """Pairs that are ready for training. domains: None for drawn faces. folder: of the unpacked pictures."""

    source: str
    name: str
    domains: tuple[Domain, Domain] | None
    folder: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the two domains; empty for drawn ones, which are named when they are drawn."""
        return tuple(domain.name for domain in self.domains or ())

    @property
    def side_by_side(self) -> bool:
        """Whether a file shows both pictures of a pair."""
        return self.domains is not None and self.domains[0].training[0].path == self.domains[1].training[0].path

    def strips(self, fit: str, words: Words) -> tuple[ThumbnailStrip, ...]:
        """Return thumbnails of both domains, counted under their names. fit: how pictures are made square."""
        if self.domains is None:
            sides = FaceSet.parse(self.source).line_pair()
            return tuple(
                face_strip([side.draw(FIRST_HELD_OUT + n, SIDE) for n in range(MAX_THUMBNAILS)], side, words)
                for side in sides
            )
        strips = []
        for number, domain in enumerate(self.domains):
            strip = thumbnail_strip(domain, words, fit, half=number if self.side_by_side else None)
            strips.append(replace(strip, counts=f"{domain.name}: {strip.counts}"))
        return tuple(strips)

    def data_options(self, run: Path) -> list[str]:
        """Copy the unpacked pictures into the run's folder, and return the option that names them.

        Pictures from a local folder are not copied. Raises DataError where the pictures cannot be written.
        """
        if self.domains is None or not self.domains[0].training[0].path.is_relative_to(self.folder):
            return [f"--data={self.source}"]
        root = run / "data" / "uploaded"
        try:
            for side, domain in zip(SIDES, self.domains[: 1 if self.side_by_side else 2], strict=False):
                for kind, pictures in (("train", domain.training), ("test", domain.held_out)):
                    _link(pictures, root / kind if self.side_by_side else root / kind / side.upper())
        except OSError as error:
            raise DataError(f"The pictures could not be put into {run}: {error.strerror}.") from error
        return [f"--data={root}"]


Staged = StagedDomain | StagedFolders | StagedPairs


def data_options(run: Path, *staged: Staged) -> list[str]:
    """Copy the unpacked pictures into a run's folder, and return the options that name both domains, or all of them.

    Raises DataError where the pictures cannot be written.
    """
    options: list[str] = []
    for number, one in enumerate(staged):
        options += one.data_options(run, SIDES[number]) if isinstance(one, StagedDomain) else one.data_options(run)
    return options


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

    def put_folders(self, source: str | Sequence[Path]) -> tuple[str, StagedFolders]:
        """Check a source with a folder for each domain and keep it under a new token. Raises the errors of `put`."""
        staged = stage_folders(source, self.local_folders)
        return self._keep(staged), staged

    def put_pairs(self, source: str | Sequence[Path]) -> tuple[str, StagedPairs]:
        """Check a source of pairs and keep it under a new token. Raises the errors of `put`."""
        staged = stage_pairs(source, self.local_folders)
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
        """Return warnings about the domains of a single source, a sentence each."""
        staged = self.get(token)
        if isinstance(staged, StagedFolders):
            return data_warnings(*staged.domains)
        # Of pairs both domains have as many pictures: what is said of one goes for both.
        return data_warnings(staged.domains[0]) if isinstance(staged, StagedPairs) and staged.domains else []

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


def stage_domain(source: str | Sequence[Path], side: Side, local_folders: bool) -> StagedDomain:
    """Read a source: uploaded files, `hub:…`, `scenes:…`, `faces:…`, or a folder or zip on this machine.

    Raises DataError, or AccessError for a folder or zip unless `local_folders`.
    """
    folder = new_file("pictures")
    try:
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
    except TranslationError:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise


def stage_folders(source: str | Sequence[Path], local_folders: bool) -> StagedFolders:
    """Read a source with a folder for each domain: uploaded files, `hub:…`, or a folder or zip on this machine.

    Raises DataError, or AccessError for a folder or zip unless `local_folders`.
    """
    folder = new_file("pictures")
    try:
        source, text, name = _named(source, local_folders)
        return StagedFolders(text, name, ingest_folders(source, folder), folder)
    except TranslationError:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise


def stage_pairs(source: str | Sequence[Path], local_folders: bool) -> StagedPairs:
    """Read a source of pairs: uploaded files, `hub:…`, `faces:…`, or a folder or zip on this machine.

    Raises DataError, or AccessError for a folder or zip unless `local_folders`.
    """
    folder = new_file("pictures")
    try:
        if isinstance(source, str) and is_face(text := source.strip()):
            faces = FaceSet.parse(text)
            for side in faces.line_pair():
                side.draw(FIRST_HELD_OUT, SIDE)
            return StagedPairs(text, faces.full_name, None, folder)
        source, text, name = _named(source, local_folders)
        return StagedPairs(text, name, ingest_pairs(source, folder), folder)
    except TranslationError:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise


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


def _link(pictures: Sequence[Picture], folder: Path) -> None:
    """Put pictures under their own names into a new folder: hard links where the disk allows it, else copies."""
    if pictures:
        folder.mkdir(parents=True)
    for picture in pictures:
        target = folder / picture.path.name
        try:
            os.link(picture.path, target)
        except OSError:
            shutil.copyfile(picture.path, target)
