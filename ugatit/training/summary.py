"""A summary of a run's events, in bounded memory however long the run."""

import math
from collections import deque
from functools import cached_property
from itertools import pairwise
from pathlib import PurePosixPath
from statistics import median
from typing import Any

from ugatit.training.downsampling import Downsampled
from ugatit.training.events import Event, is_beginning, is_number, survives

ROWS = 2000
"""How many losses, and how many samples, are kept: as many as a wide screen has pixel columns."""
RECENT = 30
"""The number of loss events that the pace is measured over."""


class Loss:
    """A loss event whose numbers are extracted only when they are shown, as most of a long run's never are."""

    def __init__(self, event: Event) -> None:
        self.event = event

    @cached_property
    def row(self) -> Event:
        """The event's finite numbers by name; the groups that the trainer writes are always present."""
        groups: Event = {name: {} for name in ("generator", "discriminator", "weighted", "rho")}
        numbers = {n: v for n, v in _numbers(self.event).items() if n not in groups or isinstance(v, dict)}
        return {"kind": "loss", **groups, **numbers}


class RunSummary:
    """The state of a run, updated event by event.

    losses, samples: the valid ones, downsampled. step, time: of the newest event. steps: the total, 0 while unknown.
    outcome: the event that ended the run or reported an error; None while training goes on after it.
    """

    def __init__(self) -> None:
        self.losses: Downsampled[Loss] = Downsampled(ROWS)
        self.samples: Downsampled[Event] = Downsampled(ROWS)
        self.step, self.steps, self.time = 0, 0, 0.0
        self.outcome: Event | None = None
        self._recent: deque[tuple[int, float]] = deque(maxlen=RECENT)

    def add(self, event: Event) -> None:
        """Take in the next event of the log."""
        kind = event["kind"]
        self.step = event["step"]
        if is_number(event.get("time")):
            self.time = float(event["time"])
        if kind == "status" and is_number(event.get("steps")):
            self.steps = int(event["steps"])
        if is_beginning(event):
            self.losses.keep(lambda loss: survives(loss.event, event))
            self.samples.keep(lambda row: survives(row, event))
            # The pause between two processes must not count as a step.
            self._recent.clear()
            self.outcome = None
        elif kind in ("status", "error"):
            self.outcome = event
        elif kind == "loss":
            self.outcome = None
            self.losses.add(Loss({**event, "time": self.time}))
            self._recent.append((self.step, self.time))
        elif kind == "sample" and isinstance(event.get("file"), str):
            # The bare name: an event log from elsewhere must not lead out of the run folder.
            self.samples.add({"kind": kind, "step": self.step, "file": PurePosixPath(event["file"]).name})

    @property
    def pace(self) -> float | None:
        """Seconds a step, recently; None while too few losses were logged."""
        paces = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(self._recent) if b[0] > a[0]]
        # The median: an interval with a checkpoint, a sample or a sleeping computer in it does not count.
        pace = median(paces) if paces else 0.0
        return pace if 0 < pace < math.inf else None


def _numbers(values: dict[str, Any], depth: int = 2) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if is_number(value):
            kept[name] = value
        elif isinstance(value, dict) and depth:
            kept[name] = _numbers(value, depth - 1)
    return kept
