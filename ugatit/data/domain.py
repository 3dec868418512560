"""A domain: its training pictures, its held-out pictures, and the files that were dropped."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Side = Literal["a", "b"]
"""Which part of a source with trainA and trainB a domain takes."""
SIDES: tuple[Side, Side] = ("a", "b")


@dataclass(frozen=True)
class Picture:
    """A picture file that was decoded completely once.

    size: (width, height) in pixels after EXIF rotation. digest: hash of the decoded pixels; equal for equal pictures.
    labels: 1 or 0 for each of the domain's attributes; empty if it has none.
    """

    path: Path
    size: tuple[int, int]
    digest: str
    labels: tuple[int, ...] = ()


@dataclass(frozen=True)
class Dropped:
    """A file that is not used: its name as the user knows it, and the reason in one line."""

    name: str
    reason: str


@dataclass(frozen=True)
class Domain:
    """The pictures of a domain.

    name: the default display name, without special characters. source: the user's source string, or the uploads'
    names. held_out: pictures that are never trained on, from a test folder or a tenth set aside.
    attributes: names of what an attribute table says of each picture; empty without a table.
    """

    name: str
    source: str
    training: tuple[Picture, ...]
    held_out: tuple[Picture, ...]
    dropped: tuple[Dropped, ...]
    attributes: tuple[str, ...] = ()

    def moved(self, old: Path, new: Path) -> "Domain":
        """Return the domain with its paths updated after the folder `old` was renamed to `new`."""

        def updated(picture: Picture) -> Picture:
            inside = picture.path.is_relative_to(old)
            return replace(picture, path=new / picture.path.relative_to(old)) if inside else picture

        return replace(self, training=tuple(map(updated, self.training)), held_out=tuple(map(updated, self.held_out)))
