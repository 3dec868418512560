"""Download the pictures and zips of a Hub dataset, or read them from the local Hub cache when offline."""

import glob
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from ugatit.data.archives import LARGEST_ARCHIVE, MAX_MEMBERS
from ugatit.data.layout import letter_of, strip_zip_suffix
from ugatit.data.source_string import HubSource
from ugatit.errors import DataError
from ugatit.text import one_line

SUFFIXES = (
    ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".jp2", ".zip",
)  # fmt: skip
MAX_PATTERNS = 500
"""The client compares every file with every pattern. Beyond this number there is one pattern per folder and suffix."""


def download_dataset(source: HubSource) -> list[tuple[tuple[str, ...], Path]]:
    """Download the pictures and zips that may belong to a source; return the parts and the cached path of each.

    Nothing else is downloaded. Without a network, or with HF_HUB_OFFLINE, only the cache is used.
    Raises DataError if the dataset does not exist, cannot be reached and is not cached, or has nothing usable in it.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import IncompleteSnapshotError

    repository = source.repository
    try:
        try:
            # The card alone: this fixes the revision, whose files are then known.
            folder = Path(snapshot_download(repository, repo_type="dataset", allow_patterns=["README.md"]))
        except IncompleteSnapshotError as error:  # offline, and cached without its card
            folder = Path(error.snapshot_path)
        sizes = _file_sizes(repository, folder)
        names = _files_to_download(source, sizes)
        patterns = [glob.escape(name) for name in names]
        if len(patterns) > MAX_PATTERNS:
            patterns = sorted({_folder_pattern(name) for name in names})
        snapshot_download(repository, repo_type="dataset", revision=folder.name, allow_patterns=patterns)
    # All errors of the client are of these two types: no network, offline, no such dataset, an impossible name.
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        reason = one_line((str(error).splitlines() or [type(error).__name__])[0])
        raise DataError(
            f"The data set {repository} cannot be had from the Hub or this machine's cache: {reason} "
            "Check the name and the net, or log in by `hf auth login` if it is private."
        ) from error
    return [(tuple(name.split("/")), folder / name) for name in names]


def select_files(source: HubSource, files: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the files in the source's split and label, and the unopened zips that may contain such files.

    files: the parts of each: folders, opened zips among them, and file name. Raises DataError if none match.
    """
    all_files = list(files)
    in_split = [parts for parts in all_files if _in_split(source, parts)]
    if not in_split:
        unopened = [parts for parts in all_files if _is_zip(parts)]
        # A dataset without split folders is all training split.
        in_split = unopened or (all_files if source.split.lower() == "train" else [])
    selected = [p for p in in_split if not source.label or _is_zip(p) or _any_matches(p[:-1], source.label)]
    if not selected:
        missing = f"label {source.label!r}" if in_split else f"split {source.split!r}"
        folders = sorted({strip_zip_suffix(folder) for parts in in_split or all_files for folder in parts[:-1]})
        existing = one_line(", ".join(folders)) or "none"
        raise DataError(f"The data set {source.repository} has no {one_line(missing)}; its folders: {existing}.")
    return selected


def _in_split(source: HubSource, parts: tuple[str, ...]) -> bool:
    return not source.split or _any_matches(parts if _is_zip(parts) else parts[:-1], source.split)


def _is_zip(parts: tuple[str, ...]) -> bool:
    return parts[-1].lower().endswith(".zip")


def _any_matches(folders: tuple[str, ...], name: str) -> bool:
    """Return whether any of the folders or zips belongs to the split or label `name`."""
    letter = letter_of(name)
    for folder in map(strip_zip_suffix, folders):
        # Sharded zips: train-00000-of-00002.zip. The split trainA includes testA, to be held out.
        if folder.lower() == name.lower() or re.fullmatch(rf"{re.escape(name)}-\d+-of-\d+", folder, re.IGNORECASE):
            return True
        if letter and letter_of(folder) == letter:
            return True
    return False


def _file_sizes(repository: str, folder: Path) -> dict[str, int]:
    """Return {file name: bytes} of the dataset: all files if the Hub's listing is cached, else the cached files."""
    from huggingface_hub import get_cached_repo_tree
    from huggingface_hub.errors import CachedRepoTreeNotFoundError

    try:
        tree = get_cached_repo_tree(repository, repo_type="dataset", revision=folder.name)
        return {file.path: file.size for file in tree}
    except CachedRepoTreeNotFoundError:
        paths = [path for path in folder.rglob("*") if path.is_file()]
        return {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}


def _files_to_download(source: HubSource, sizes: dict[str, int]) -> list[str]:
    """Return the names of the files that may belong to the source.

    Raises DataError, naming what the dataset contains instead, if there are none or too many.
    """
    usable = [tuple(name.split("/")) for name in sorted(sizes) if name.lower().endswith(SUFFIXES)]
    if not usable:
        kinds = ", ".join(sorted({PurePosixPath(name).suffix for name in sizes} - {"", ".md"})) or "nothing else"
        hint = " Save the pictures of its table as files, and name their folder." if ".parquet" in kinds else ""
        raise DataError(f"The data set {source.repository} holds no pictures or zips, but {one_line(kinds)}.{hint}")
    names = ["/".join(parts) for parts in select_files(source, usable)]
    if len(names) > MAX_MEMBERS or sum(sizes[name] for name in names) > LARGEST_ARCHIVE:
        raise DataError(
            f"The data set {source.repository} is too large: {len(names):,} files, "
            f"{sum(sizes[name] for name in names) / 2**30:.1f} GB. Name a split and a label of it."
        )
    return names


def _folder_pattern(name: str) -> str:
    """Return the pattern of all files with a file's folder and suffix."""
    folder, _, file = name.rpartition("/")
    return (f"{glob.escape(folder)}/" if folder else "") + f"*{PurePosixPath(file).suffix}"
