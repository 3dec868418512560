"""Parse source strings: `scenes:disc`, `faces:lorelei`, `hub:owner/name[:split[:label]]`, or a folder or zip."""

import re
from dataclasses import dataclass
from pathlib import Path

from ugatit.data.domain import Side
from ugatit.data.face_set import FACES_PREFIX, FaceSet
from ugatit.data.layout import domain_name, letter_of
from ugatit.errors import DataError
from ugatit.text import one_line

SCENES_PREFIX = "scenes:"
HUB_PREFIX = "hub:"
HUB_SOURCE = re.compile(r"hub:(\w[\w.-]*/\w[\w.-]*)(?::([^:]+))?(?::([^:]+))?")
SPLITS = frozenset({"train", "test", "validation", "val"})


@dataclass(frozen=True)
class HubSource:
    """A parsed `hub:owner/name[:split[:label]]`. split, label: folders of the dataset, or empty."""

    repository: str
    split: str = ""
    label: str = ""

    @classmethod
    def parse(cls, text: str) -> "HubSource":
        """Parse a source string. Raises DataError if it does not have this form."""
        match = HUB_SOURCE.fullmatch(text)
        if match is None:
            raise DataError(f"{one_line(text)} names no data set: write hub:owner/name, hub:owner/name:split:label.")
        return cls(match[1], match[2] or "", match[3] or "")

    @property
    def name(self) -> str:
        """The display name: the label, else the split if it is no usual split, else the dataset's name."""
        label_in_split = self.split if self.split.lower() not in SPLITS and not letter_of(self.split) else ""
        return self.label or label_in_split or self.repository.split("/")[1]


def is_scene(text: str) -> bool:
    """Return whether a source string names drawn scenes, `scenes:KIND`."""
    return text.startswith(SCENES_PREFIX)


def is_face(text: str) -> bool:
    """Return whether a source string names drawn faces, `faces:STYLE[,ATTRIBUTE=VALUE...]`."""
    return text.startswith(FACES_PREFIX)


def is_drawn(text: str) -> bool:
    """Return whether a source string names drawn pictures, scenes or faces, and no files."""
    return is_scene(text) or is_face(text)


def is_hub(text: str) -> bool:
    """Return whether a source string names a Hub dataset, `hub:owner/name`."""
    return text.startswith(HUB_PREFIX)


def source_name(text: str, side: Side = "a") -> str:
    """Return a domain's name from its source string alone.

    It is the kind of scene, the style of faces, or the name of the folder, zip or label.
    A folder, a zip or the parent of trainA called horse2zebra gives "horse" for side a and "zebra" for side b.
    """
    if is_scene(text):
        return text.removeprefix(SCENES_PREFIX)
    if is_face(text):
        return FaceSet.parse(text).name
    if is_hub(text):
        source = HubSource.parse(text)
        return domain_name([source.name], "b" if letter_of(source.split) == "b" else side, letter_of(source.split))
    path = Path(text).expanduser().absolute()
    letter = letter_of(path.name)
    if letter:
        return domain_name([path.parent.name], "b" if letter == "b" else "a", letter)
    return domain_name([path.name], side)
