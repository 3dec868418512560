"""What a run tells while it runs: one JSON object a line, appended, readable at any moment."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard

Event = dict[str, Any]

EVENTS_FILE = "events.jsonl"
LONGEST_LINE = 2**16
"""In bytes. A loss event has two or three thousand; longer lines are none of ours."""
LARGEST = sys.float_info.max
CHUNK, SEEN = 2**18, 256


class EventLog:
    """Appends events to a file. kind: `status`, `loss`, `sample`, `checkpoint` or `error`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if _torn(path):
            # A process that was killed in the middle of a line leaves it torn: end it, so that ours begins anew.
            with path.open("a") as file:
                file.write("\n")

    def write(self, kind: str, step: int, values: Mapping[str, Any]) -> Event:
        """Append an event and return it."""
        event = {"step": step, "time": time.time(), "kind": kind, **values}
        with self.path.open("a") as file:
            file.write(json.dumps(event) + "\n")
        return event


class Tail:
    """Reads a growing file of events on from where it stopped: whole lines, and of them those that are events."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rewind()

    def _rewind(self) -> None:
        self._offset, self._rest, self._seen, self._overlong = 0, b"", b"", False

    def read(self) -> tuple[bool, Iterator[Event]]:
        """Whether the file was cut or replaced since, so that all begins anew; and the events that are new."""
        anew = self._offset > 0 and not self._same()
        if anew:
            self._rewind()
        return anew, filter(None, map(parse, self._lines()))

    def _same(self) -> bool:
        """Whether what was read last still stands where it stood."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset - len(self._seen))
                return file.read(len(self._seen)) == self._seen
        except OSError:
            return False

    def _lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                while chunk := file.read(CHUNK):
                    self._offset += len(chunk)
                    self._seen = (self._seen + chunk)[-SEEN:]
                    yield from self._split(chunk)
        except OSError:
            return

    def _split(self, chunk: bytes) -> Iterator[bytes]:
        *lines, rest = (self._rest + chunk).split(b"\n")
        if self._overlong and lines:
            # The end of a line whose beginning was let go.
            del lines[0]
            self._overlong = False
        self._overlong = self._overlong or len(rest) > LONGEST_LINE
        self._rest = b"" if self._overlong else rest
        yield from lines
        if parse(self._rest) is not None:
            # Whole but for its end of line: no beginning of an object is itself one.
            yield self._rest
            self._rest = b""


def parse(line: bytes) -> Event | None:
    """The event that a line holds, if it holds one: an object with a kind and a step."""
    if not line.startswith(b"{") or len(line) > LONGEST_LINE:
        return None
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or not isinstance(event.get("kind"), str):
        return None
    step = event.get("step")
    whole = isinstance(step, int) and not isinstance(step, bool) and 0 <= step < 2**63
    return event if whole else None


def is_beginning(event: Event) -> bool:
    """Whether a process began or went on with the run here: the steps after this one are done again."""
    # A run killed before its first checkpoint starts anew: its steps are repeated too.
    return event["kind"] == "status" and event.get("status") in ("started", "resumed")


def survives(event: Event, beginning: Event) -> bool:
    """Whether an event still counts after the run went on from `beginning`."""
    return event["step"] <= beginning["step"] or event["kind"] in ("status", "error")


def read_events(path: Path) -> list[Event]:
    """The events of a run that count, in order: torn lines left out, and of steps repeated after a resume the last."""
    events: list[Event] = []
    for event in Tail(path).read()[1]:
        if is_beginning(event):
            events = [e for e in events if survives(e, event)]
        events.append(event)
    return events


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value read from JSON is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def _torn(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except FileNotFoundError:
        return False
