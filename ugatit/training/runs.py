"""The run folders below a folder: list them, find their weights, delete one."""

import logging
import os
import shutil
import time
from pathlib import Path

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import CONFIG_FILE, read_manifest
from ugatit.errors import ConfigError, WeightsError
from ugatit.training.events import EVENTS_FILE
from ugatit.training.lock import PROCESS_FILE, acquire_lock, lock_holder
from ugatit.training.process_log import LOG_FILE

logger = logging.getLogger(__name__)


def trained_weights(root: Path) -> list[WeightsEntry]:
    """The weights of the runs in a folder: each run's newest checkpoint under the run's name, newest activity first.

    Runs without a checkpoint are left out; so is a damaged one, with a warning.
    """
    return [found for run in list_runs(root) if (found := _newest_checkpoint(run))]


def _newest_checkpoint(run: Path) -> WeightsEntry | None:
    newest, problem = None, None
    while (saved := list_checkpoints(run / "checkpoints")) and saved[-1] != newest:
        # Listed again where it cannot be read: a run in training may have replaced it by a newer one.
        newest = saved[-1]
        try:
            return WeightsEntry(run.name, newest, read_manifest(newest))
        except WeightsError as error:
            problem = error
    if problem:
        logger.warning("Left out: %s", problem)
    return None


def delete_run(folder: Path) -> None:
    """Delete a run folder. Raises ConfigError where it is in training, is not a run or cannot be deleted."""
    if not _is_run(folder):
        raise ConfigError(f"{folder} is no run folder: there is nothing to delete.")
    lock = acquire_lock(folder, timeout=0.2)
    try:
        # Renamed first, so that nobody finds a partly deleted run.
        shutil.rmtree(folder.rename(folder.with_name(f".{folder.name}.{time.time_ns()}.removed")))
    except OSError as error:
        raise ConfigError(f"{folder} cannot be deleted: {error.strerror}.") from error
    finally:
        os.close(lock)


def list_runs(root: Path) -> list[Path]:
    """The run folders in `root`, also those of runs that failed to start; newest activity first."""
    try:
        found = [path for path in root.iterdir() if not path.name.startswith(".") and _is_run(path)]
    except OSError:
        return []
    return sorted(found, key=_last_change, reverse=True)


def list_running(root: Path) -> list[Path]:
    """The runs in `root` that a process is training now."""
    return [run for run in list_runs(root) if lock_holder(run)]


def _is_run(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (CONFIG_FILE, EVENTS_FILE, LOG_FILE))


def _last_change(folder: Path) -> float:
    times = []
    for name in (EVENTS_FILE, PROCESS_FILE, LOG_FILE, CONFIG_FILE):
        try:
            times.append((folder / name).stat().st_mtime)
        except OSError:
            continue
    return max(times, default=0.0)
