"""What visitors uploaded or named, ready for training: a domain, folders of domains, or pairs."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from ugatit.data.domain import SIDES, Domain, Picture, Side
from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet
from ugatit.data.kinds import DataKind
from ugatit.data.scenes import scene
from ugatit.data.source_string import is_face
from ugatit.errors import DataError
from viz.i18n.schema import Words
from viz.thumbnails import MAX_THUMBNAILS, SIDE, ThumbnailStrip, face_strip, scene_strip, thumbnail_strip


@dataclass(frozen=True)
class StagedDomain:
    """A domain that is ready for training. domain: None for drawn pictures. folder: of the unpacked pictures."""

    kind: ClassVar[DataKind] = DataKind.PAIR
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
        if self.domain is None or not is_unpacked(self.domain, self.folder):
            return [f"--domain-{side}={self.source}"]
        training, held_out = run / "data" / side, run / "data" / f"{side}-held-out"
        try:
            link(self.domain.training, training)
            link(self.domain.held_out, held_out)
        except OSError as error:
            raise DataError(f"The pictures could not be put into {run}: {error.strerror}.") from error
        test_options = [f"--test-{side}={held_out}"] if self.domain.held_out else []
        return [f"--domain-{side}={training}", *test_options]


@dataclass(frozen=True)
class StagedFolders:
    """The domains of a source with a folder for each, ready for training. folder: of the unpacked pictures."""

    kind: ClassVar[DataKind] = DataKind.FOLDERS
    source: str
    name: str
    domains: tuple[Domain, ...]
    folder: Path

    def strips(self, fit: str, words: Words) -> tuple[ThumbnailStrip, ...]:
        """Return thumbnails of each domain, counted under its name. fit: how pictures are made square."""
        return folder_strips(self.domains, fit, words)

    def put_into(self, root: Path) -> str:
        """Copy the unpacked pictures into a new folder, and return the source to train on.

        Pictures from a local folder are not copied. Raises OSError where the pictures cannot be written.
        """
        return put_folders_into(root, self.domains) if is_unpacked(self.domains[0], self.folder) else self.source


@dataclass(frozen=True)
class StagedPairs:
    """Pairs that are ready for training. domains: None for drawn faces. folder: of the unpacked pictures."""

    kind: ClassVar[DataKind] = DataKind.PAIRED
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

    def put_into(self, root: Path) -> str:
        """Copy the unpacked pictures into a new folder, and return the source to train on.

        Pictures from a local folder are not copied. Raises OSError where the pictures cannot be written.
        """
        if self.domains is None or not is_unpacked(self.domains[0], self.folder):
            return self.source
        for side, domain in zip(SIDES, self.domains[: 1 if self.side_by_side else 2], strict=False):
            for kind, pictures in (("train", domain.training), ("test", domain.held_out)):
                link(pictures, root / kind if self.side_by_side else root / kind / side.upper())
        return str(root)


def folder_strips(domains: Sequence[Domain], fit: str, words: Words) -> tuple[ThumbnailStrip, ...]:
    """Return thumbnails of each domain, counted under its name. fit: how pictures are made square."""
    strips = [(domain.name, thumbnail_strip(domain, words, fit)) for domain in domains]
    return tuple(replace(strip, counts=f"{name}: {strip.counts}") for name, strip in strips)


def put_folders_into(root: Path, domains: Sequence[Domain]) -> str:
    """Put the pictures of domains into a new folder, each in one of its own, and return the folder.

    Raises OSError where they cannot be written.
    """
    for domain in domains:
        link(domain.training, root / domain.name / "train")
        link(domain.held_out, root / domain.name / "test")
    return str(root)


def is_unpacked(domain: Domain, folder: Path) -> bool:
    """Return whether the pictures of a domain were unpacked into a folder; else they are read in place."""
    return domain.training[0].path.is_relative_to(folder)


def link(pictures: Sequence[Picture], folder: Path) -> None:
    """Put pictures under their own names into a new folder: hard links where the disk allows it, else copies."""
    if pictures:
        folder.mkdir(parents=True)
    for picture in pictures:
        target = folder / picture.path.name
        try:
            os.link(picture.path, target)
        except OSError:
            shutil.copyfile(picture.path, target)
