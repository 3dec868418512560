"""The published folder layout (trainA, trainB, testA, testB): each side's files, and a domain's name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ugatit.data.candidates import Candidate, dropped
from ugatit.data.domain import Dropped, Side
from ugatit.text import is_plain, unused_name

LETTERED_FOLDER = re.compile(r"(train|test)[_-]?([ab])(?:\.zip)?", re.IGNORECASE)
TRAIN_FOLDERS = frozenset({"train", "training"})
TEST_FOLDERS = frozenset({"test", "testing", "val", "valid", "validation"})
PAIR_NAME = re.compile(r"(\w[\w -]*[^\W\d])2([^\W\d][\w -]+)")
"""Two domains in one name, as in horse2zebra."""
MAX_NAME_LENGTH = 60
OUTSIDE_DOMAINS = "lies outside the domains' folders"


@dataclass(frozen=True)
class FolderRole:
    """The purpose of a folder. kind: train or test. letter: a, b or empty. depth: number of folders above it."""

    kind: str
    letter: str
    depth: int


@dataclass(frozen=True)
class LayoutSplit:
    """The files of one side of a pair. held_out: files of a test folder beside the training folder."""

    name: str
    training: list[Candidate]
    held_out: list[Candidate]
    dropped: list[Dropped]


def split_by_layout(candidates: Iterable[Candidate], side: Side, name: str) -> LayoutSplit:
    """Select one side's files by the folders that contain them, at any depth of the source.

    A source with trainA and trainB gives the side's own files; with only one of them, that one's. Folders train and
    test beside each other split a single domain. Without either, all files are for training. name: the source's own.
    """
    with_roles = [(candidate, _role(candidate.parts[:-1])) for candidate in candidates]
    letters = {role.letter for _, role in with_roles if role and role.kind == "train" and role.letter}
    kinds = {role.kind for _, role in with_roles if role and not role.letter}
    if letters:
        letter = side if side in letters else min(letters)
    elif kinds == {"train", "test"}:
        letter = ""
    else:
        return LayoutSplit(domain_name([name], side), [candidate for candidate, _ in with_roles], [], [])
    selected: dict[str, list[Candidate]] = {"train": [], "test": []}
    outside = []
    names = [name]
    for candidate, role in with_roles:
        if role is None or bool(role.letter) != bool(letter):
            outside.append(dropped(candidate.name, "lies outside the training and test folders"))
        elif role.letter == letter:
            selected[role.kind].append(candidate)
            if letter and role.kind == "train":
                names = [name, *candidate.parts[: role.depth]]
    split_name = domain_name(names, "b" if letter == "b" else "a", letter) if letter else domain_name(names, side)
    return LayoutSplit(split_name, selected["train"], selected["test"], outside)


def _role(folders: Sequence[str]) -> FolderRole | None:
    """Return the role of the outermost folder that has one; the source's own name counts only with a letter."""
    for depth, folder in enumerate(folders):
        if match := LETTERED_FOLDER.fullmatch(folder):
            return FolderRole(match[1].lower(), match[2].lower(), depth)
        if depth and folder.lower() in TRAIN_FOLDERS | TEST_FOLDERS:
            return FolderRole("train" if folder.lower() in TRAIN_FOLDERS else "test", "", depth)
    return None


def split_by_domain(candidates: Iterable[Candidate]) -> tuple[dict[str, LayoutSplit], list[Dropped]]:
    """Return the files of each domain of a source with a folder for each, by name in order, and the files outside.

    The folders may be at the top (`cat/1.png`), inside train and test (`train/cat/1.png`), or contain those
    (`cat/train/1.png`); a single folder around all of it is skipped, and the parts before the first folder are the
    source's own name.
    """
    files = [(candidate, candidate.parts[1:-1]) for candidate in candidates]
    inside, outside = [], []
    for candidate, folders in files:
        if folders:
            inside.append((candidate, folders))
        else:
            outside.append(dropped(candidate.name, OUTSIDE_DOMAINS))
    tops = {folders[0] for _, folders in inside}
    if len(tops) == 1 and any(len(folders) > 1 for _, folders in inside):
        # Loose files beside the domains' folders, such as notes, do not count.
        outside += [dropped(candidate.name, OUTSIDE_DOMAINS) for candidate, folders in inside if len(folders) == 1]
        inside = [(candidate, folders[1:]) for candidate, folders in inside if len(folders) > 1]
        tops = {folders[0] for _, folders in inside}
    kinds_first = bool(tops) and {top.lower() for top in tops} <= TRAIN_FOLDERS | TEST_FOLDERS
    groups: dict[str, list[Candidate]] = {}
    for candidate, folders in inside:
        # The name comes first, as a source's own name does; then the layout inside can be split as of any source.
        parts = (*folders[1:2], folders[0], *folders[2:]) if kinds_first else folders
        if kinds_first and len(folders) < 2:
            outside.append(dropped(candidate.name, OUTSIDE_DOMAINS))
        else:
            groups.setdefault(parts[0], []).append(replace(candidate, parts=(*parts, candidate.parts[-1])))
    splits: dict[str, LayoutSplit] = {}
    for folder in sorted(groups):
        split = split_by_layout(groups[folder], "a", folder)
        name = unused_name(plain_name(folder) or "A", splits)
        splits[name] = replace(split, name=name)
    return splits, outside


def letter_of(folder: str) -> str:
    """Return "a" or "b" for folder names such as trainA and testB, else an empty string."""
    match = LETTERED_FOLDER.fullmatch(folder)
    return match[2].lower() if match else ""


def domain_name(names: Sequence[str], side: Side, letter: str = "") -> str:
    """Return a domain's name: its half of the innermost name like horse2zebra, else its letter, else the last name.

    names: folder names, outermost first.
    """
    for name in reversed(names):
        if match := PAIR_NAME.fullmatch(strip_zip_suffix(name)):
            return plain_name(match[1 if side == "a" else 2]) or side.upper()
    return letter.upper() or (plain_name(strip_zip_suffix(names[-1])) if names else "") or side.upper()


def strip_zip_suffix(name: str) -> str:
    """Return a file name without its .zip suffix; other suffixes stay."""
    return name[:-4] if name.lower().endswith(".zip") else name


def plain_name(text: str) -> str:
    """Return a text made safe as a label, folder name or option value: visible, short, without slashes."""
    visible = "".join(c for c in text if is_plain(c, 1) and c not in "/\\")
    return visible.strip(" .-")[:MAX_NAME_LENGTH].strip()
