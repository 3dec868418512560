"""Parse source strings: `scenes:disc`, `hub:owner/name[:split[:label]]`, or the path of a folder or zip."""

import re
from dataclasses import dataclass
from pathlib import Path

from ugatit.data.domain import Side
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


def is_drawn(text: str) -> bool:
    """Return whether a source string names drawn scenes, `scenes:KIND`."""
    return text.startswith(SCENES_PREFIX)


def is_hub(text: str) -> bool:
    """Return whether a source string names a Hub dataset, `hub:owner/name`."""
    return text.startswith(HUB_PREFIX)


def source_name(text: str, side: Side = "a") -> str:
    """Return a domain's name from its source string alone: the kind of scene, or the folder's, zip's or label's name.

    A folder, a zip or the parent of trainA called horse2zebra gives "horse" for side a and "zebra" for side b.
    """
    if is_drawn(text):
        return text.removeprefix(SCENES_PREFIX)
    if is_hub(text):
        source = HubSource.parse(text)
        return domain_name([source.name], "b" if letter_of(source.split) == "b" else side, letter_of(source.split))
    path = Path(text).expanduser().absolute()
    letter = letter_of(path.name)
    if letter:
        return domain_name([path.parent.name], "b" if letter == "b" else "a", letter)
    return domain_name([path.name], side)
