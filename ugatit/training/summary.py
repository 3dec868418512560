"""What the events of a run amount to, in bounded memory however long the run."""

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
"""How many losses, and how many samples, are kept for showing: as many as a wide screen has columns."""
RECENT = 30
"""Over how many loss events the pace is taken."""


class Loss:
    """A loss event, taken apart only if it is shown: of a long run most are not."""

    def __init__(self, event: Event) -> None:
        self.event = event

    @cached_property
    def row(self) -> Event:
        """The event's finite numbers by their names; the groups that ours have are always there."""
        groups: Event = {name: {} for name in ("generator", "discriminator", "weighted", "rho")}
        found = {n: v for n, v in _numbers(self.event).items() if n not in groups or isinstance(v, dict)}
        return {"kind": "loss", **groups, **found}


class RunSummary:
    """Told event by event.

    losses, samples: those that count, thinned. step, time: of the newest event. steps: wanted, 0 while unknown.
    verdict: the event that ended the run or told of an error, unless training went on after it.
    """

    def __init__(self) -> None:
        self.losses: Downsampled[Loss] = Downsampled(ROWS)
        self.samples: Downsampled[Event] = Downsampled(ROWS)
        self.step, self.steps, self.time = 0, 0, 0.0
        self.verdict: Event | None = None
        self._recent: deque[tuple[int, float]] = deque(maxlen=RECENT)

    def add(self, event: Event) -> None:
        kind = event["kind"]
        self.step = event["step"]
        if is_number(event.get("time")):
            self.time = float(event["time"])
        if kind == "status" and is_number(event.get("steps")):
            self.steps = int(event["steps"])
        if is_beginning(event):
            self.losses.keep(lambda loss: survives(loss.event, event))
            self.samples.keep(lambda row: survives(row, event))
            # A pause between two processes is no pace.
            self._recent.clear()
            self.verdict = None
        elif kind in ("status", "error"):
            self.verdict = event
        elif kind == "loss":
            self.verdict = None
            self.losses.add(Loss({**event, "time": self.time}))
            self._recent.append((self.step, self.time))
        elif kind == "sample" and isinstance(event.get("file"), str):
            # The bare name: a foreign file of events must not lead out of the run folder.
            self.samples.add({"kind": kind, "step": self.step, "file": PurePosixPath(event["file"]).name})

    @property
    def pace(self) -> float | None:
        """Seconds a step, of late; None while too few losses were told."""
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
