"""One trainer a run folder: a lock that dies with its process, and beside it a note of which process that is."""

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from filelock import lock_descriptor

from ugatit.errors import ConfigError
from ugatit.training.events import is_number

LOCK_FILE, PROCESS_FILE = "process.lock", "process.json"
HANDED = "UGATIT_LOCK"
"""The environment variable by which a process is told of the lock that it was started with."""
PATIENCE = 2.0
"""Seconds: whoever only looks whether the lock is taken has it for an instant."""
PAUSE = 0.02

_ours: set[int] = set()


@dataclass(frozen=True)
class LockHolder:
    """The process that trains in a run folder. started: Unix seconds. pid: None where it has left no note."""

    pid: int | None
    host: str = ""
    device: str = ""
    started: float = 0.0

    @property
    def here(self) -> bool:
        """Whether it runs on this machine."""
        return self.host == socket.gethostname()


@contextmanager
def hold_lock(folder: Path, device: str) -> Iterator[None]:
    """Be the one process that trains in this folder; a kill at any moment lets go of it.

    Of several processes of one training (torchrun's RANK) the first holds it for all. device: noted for others to see.
    Raises ConfigError where another process trains there, or where the folder cannot be written to or locked.
    """
    if os.environ.get("RANK", "0") != "0":
        yield
        return
    lock = _handed_on(folder)
    if lock is None:
        lock = acquire_lock(folder)
    _close_in_forks()
    _ours.add(lock)
    try:
        write_process_note(folder, os.getpid(), device)
        yield
    finally:
        _ours.discard(lock)
        os.close(lock)


def lock_holder(folder: Path) -> LockHolder | None:
    """The process that trains in this folder; None where none does, or where nobody can tell."""
    lock = _opened_to_look(folder)
    if lock is None:
        return None
    try:
        if _is_free(lock):
            return None
    except OSError:
        return None
    finally:
        os.close(lock)
    return last_lock_holder(folder) or LockHolder(pid=None)


def last_lock_holder(folder: Path) -> LockHolder | None:
    """The process that trained here last, living or not, by its own note; None without one that can be read."""
    try:
        values = json.loads((folder / PROCESS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return _checked(values)


def acquire_lock(folder: Path, patience: float = PATIENCE) -> int:
    """Lock a run folder. Returns the open descriptor that is the lock; to close it is to let go.

    Raises ConfigError where another process has it, or where the folder cannot be written to or locked.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ConfigError(
            f"{folder} cannot be written to ({error.strerror}): name another run folder by --run."
        ) from error
    try:
        last = time.monotonic() + patience
        while not lock_descriptor(lock, blocking=False):
            if time.monotonic() > last:
                raise ConfigError(
                    f"{folder} is in training{_by(lock_holder(folder))}: stop that first, or wait for its end."
                )
            time.sleep(PAUSE)
        # What an earlier process left must not be taken for us.
        (folder / PROCESS_FILE).unlink(missing_ok=True)
    except OSError as error:
        os.close(lock)
        raise ConfigError(
            f"The file system of {folder} cannot lock files ({error.strerror}): name a run folder elsewhere by --run."
        ) from error
    except BaseException:
        os.close(lock)
        raise
    return lock


def write_process_note(folder: Path, pid: int, device: str) -> None:
    """Write down, whole or not at all, which process trains here. For whoever has the lock."""
    partial = folder / f".{PROCESS_FILE}.{os.getpid()}.partial"
    lock_holder = LockHolder(pid, socket.gethostname(), device, time.time())
    try:
        partial.write_text(json.dumps(asdict(lock_holder)) + "\n", encoding="utf-8")
        os.replace(partial, folder / PROCESS_FILE)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ConfigError(f"{folder} cannot be written to: {error.strerror}.") from error


def _is_free(lock: int) -> bool:
    if sys.platform == "win32":
        return lock_descriptor(lock, blocking=False)
    # A shared lock: any number may look at once, none takes another for a trainer.
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _by(other: LockHolder | None) -> str:
    if other is None or other.pid is None:
        return ""
    return f" by process {other.pid}" + ("" if other.here else f" on {other.host}")


def _checked(values: Any) -> LockHolder | None:
    if not isinstance(values, dict):
        return None
    pid, host, device, started = (values.get(name) for name in ("pid", "host", "device", "started"))
    # Numbers up to 1 mean no process of ours to a signal: the system's first process, a group, everyone.
    if not isinstance(pid, int) or not 1 < pid < 2**31:
        return None
    if not isinstance(host, str) or not isinstance(device, str) or not is_number(started):
        return None
    return LockHolder(pid, host, device, started)


def _opened_to_look(folder: Path) -> int | None:
    for mode in (os.O_RDWR, os.O_RDONLY):  # the second for a file system that is read-only to us
        try:
            return os.open(folder / LOCK_FILE, mode)
        except OSError:
            continue
    return None


def _handed_on(folder: Path) -> int | None:
    """The lock of this folder that this process was born with, if it was."""
    text = os.environ.pop(HANDED, "")
    if not text.isdigit():
        return None
    lock = int(text)
    try:
        same = os.path.samestat(os.fstat(lock), os.stat(folder / LOCK_FILE))
    except OSError:
        return None
    if not same:
        return None
    os.set_inheritable(lock, False)
    return lock


@cache
def _close_in_forks() -> None:
    """Workers that outlive a killed trainer must not keep its lock."""

    def close() -> None:
        for lock in _ours:
            os.close(lock)
        _ours.clear()

    os.register_at_fork(after_in_child=close)
