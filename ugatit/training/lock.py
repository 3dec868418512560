"""One training process a run folder: a lock that ends with its process, and a note of which process holds it."""

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
INHERITED_LOCK = "UGATIT_LOCK"
"""The environment variable with the descriptor of the lock that a process was started with."""
TIMEOUT = 2.0
"""Seconds: a process that only checks whether the lock is taken holds it for an instant."""
RETRY_EVERY = 0.02

_held: set[int] = set()


@dataclass(frozen=True)
class LockHolder:
    """The process that trains in a run folder. started: Unix seconds. pid: None if it has not written its note yet."""

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
    """Hold the lock of a run folder; a process that is killed releases it.

    Of several processes of one training (torchrun's RANK) the first holds it for all. device: written to the note.
    Raises ConfigError where another process trains there, or where the folder cannot be written to or locked.
    """
    if os.environ.get("RANK", "0") != "0":
        yield
        return
    lock = _inherited_lock(folder)
    if lock is None:
        lock = acquire_lock(folder)
    _close_in_forks()
    _held.add(lock)
    try:
        write_process_note(folder, os.getpid(), device)
        yield
    finally:
        _held.discard(lock)
        os.close(lock)


def lock_holder(folder: Path) -> LockHolder | None:
    """The process that trains in a folder; None if there is none or the lock cannot be checked."""
    lock = _open_to_check(folder)
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
    """The process that trained in a folder last, running or not, by its note; None without a readable note."""
    try:
        values = json.loads((folder / PROCESS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return _parse_holder(values)


def acquire_lock(folder: Path, timeout: float = TIMEOUT) -> int:
    """Lock a run folder and return the lock's open file descriptor; closing it releases the lock.

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
        last = time.monotonic() + timeout
        while not lock_descriptor(lock, blocking=False):
            if time.monotonic() > last:
                raise ConfigError(
                    f"{folder} is in training{_by(lock_holder(folder))}: stop that first, or wait for its end."
                )
            time.sleep(RETRY_EVERY)
        # The note of an earlier process must not be taken for this one's.
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
    """Write atomically which process trains in a folder. For the holder of the lock."""
    partial = folder / f".{PROCESS_FILE}.{os.getpid()}.partial"
    holder = LockHolder(pid, socket.gethostname(), device, time.time())
    try:
        partial.write_text(json.dumps(asdict(holder)) + "\n", encoding="utf-8")
        os.replace(partial, folder / PROCESS_FILE)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ConfigError(f"{folder} cannot be written to: {error.strerror}.") from error


def _is_free(lock: int) -> bool:
    if sys.platform == "win32":
        return lock_descriptor(lock, blocking=False)
    # A shared lock: any number of processes may check at once without taking each other for a trainer.
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


def _parse_holder(values: Any) -> LockHolder | None:
    if not isinstance(values, dict):
        return None
    pid, host, device, started = (values.get(name) for name in ("pid", "host", "device", "started"))
    # To a signal, numbers up to 1 mean the init process, a process group or all processes.
    if not isinstance(pid, int) or not 1 < pid < 2**31:
        return None
    if not isinstance(host, str) or not isinstance(device, str) or not is_number(started):
        return None
    return LockHolder(pid, host, device, started)


def _open_to_check(folder: Path) -> int | None:
    for mode in (os.O_RDWR, os.O_RDONLY):  # the second for a read-only file system
        try:
            return os.open(folder / LOCK_FILE, mode)
        except OSError:
            continue
    return None


def _inherited_lock(folder: Path) -> int | None:
    """The lock of this folder that the process was started with; None if it was started without."""
    text = os.environ.pop(INHERITED_LOCK, "")
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
    """Close the locks in forked workers: one that outlives a killed trainer must not keep its lock."""

    def close() -> None:
        for lock in _held:
            os.close(lock)
        _held.clear()

    os.register_at_fork(after_in_child=close)
