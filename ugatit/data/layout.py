"""The published layout, trainA, trainB, testA, testB: which files belong to which side, and what it is called."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ugatit.data.candidates import Candidate, dropped
from ugatit.data.domain import Dropped, Side
from ugatit.text import is_plain

LETTERED = re.compile(r"(train|test)[_-]?([ab])(?:\.zip)?", re.IGNORECASE)
TRAIN = frozenset({"train", "training"})
TEST = frozenset({"test", "testing", "val", "valid", "validation"})
FROM_TO = re.compile(r"(\w[\w -]*[^\W\d])2([^\W\d][\w -]+)")
"""Two domains in one name, as in horse2zebra."""
LONGEST_NAME = 60


@dataclass(frozen=True)
class FolderRole:
    """What a folder is for. kind: train or test. letter: a, b, or nothing. depth: how many folders lie above it."""

    kind: str
    letter: str
    depth: int


@dataclass(frozen=True)
class LayoutSplit:
    """A source's files as one side of a pair. held_out: of a test folder beside the training folder."""

    name: str
    training: list[Candidate]
    held_out: list[Candidate]
    dropped: list[Dropped]


def split_by_layout(offers: Iterable[Candidate], side: Side, name: str) -> LayoutSplit:
    """Take one side's files by the folders they lie in, wherever in the source those are.

    Of trainA and trainB the side's own counts; where there is only one of them, that one. Folders train and test
    beside each other divide a single domain. Without either everything is training. name: the source's own.
    """
    placed = [(offer, _role(offer.parts[:-1])) for offer in offers]
    lettered = {role.letter for _, role in placed if role and role.kind == "train" and role.letter}
    kinds = {role.kind for _, role in placed if role and not role.letter}
    if lettered:
        letter = side if side in lettered else min(lettered)
    elif kinds == {"train", "test"}:
        letter = ""
    else:
        return LayoutSplit(domain_name([name], side), [offer for offer, _ in placed], [], [])
    chosen: dict[str, list[Candidate]] = {"train": [], "test": []}
    outside = []
    words = [name]
    for offer, role in placed:
        if role is None or bool(role.letter) != bool(letter):
            outside.append(dropped(offer.name, "lies outside the training and test folders"))
        elif role.letter == letter:
            chosen[role.kind].append(offer)
            if letter and role.kind == "train":
                words = [name, *offer.parts[: role.depth]]
    called = domain_name(words, "b" if letter == "b" else "a", letter) if letter else domain_name(words, side)
    return LayoutSplit(called, chosen["train"], chosen["test"], outside)


def _role(folders: Sequence[str]) -> FolderRole | None:
    """That of the outermost folder which has one; the source's own name only counts with a letter."""
    for depth, folder in enumerate(folders):
        if found := LETTERED.fullmatch(folder):
            return FolderRole(found[1].lower(), found[2].lower(), depth)
        if depth and folder.lower() in TRAIN | TEST:
            return FolderRole("train" if folder.lower() in TRAIN else "test", "", depth)
    return None


def letter_of(folder: str) -> str:
    """a or b for trainA, testB and their like, else nothing."""
    found = LETTERED.fullmatch(folder)
    return found[2].lower() if found else ""


def domain_name(words: Sequence[str], side: Side, letter: str = "") -> str:
    """What to call a domain: its half of the innermost name like horse2zebra, else its letter, else the last name.

    words: names from the outside in.
    """
    for word in reversed(words):
        if found := FROM_TO.fullmatch(stem(word)):
            return plain(found[1 if side == "a" else 2]) or side.upper()
    return letter.upper() or (plain(stem(words[-1])) if words else "") or side.upper()


def stem(name: str) -> str:
    return name[:-4] if name.lower().endswith(".zip") else name


def plain(text: str) -> str:
    """A text as it can stand on the page, in a folder's name and behind an option: visible, short, without slashes."""
    visible = "".join(c for c in text if is_plain(c, 1) and c not in "/\\")
    return visible.strip(" .-")[:LONGEST_NAME].strip()
