"""Start, resume and stop a training run as a process of its own, which outlives the process that started it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ugatit.checkpoints.store import CONFIG_FILE
from ugatit.devices import resolve_device
from ugatit.errors import ConfigError
from ugatit.training.lock import INHERITED_LOCK, acquire_lock, lock_holder, write_process_note
from ugatit.training.process_log import LOG_FILE, log_stop_request, start_line
from ugatit.training.runs import list_running

STARTING_LOCK = ".starting.lock"
PACKAGE_ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, arguments: Sequence[str]) -> None:
    """Start `python -m ugatit train --run FOLDER ARGUMENTS` as a process that outlives this one.

    Its output goes to the folder's log. Returns at once; `RunMonitor` follows the run. From here on the folder counts
    as in training. Raises ConfigError where the folder already holds a run, or where another run in the same parent
    folder uses the same device.
    """
    if (folder / CONFIG_FILE).exists():
        raise ConfigError(f"{folder} already holds a run: resume it, or choose another name.")
    _spawn(folder, arguments)


def resume(folder: Path, arguments: Sequence[str] = ()) -> None:
    """Resume a run that was stopped or killed. Raises ConfigError like `start`, and where there is no run."""
    if not (folder / CONFIG_FILE).exists():
        raise ConfigError(f"{folder} holds no run to resume: start one.")
    _spawn(folder, ["--resume", *arguments])


def stop(folder: Path) -> None:
    """Ask the run's process to save and end; return at once. Raises ConfigError where no process can be asked."""
    process = lock_holder(folder)
    if process is None:
        raise ConfigError(f"{folder.name} is not in training.")
    if process.pid is None or not process.here:
        where = f"on {process.host}" if process.host else "in a process that left no note of itself"
        raise ConfigError(f"{folder.name} is in training {where}: stop it there.")
    log_stop_request(folder)
    try:
        os.kill(process.pid, signal.SIGTERM)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise ConfigError(f"{folder.name} is another user's process {process.pid}: only they can stop it.") from error


def command(folder: Path, arguments: Sequence[str]) -> list[str]:
    """The command line that trains in a folder."""
    return [sys.executable, "-m", "ugatit", "train", f"--run={folder}", *arguments]


def device_of(arguments: Sequence[str]) -> str:
    """The device that a command line asks for, by its canonical name (`device_name`). Raises ConfigError."""
    name = "auto"
    for option, value in zip(arguments, [*arguments, ""][1:], strict=True):
        if option == "--device":
            name = value
        elif option.startswith("--device="):
            name = option.removeprefix("--device=")
    return device_name(name)


def device_name(name: str = "auto") -> str:
    """A device's canonical name: `cpu`, `cuda:0`, `mps`. Raises ConfigError for a device that is not available."""
    device = resolve_device(name)
    return f"cuda:{device.index or 0}" if device.type == "cuda" else device.type


def _spawn(folder: Path, arguments: Sequence[str]) -> None:
    device = device_of(arguments)
    with _starting_lock(folder.parent):
        for run in list_running(folder.parent):
            user = lock_holder(run)
            if user and (run == folder or user.device == device):
                raise ConfigError(f"{run.name} is in training on {user.device}: stop it first, or wait for its end.")
        lock = acquire_lock(folder)
        try:
            process = _start_detached(command(folder, arguments), folder / LOG_FILE, lock)
            write_process_note(folder, process.pid, device)
        except OSError as error:
            raise ConfigError(f"The training of {folder} could not be started: {error}.") from error
        finally:
            # The process has inherited the lock.
            os.close(lock)


@contextmanager
def _starting_lock(root: Path) -> Iterator[None]:
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / STARTING_LOCK, timeout=10, fallback_to_soft=False):
            yield
    except Timeout as error:
        raise ConfigError(f"Another run in {root} is being started: try again.") from error
    except OSError as error:
        raise ConfigError(f"{root} cannot be written to ({error.strerror}): choose another folder for runs.") from error


def _start_detached(command: list[str], log: Path, lock: int) -> "subprocess.Popen[bytes]":
    # The package must be found from any working folder, which stays: sources may be relative to it.
    path = os.pathsep.join(filter(None, [str(PACKAGE_ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", INHERITED_LOCK: str(lock)}
    with log.open("ab") as output:
        output.write(start_line(command))
        output.flush()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            pass_fds=(lock,),
            start_new_session=True,
        )
    # Wait for it, so that it does not remain a zombie while this process lives.
    threading.Thread(target=process.wait, name=f"reap-{process.pid}", daemon=True).start()
    return process
