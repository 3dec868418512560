"""The state of a run, read from its folder alone: for a page that was just opened, or that polls every second."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import CONFIG_FILE, read_manifest
from ugatit.errors import WeightsError
from ugatit.text import one_line
from ugatit.training.events import EVENTS_FILE, Event, EventReader, is_number
from ugatit.training.lock import PROCESS_FILE, LockHolder, last_lock_holder, lock_holder
from ugatit.training.process_log import LONGEST_MESSAGE, last_error_line, stop_was_requested
from ugatit.training.summary import RunSummary

Status = Literal["starting", "running", "stopped", "finished", "failed", "killed"]

CHECKPOINTS, SAMPLES = "checkpoints", "samples"


@dataclass(frozen=True)
class RunState:
    """A run at one moment.

    step, steps: steps done, and in all (0 while unknown). pace: seconds a step. seconds_left: until the run ends. Both
    are None while unknown, seconds_left also while nothing trains. message: what went wrong and what to do, or what a
    running one is doing before its next losses; one line.
    losses: loss events, oldest first, evenly downsampled to at most 2,000 with the newest among them. Each has `step`,
    `time`, and `generator`, `discriminator`, `rho` ({name: number}) and `weighted` ({step: {name: number}}), which are
    empty if not logged; all numbers are finite. samples: (step, path of the sheet), downsampled likewise.
    checkpoint: the newest complete one. revision: increases with every change.
    """

    name: str
    folder: Path
    status: Status
    step: int = 0
    steps: int = 0
    pace: float | None = None
    seconds_left: float | None = None
    message: str = ""
    losses: tuple[Event, ...] = ()
    samples: tuple[tuple[int, Path], ...] = ()
    checkpoint: Path | None = None
    revision: int = 0


class RunMonitor:
    """Poll the state of one run; a poll without news reads only file times. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._reader = EventReader(folder / EVENTS_FILE)
        self._summary = RunSummary()
        self._last_stamps: tuple[Any, ...] | None = None
        self._state = RunState(folder.name, folder, "starting")

    def poll(self) -> RunState:
        """The run's current state; the same object while nothing changed."""
        with self._lock:
            process = lock_holder(self.folder)
            files = (EVENTS_FILE, PROCESS_FILE, CONFIG_FILE, CHECKPOINTS)
            stamps = (process, *(_stamp(self.folder / name) for name in files))
            if stamps != self._last_stamps:
                restarted, events = self._reader.read()
                if restarted:
                    self._summary = RunSummary()
                for event in events:
                    self._summary.add(event)
                self._last_stamps = stamps
                self._state = replace(_state(self.folder, self._summary, process), revision=self._state.revision + 1)
            return self._state


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _state(folder: Path, summary: RunSummary, process: LockHolder | None) -> RunState:
    checkpoints = list_checkpoints(folder / CHECKPOINTS)
    checkpoint = checkpoints[-1] if checkpoints else None
    status, message = _status(folder, summary, process, checkpoint)
    steps, pace = summary.steps or _configured_steps(folder), summary.pace
    left = max(steps - summary.step, 0) * pace if pace and steps and status == "running" else None
    return RunState(
        name=folder.name,
        folder=folder,
        status=status,
        step=summary.step,
        steps=steps,
        pace=pace,
        seconds_left=left,
        message=message,
        losses=tuple(loss.row for loss in summary.losses.rows),
        samples=tuple((row["step"], folder / SAMPLES / row["file"]) for row in summary.samples.rows),
        checkpoint=checkpoint,
    )


def _status(
    folder: Path, summary: RunSummary, process: LockHolder | None, checkpoint: Path | None
) -> tuple[Status, str]:
    last = process or last_lock_holder(folder)
    # Whether the newest process has logged nothing yet: all events are then from earlier ones.
    silent = last is not None and last.started > summary.time
    if process and silent:
        return "starting", ""
    if not silent and summary.outcome:
        outcome = summary.outcome.get("status")
        if outcome == "finished":
            return "finished", ""
        if outcome == "stopped":
            return "stopped", ""
        if not process and summary.outcome["kind"] == "error":
            message = summary.outcome.get("message")
            return "failed", one_line(message or "It ended with an error: see its log.", LONGEST_MESSAGE)
    if process:
        note = summary.outcome.get("message") if summary.outcome and summary.outcome["kind"] == "status" else None
        return "running", one_line(note or "", LONGEST_MESSAGE)
    if silent and (error := last_error_line(folder)):
        return "failed", error
    if silent and stop_was_requested(folder):
        return "stopped", ""
    if last is None and not summary.time:
        # Nothing was logged and no process is known.
        return ("stopped", "") if checkpoint else ("starting", "")
    return "killed", _killed_message(checkpoint)


def _killed_message(checkpoint: Path | None) -> str:
    from_where = f"from step {int(checkpoint.name.rpartition('_')[2]):,}" if checkpoint else "from its beginning"
    return (
        f"Its process ended without a word: killed, or out of memory. Resume it to go on {from_where}; "
        "if it ends like this again, begin one with a smaller batch or image size."
    )


def _configured_steps(folder: Path) -> int:
    try:
        steps = read_manifest(folder).training.get("steps")
    except WeightsError:
        return 0
    return int(steps) if is_number(steps) else 0
