"""Where weights come from: a bundled name, a weights folder, a run folder, a published checkpoint, a Hub id."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from ugatit.checkpoints.published import PUBLISHED_SUFFIXES
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE, read_manifest
from ugatit.errors import WeightsError
from ugatit.models.manifest import Manifest
from ugatit.text import one_line

logger = logging.getLogger(__name__)

BUNDLED = Path(__file__).resolve().parents[2] / "weights"
HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*")


@dataclass(frozen=True)
class WeightsEntry:
    """Weights that are there: what they are called and what they say of themselves."""

    name: str
    folder: Path
    manifest: Manifest


def bundled_weights(folder: Path = BUNDLED) -> list[WeightsEntry]:
    """The weights that come with the project, by name. Those whose config is damaged are left out, with a warning."""
    found = []
    for path in sorted(p.parent for p in folder.glob(f"*/{CONFIG_FILE}")):
        if not (path / WEIGHTS_FILE).is_file():
            continue
        try:
            found.append(WeightsEntry(path.name, path, read_manifest(path)))
        except WeightsError as error:
            logger.warning("Left out: %s", error)
    return found


def locate_weights(source: str | Path) -> Path:
    """The weights folder or checkpoint file behind a source; the Hub is asked only for what looks like its id.

    A bundled name comes first, then what is on the disk, then the Hub.
    Raises WeightsError for what is not there, naming the kinds of source there are.
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
            return _in_folder(path)
    except (OSError, RuntimeError) as error:  # a name too long, a folder closed to us, a user unknown
        raise WeightsError(f"{one_line(text)} cannot be looked at: {one_line(error)}.") from error
    if HUB_ID.fullmatch(text) and path.suffix not in PUBLISHED_SUFFIXES:
        return _from_hub(text)
    names = ", ".join(found.name for found in bundled_weights()) or "none"
    raise WeightsError(
        f"There are no weights {one_line(repr(text))}: name bundled ones ({names}), a weights or run folder, "
        "a published checkpoint file, or a Hub id (owner/name)."
    )


def _in_folder(folder: Path) -> Path:
    """What a folder holds: weights, a run's newest checkpoint, or the last published checkpoint by name."""
    if (folder / WEIGHTS_FILE).is_file():
        return folder
    if found := list_checkpoints(folder / "checkpoints"):
        return found[-1]
    if files := sorted(p for p in folder.iterdir() if p.suffix in PUBLISHED_SUFFIXES and p.is_file()):
        return files[-1]
    raise WeightsError(f"{folder} holds neither {WEIGHTS_FILE}, nor a run's checkpoints, nor a published checkpoint.")


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        folder = snapshot_download(name, allow_patterns=[CONFIG_FILE, WEIGHTS_FILE])
    # The Hub's own errors are all of these two kinds: no net, offline mode, no such repository, an id that cannot be.
    except (OSError, ValueError) as error:
        reason = one_line((str(error).splitlines() or [type(error).__name__])[0])
        raise WeightsError(f"There are no weights {name!r} on this machine or on the Hub: {reason}") from error
    return Path(folder)
