"""Write a run's events to its folder, and TensorBoard scalars where TensorBoard is installed."""

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ugatit.models.base import Terms
from ugatit.training.events import EVENTS_FILE, EventLog, read_events
from ugatit.training.learner import weighted
from ugatit.training.tensorboard import open_tensorboard


def loss_values(
    losses: Mapping[str, Terms], weights: Mapping[str, float], mixing: Terms, rate: float
) -> dict[str, object]:
    """Return the values of a loss event. losses: terms by the side they train. mixing: rho by layer."""
    values = {side: {name: float(term) for name, term in terms.items()} for side, terms in losses.items()}
    products = {
        side: {name: float(term) for name, term in weighted(terms, weights).items()} for side, terms in losses.items()
    }
    rho = {name: float(value.mean()) for name, value in mixing.items()}
    return {**values, "weighted": products, "rho": rho, "rate": rate}


class RunLog:
    """The event log of a run, with TensorBoard scalars beside it.

    writes: whether this process writes events (the main one does). Others write only the failure that ends them.
    """

    def __init__(self, run: Path, writes: bool = True) -> None:
        self.path, self.writes, self._opened_at = run / EVENTS_FILE, writes, time.time()
        if writes:
            (run / "samples").mkdir(parents=True, exist_ok=True)
            self._events = EventLog(self.path)
            self._tensorboard = open_tensorboard(run)

    def log(self, kind: str, step: int, values: Mapping[str, object]) -> None:
        """Write an event; a loss also to TensorBoard. Does nothing in a process that does not write."""
        if not self.writes:
            return
        event = self._events.write(kind, step, values)
        if kind == "loss" and self._tensorboard:
            self._tensorboard.write(event)

    def log_failure(self, step: int, message: str) -> None:
        """Write an error event if possible: on a full disk it may be lost."""
        with suppress(OSError):
            # Opening the log again first ends a line that a failed write left incomplete.
            EventLog(self.path).write("error", step, {"message": message})

    def failure_was_logged(self) -> bool:
        """Whether any process of this training has logged a failure since this log was opened."""
        return any(event["kind"] == "error" and event["time"] >= self._opened_at for event in read_events(self.path))

    def close(self) -> None:
        """Close TensorBoard's writer."""
        if self.writes and self._tensorboard:
            self._tensorboard.close()
