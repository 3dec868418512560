"""What a source comes to: the pictures of one domain, and what was left out of it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Side = Literal["a", "b"]


@dataclass(frozen=True)
class Picture:
    """A picture that was decoded once, as a whole.

    size: (width, height) in pixels, upright. digest: of the decoded pixels, equal for equal pictures.
    """

    path: Path
    size: tuple[int, int]
    digest: str


@dataclass(frozen=True)
class Dropped:
    """What is not used: the name its owner knows it by, and why, in one line."""

    name: str
    reason: str


@dataclass(frozen=True)
class Domain:
    """One side of a pair.

    name: what to call it unless the user says: plain words. source: what the user wrote, or the uploads' names.
    held_out: pictures that training never shows: a test folder's, or a tenth set aside.
    """

    name: str
    source: str
    training: tuple[Picture, ...]
    held_out: tuple[Picture, ...]
    dropped: tuple[Dropped, ...]

    def moved(self, here: Path, there: Path) -> "Domain":
        """The same after the folder `here` has become `there`."""

        def at(picture: Picture) -> Picture:
            inside = picture.path.is_relative_to(here)
            return replace(picture, path=there / picture.path.relative_to(here)) if inside else picture

        return replace(self, training=tuple(map(at, self.training)), held_out=tuple(map(at, self.held_out)))
