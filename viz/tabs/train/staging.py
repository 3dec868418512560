"""Domains that a person has brought and not yet trained on: understood at once, kept until the page is closed."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from uuid import uuid4

from ugatit.data.domain import Domain, Dropped, Picture, Side
from ugatit.data.hub import PREFIX
from ugatit.data.ingest import ingest
from ugatit.data.scenes import scene
from ugatit.data.sources import SceneSource, is_drawn, source_name
from ugatit.data.warnings import data_warnings
from ugatit.errors import DataError, PictureError, TranslationError
from viz.i18n.schema import Words
from viz.tabs.access import AccessError
from viz.tabs.events import new_file
from viz.tabs.inputs import check_size
from viz.thumbnails import MOST, SIDE, ThumbnailStrip, scene_strip, thumbnail_strip


@dataclass(frozen=True)
class StagedDomain:
    """What stands ready for one side. domain: None for drawn scenes. folder: where pictures were put."""

    source: str
    name: str
    domain: Domain | None
    folder: Path

    def strip(self, fit: str, words: Words) -> ThumbnailStrip:
        if self.domain is not None:
            return thumbnail_strip(self.domain, words, fit)
        return scene_strip([scene(self.name, seed, SIDE)[0] for seed in range(MOST)], self.name, words)

    def settle(self, run: Path, side: Side) -> list[str]:
        """Give the run pictures of its own, and return the options that name them.

        Pictures in a folder of this machine stay where they are. Raises DataError where the disk refuses.
        """
        if self.domain is None or not self._is_ours(self.domain.training[0]):
            return [f"--domain-{side}={self.source}"]
        learned, watched = run / "data" / side, run / "data" / f"{side}-held-out"
        try:
            _link(self.domain.training, learned)
            _link(self.domain.held_out, watched)
        except OSError as error:
            raise DataError(f"The pictures could not be put into {run}: {error.strerror}.") from error
        held_out = [f"--test-{side}={watched}"] if self.domain.held_out else []
        return [f"--domain-{side}={learned}", *held_out]

    def _is_ours(self, picture: Picture) -> bool:
        return picture.path.is_relative_to(self.folder)


class StagingArea:
    """What all open pages have brought, by a token that each page keeps.

    folders: whether a source may be a folder or zip of this machine.
    """

    def __init__(self, folders: bool = True) -> None:
        self.folders = folders
        self._staged: dict[str, StagedDomain] = {}
        self._lock = Lock()

    def put(self, source: str | Sequence[Path], side: Side) -> tuple[str, StagedDomain]:
        """Understand a source and keep it. Raises DataError, or AccessError for a folder where none may be named."""
        staged = understood(source, side, self.folders)
        token = uuid4().hex
        with self._lock:
            self._staged[token] = staged
        return token, staged

    def get(self, token: str) -> StagedDomain | None:
        with self._lock:
            return self._staged.get(token)

    def warnings(self, tokens: tuple[str, str], names: tuple[str, str] = ("", "")) -> list[str]:
        """Warnings about the pair, a sentence each; none while a side is missing or drawn.

        names: what to call the domains, where they are to be called otherwise.
        """
        pair = []
        for token, name in zip(tokens, names, strict=True):
            staged = self.get(token)
            if staged is None or staged.domain is None:
                return []
            pair.append(replace(staged.domain, name=name or staged.domain.name))
        return data_warnings(*pair)

    def drop(self, token: str) -> None:
        """Forget what a page brought, and delete what was unpacked for it."""
        with self._lock:
            staged = self._staged.pop(token, None)
        if staged is not None:
            shutil.rmtree(staged.folder.parent, ignore_errors=True)


def understood(source: str | Sequence[Path], side: Side, folders: bool) -> StagedDomain:
    """A source as it will be trained on: uploaded files, `hub:…`, `scenes:…`, or a folder or zip of this machine.

    Raises DataError, or AccessError for a folder or zip where `folders` does not allow it.
    """
    folder = new_file("pictures")
    try:
        if not isinstance(source, str):
            return _uploaded(source, folder, side)
        text = source.strip()
        if is_drawn(text):
            return StagedDomain(text, SceneSource(source_name(text), SIDE).kind, None, folder)
        if not text.startswith(PREFIX) and not folders:
            raise AccessError(f"{text!r} cannot be read here: upload pictures or a zip, or name hub:owner/name.")
        domain = ingest(text, folder, side)
        return StagedDomain(text, domain.name, domain, folder)
    except TranslationError:
        shutil.rmtree(folder.parent, ignore_errors=True)
        raise


def _uploaded(files: Sequence[Path], folder: Path, side: Side) -> StagedDomain:
    """Uploaded files, those left out that are too large for a picture."""
    good, large = [], []
    for file in files:
        try:
            if file.suffix.lower() != ".zip":
                check_size(file)
            good.append(file)
        except PictureError as error:
            large.append(Dropped(file.name, str(error).removeprefix(f"{file.name!r} ")))
    if not good:
        raise DataError(f"{large[0].name}: {large[0].reason}")
    domain = ingest(good, folder, side)
    return StagedDomain(domain.source, domain.name, replace(domain, dropped=(*domain.dropped, *large)), folder)


def _link(pictures: Sequence[Picture], folder: Path) -> None:
    """The pictures under their own names in a folder: the same bytes on the disk where it can do that, else copies."""
    if pictures:
        folder.mkdir(parents=True)
    for picture in pictures:
        place = folder / picture.path.name
        try:
            os.link(picture.path, place)
        except OSError:
            shutil.copyfile(picture.path, place)
