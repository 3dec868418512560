"""Locate weights: bundled ones by name, a weights folder, a run folder, a published checkpoint, a Hub id."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from ugatit.checkpoints.familiarity import FAMILIARITY_FILE
from ugatit.checkpoints.published import PUBLISHED_SUFFIXES
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE, read_manifest
from ugatit.errors import WeightsError
from ugatit.models.manifest import Manifest
from ugatit.models.registry import registered_models
from ugatit.text import one_line

FILES = [CONFIG_FILE, WEIGHTS_FILE, FAMILIARITY_FILE]
"""The files of a weights folder that are needed to translate."""

logger = logging.getLogger(__name__)

_PACKAGE = Path(__file__).resolve().parents[1]
_INSTALLED, _IN_REPOSITORY = _PACKAGE / "bundled_weights", _PACKAGE.parent / "weights"
BUNDLED = _INSTALLED if _INSTALLED.is_dir() else _IN_REPOSITORY
"""The folder of the bundled weights: inside the package in a wheel, beside it in the repository."""
HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*")


@dataclass(frozen=True)
class WeightsEntry:
    """Available weights: their name, their folder and their manifest."""

    name: str
    folder: Path
    manifest: Manifest


def bundled_weights(folder: Path = BUNDLED) -> list[WeightsEntry]:
    """Return the bundled weights, sorted by name. Skips those with a damaged config, with a warning."""
    entries = []
    for path in sorted(p.parent for p in folder.glob(f"*/{CONFIG_FILE}")):
        if not (path / WEIGHTS_FILE).is_file():
            continue
        try:
            entries.append(WeightsEntry(path.name, path, read_manifest(path)))
        except WeightsError as error:
            logger.warning("Left out: %s", error)
    return entries


def locate_weights(source: str | Path, revision: str | None = None) -> Path:
    """Return the weights folder or checkpoint file of a source.

    Looks for a bundled name first, then on the disk, then, if the source has the form of a Hub id, on the Hub.

    revision: branch, tag or commit on the Hub.
    Raises WeightsError if there is none, listing the kinds of source.
    """
    text = str(source)
    if re.fullmatch(r"[\w-]+", text) and (BUNDLED / text / CONFIG_FILE).is_file():
        return BUNDLED / text
    path = Path(source)
    try:
        path = path.expanduser()
        if path.is_file():
            return path.parent if path.name == WEIGHTS_FILE else path
        if path.is_dir():
            return _locate_in_folder(path)
    except (OSError, RuntimeError) as error:  # too long a name, no permission, unknown user
        raise WeightsError(f"{one_line(text)} cannot be looked at: {one_line(error)}.") from error
    if HUB_ID.fullmatch(text) and path.suffix not in PUBLISHED_SUFFIXES:
        return _download_from_hub(text, revision)
    names = ", ".join(entry.name for entry in bundled_weights()) or "none"
    raise WeightsError(
        f"There are no weights {one_line(repr(text))}: name bundled ones ({names}), a weights or run folder, "
        "a published checkpoint file, or a Hub id (owner/name)."
    )


def _locate_in_folder(folder: Path) -> Path:
    """Return the folder itself, a run's newest checkpoint, or the last published checkpoint by name and number.

    Files that a model knows by their names come before others.
    """
    if (folder / WEIGHTS_FILE).is_file():
        return folder
    if checkpoints := list_checkpoints(folder / "checkpoints"):
        return checkpoints[-1]
    files = [p for p in folder.iterdir() if p.suffix in PUBLISHED_SUFFIXES and p.is_file()]
    if files:
        names, models = [file.name for file in files], registered_models()
        known = [file for file in files if any(model.published_files(names, file.name) for model in models)]
        return max(known or files, key=_numbers_by_value)
    raise WeightsError(f"{folder} holds neither {WEIGHTS_FILE}, nor a run's checkpoints, nor a published checkpoint.")


def _numbers_by_value(file: Path) -> list[str | int]:
    """Return what a file's name is sorted by: 5_net_G.pth, 10_net_G.pth, latest_net_G.pth."""
    # Texts and numbers take turns, so equal places of two names compare.
    return [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", file.name)]


def _download_from_hub(name: str, revision: str | None) -> Path:
    from huggingface_hub import snapshot_download

    try:
        folder = snapshot_download(name, revision=revision, allow_patterns=FILES)
    # All errors of the Hub client are of these two types: no network, offline mode, no such repository, invalid id.
    except (OSError, ValueError) as error:
        reason = one_line((str(error).splitlines() or [type(error).__name__])[0])
        raise WeightsError(f"There are no weights {name!r} on this machine or on the Hub: {reason}") from error
    return Path(folder)
