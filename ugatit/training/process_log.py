"""What a run's process says on its terminal, kept in the run folder: one text for all its starts."""

import os
import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ugatit.text import one_line

LOG_FILE = "log.txt"
COMMAND_MARK = "$ "
"""Begins the line that says what was started."""
STOP_MARK = "(asked to stop)"
TAIL = 2**14
LONGEST_WORDS = 1000
COMPLAINT, TRACEBACK = "python -m ugatit", "Traceback (most recent call last)"


def start_line(command: Sequence[str]) -> bytes:
    """The line of the log that begins a start."""
    words = shlex.join(command).replace("\n", " ")
    return f"{COMMAND_MARK}{words}\n".encode(errors="replace")


def log_stop_request(folder: Path) -> None:
    """Put down that someone asked the process to end; a log that cannot be written to is no reason not to ask."""
    with suppress(OSError), (folder / LOG_FILE).open("a") as log:
        log.write(f"{STOP_MARK}\n")


def stop_was_requested(folder: Path) -> bool:
    """Whether the process started last was asked to end."""
    return STOP_MARK in _said(folder)


def last_error_line(folder: Path) -> str:
    """What the process started last complained of in its end, in one line; empty where it did not."""
    said = [line for line in _said(folder) if line != STOP_MARK]
    if not said:
        return ""
    if said[-1].startswith(COMPLAINT):
        # "python -m ugatit train: what is wrong (see … --help)": people at a page did not type the command.
        return one_line(said[-1].partition(": ")[2].partition(f" (see {COMPLAINT}")[0], LONGEST_WORDS)
    return one_line(said[-1], LONGEST_WORDS) if any(line.startswith(TRACEBACK) for line in said) else ""


def _said(folder: Path) -> list[str]:
    """The last lines of the log, those since the last start."""
    try:
        with (folder / LOG_FILE).open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - TAIL, 0))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return []
    started = max((number for number, line in enumerate(lines) if line.startswith(COMMAND_MARK)), default=-1)
    return [line.strip() for line in lines[started + 1 :] if line.strip()]
