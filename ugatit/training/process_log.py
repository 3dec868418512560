"""The output of a run's processes, kept in the run folder: one file for all starts and resumes."""

import os
import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ugatit.text import one_line

LOG_FILE = "log.txt"
COMMAND_MARK = "$ "
"""The first characters of the line with the command that was started."""
STOP_MARK = "(asked to stop)"
TAIL = 2**14
"""Bytes read from the end of the log."""
LONGEST_MESSAGE = 1000
ERROR_PREFIX, TRACEBACK = "python -m ugatit", "Traceback (most recent call last)"


def start_line(command: Sequence[str]) -> bytes:
    """The line with which the log of a start begins: the command."""
    text = shlex.join(command).replace("\n", " ")
    return f"{COMMAND_MARK}{text}\n".encode(errors="replace")


def log_stop_request(folder: Path) -> None:
    """Log that the process was asked to end. A log that cannot be written is ignored: the request still goes out."""
    with suppress(OSError), (folder / LOG_FILE).open("a") as log:
        log.write(f"{STOP_MARK}\n")


def stop_was_requested(folder: Path) -> bool:
    """Whether the most recently started process was asked to end."""
    return STOP_MARK in _lines_since_start(folder)


def last_error_line(folder: Path) -> str:
    """The error that the most recently started process ended with, in one line; empty if there was none."""
    lines = [line for line in _lines_since_start(folder) if line != STOP_MARK]
    if not lines:
        return ""
    if lines[-1].startswith(ERROR_PREFIX):
        # "python -m ugatit train: message (see … --help)": people on the page did not type the command.
        return one_line(lines[-1].partition(": ")[2].partition(f" (see {ERROR_PREFIX}")[0], LONGEST_MESSAGE)
    return one_line(lines[-1], LONGEST_MESSAGE) if any(line.startswith(TRACEBACK) for line in lines) else ""


def _lines_since_start(folder: Path) -> list[str]:
    """The last lines of the log, from the most recent start on."""
    try:
        with (folder / LOG_FILE).open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - TAIL, 0))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return []
    started = max((number for number, line in enumerate(lines) if line.startswith(COMMAND_MARK)), default=-1)
    return [line.strip() for line in lines[started + 1 :] if line.strip()]
