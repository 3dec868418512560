"""A data set of the Hub as pictures: an image folder, its zips, or what the cache has of them."""

import glob
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ugatit.data.archives import LARGEST_ARCHIVE, MOST_MEMBERS
from ugatit.data.layout import letter_of, stem
from ugatit.errors import DataError
from ugatit.text import one_line

PREFIX = "hub:"
SOURCE = re.compile(r"hub:(\w[\w.-]*/\w[\w.-]*)(?::([^:]+))?(?::([^:]+))?")
SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".jp2", ".zip",
)  # fmt: skip
MOST_PATTERNS = 500
"""The client compares every file with every pattern; of more files their folders are named."""
SPLITS = frozenset({"train", "test", "validation", "val"})


@dataclass(frozen=True)
class HubSource:
    """`hub:owner/name[:split[:label]]`, read. split, label: folders of the data set, or nothing."""

    repository: str
    split: str = ""
    label: str = ""

    @classmethod
    def read(cls, text: str) -> "HubSource":
        """Raises DataError for what is not of that form."""
        found = SOURCE.fullmatch(text)
        if found is None:
            raise DataError(f"{one_line(text)} names no data set: write hub:owner/name, hub:owner/name:split:label.")
        return cls(found[1], found[2] or "", found[3] or "")

    @property
    def name(self) -> str:
        """What to call its pictures: the label, or a split that is one, or the data set."""
        own = self.split if self.split.lower() not in SPLITS and not letter_of(self.split) else ""
        return self.label or own or self.repository.split("/")[1]

    def chosen(self, files: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Those that lie in the split and the label, or may: a zip that is not open yet.

        files: each its folders, zips among them, and its name. Raises DataError where none does.
        """
        everything = list(files)
        in_split = [parts for parts in everything if self._in_split(parts)]
        if not in_split:
            unopened = [parts for parts in everything if _is_zip(parts)]
            # Without folders of that kind all of a data set is its training split.
            in_split = unopened or (everything if self.split.lower() == "train" else [])
        found = [p for p in in_split if not self.label or _is_zip(p) or _is_in(self.label, p[:-1])]
        if not found:
            wanted = f"label {self.label!r}" if in_split else f"split {self.split!r}"
            folders = sorted({stem(folder) for parts in in_split or everything for folder in parts[:-1]})
            there = one_line(", ".join(folders)) or "none"
            raise DataError(f"The data set {self.repository} has no {one_line(wanted)}; its folders: {there}.")
        return found

    def _in_split(self, parts: tuple[str, ...]) -> bool:
        return not self.split or _is_in(self.split, parts if _is_zip(parts) else parts[:-1])


def _is_zip(parts: tuple[str, ...]) -> bool:
    return parts[-1].lower().endswith(".zip")


def _is_in(wanted: str, folders: tuple[str, ...]) -> bool:
    letter = letter_of(wanted)
    for folder in map(stem, folders):
        # Zips in numbered pieces: train-00000-of-00002.zip. And testA comes along with trainA, to be held out.
        if folder.lower() == wanted.lower() or re.fullmatch(rf"{re.escape(wanted)}-\d+-of-\d+", folder, re.IGNORECASE):
            return True
        if letter and letter_of(folder) == letter:
            return True
    return False


def fetched(source: HubSource) -> list[tuple[tuple[str, ...], Path]]:
    """The data set's pictures and zips that may belong to the source, in the Hub's cache: their parts and paths.

    Only those are downloaded. Without a net, or with HF_HUB_OFFLINE, the cache alone answers.
    Raises DataError where there is no such data set, no net and nothing cached, or nothing of use in it.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import IncompleteSnapshotError

    repository = source.repository
    try:
        try:
            # The card alone: it settles the version, and what that version holds.
            folder = Path(snapshot_download(repository, repo_type="dataset", allow_patterns=["README.md"]))
        except IncompleteSnapshotError as error:  # offline, and cached without its card
            folder = Path(error.snapshot_path)
        files = _listed(repository, folder)
        wanted = _wanted(source, files)
        patterns = [glob.escape(name) for name in wanted]
        if len(patterns) > MOST_PATTERNS:
            patterns = sorted({_pattern(name) for name in wanted})
        snapshot_download(repository, repo_type="dataset", revision=folder.name, allow_patterns=patterns)
    # The client's own errors are all of these two kinds: no net, offline, no such data set, a name that cannot be.
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        reason = one_line((str(error).splitlines() or [type(error).__name__])[0])
        raise DataError(
            f"The data set {repository} cannot be had from the Hub or this machine's cache: {reason} "
            "Check the name and the net, or log in by `hf auth login` if it is private."
        ) from error
    return [(tuple(name.split("/")), folder / name) for name in wanted]


def _listed(repository: str, folder: Path) -> dict[str, int]:
    """The data set's files and their bytes, by the Hub's own list if the cache has it, else by what is cached."""
    from huggingface_hub import get_cached_repo_tree
    from huggingface_hub.errors import CachedRepoTreeNotFoundError

    try:
        tree = get_cached_repo_tree(repository, repo_type="dataset", revision=folder.name)
        return {file.path: file.size for file in tree}
    except CachedRepoTreeNotFoundError:
        paths = [path for path in folder.rglob("*") if path.is_file()]
        return {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}


def _wanted(source: HubSource, files: dict[str, int]) -> list[str]:
    """The names that may belong to the source. Raises DataError, saying what there is instead."""
    useful = [tuple(name.split("/")) for name in sorted(files) if name.lower().endswith(SUFFIXES)]
    if not useful:
        kinds = ", ".join(sorted({PurePosixPath(name).suffix for name in files} - {"", ".md"})) or "nothing else"
        hint = " Save the pictures of its table as files, and name their folder." if ".parquet" in kinds else ""
        raise DataError(f"The data set {source.repository} holds no pictures or zips, but {one_line(kinds)}.{hint}")
    chosen = ["/".join(parts) for parts in source.chosen(useful)]
    if len(chosen) > MOST_MEMBERS or sum(files[name] for name in chosen) > LARGEST_ARCHIVE:
        raise DataError(
            f"The data set {source.repository} is too large: {len(chosen):,} files, "
            f"{sum(files[name] for name in chosen) / 2**30:.1f} GB. Name a split and a label of it."
        )
    return chosen


def _pattern(name: str) -> str:
    """One pattern for all files of a folder and kind."""
    folder, _, file = name.rpartition("/")
    return (f"{glob.escape(folder)}/" if folder else "") + f"*{PurePosixPath(file).suffix}"
