"""What a run tells of itself in its folder: events, and TensorBoard's curves where that is installed."""

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ugatit.training.events import EVENTS_FILE, EventLog, read_events
from ugatit.training.tensorboard import open_tensorboard


class RunLog:
    """Writes into a run folder while training goes well, if this process is the one that writes.

    writes: whether it is. The others write nothing but the failure that ends them.
    """

    def __init__(self, run: Path, writes: bool = True) -> None:
        self.path, self.writes, self._began = run / EVENTS_FILE, writes, time.time()
        if writes:
            (run / "samples").mkdir(parents=True, exist_ok=True)
            self._events = EventLog(self.path)
            self._curves = open_tensorboard(run)

    def tell(self, kind: str, step: int, values: Mapping[str, object]) -> None:
        """Write an event; a loss also as points of the curves."""
        if not self.writes:
            return
        event = self._events.write(kind, step, values)
        if kind == "loss" and self._curves:
            self._curves.write(event)

    def tell_failure(self, step: int, message: str) -> None:
        """Write an error event as well as it can be done: a disk that is full may take it or not."""
        with suppress(OSError):
            # A log opened anew first ends the line that a failed write left torn.
            EventLog(self.path).write("error", step, {"message": message})

    def failure_was_told(self) -> bool:
        """Whether some process of this training has told why it failed since this one began."""
        return any(event["kind"] == "error" and event["time"] >= self._began for event in read_events(self.path))

    def close(self) -> None:
        if self.writes and self._curves:
            self._curves.close()
