"""The event log of a run, `events.jsonl`: one JSON object a line, appended, readable while the run goes on."""

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
"""In bytes. A loss event takes two or three thousand; longer lines are ignored."""
LARGEST = sys.float_info.max
CHUNK, REMEMBERED = 2**18, 256
"""Bytes read at a time, and bytes kept to notice that the file was replaced."""


class EventLog:
    """Append events to a file. Kinds: `status`, `loss`, `sample`, `checkpoint` and `error`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if _ends_mid_line(path):
            # A process killed during a write leaves half a line: end it, so that the next event starts a new one.
            with path.open("a") as file:
                file.write("\n")

    def write(self, kind: str, step: int, values: Mapping[str, Any]) -> Event:
        """Append an event and return it."""
        event = {"step": step, "time": time.time(), "kind": kind, **values}
        with self.path.open("a") as file:
            file.write(json.dumps(event) + "\n")
        return event


class EventReader:
    """Read a growing event log incrementally: each `read` returns the events added since the last one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rewind()

    def _rewind(self) -> None:
        self._offset, self._rest, self._last_bytes, self._overlong = 0, b"", b"", False

    def read(self) -> tuple[bool, Iterator[Event]]:
        """Return (restarted, events).

        restarted: whether the file was truncated or replaced since the last read, so that reading began at its start.
        events: the new ones, read lazily.
        """
        restarted = self._offset > 0 and not self._is_unchanged()
        if restarted:
            self._rewind()
        return restarted, filter(None, map(parse, self._lines()))

    def _is_unchanged(self) -> bool:
        """Whether the bytes read last are still at their offset."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset - len(self._last_bytes))
                return file.read(len(self._last_bytes)) == self._last_bytes
        except OSError:
            return False

    def _lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                while chunk := file.read(CHUNK):
                    self._offset += len(chunk)
                    self._last_bytes = (self._last_bytes + chunk)[-REMEMBERED:]
                    yield from self._split(chunk)
        except OSError:
            return

    def _split(self, chunk: bytes) -> Iterator[bytes]:
        *lines, rest = (self._rest + chunk).split(b"\n")
        if self._overlong and lines:
            # The end of an overlong line whose start was dropped.
            del lines[0]
            self._overlong = False
        self._overlong = self._overlong or len(rest) > LONGEST_LINE
        self._rest = b"" if self._overlong else rest
        yield from lines
        if parse(self._rest) is not None:
            # Complete but for its line end: no prefix of a JSON object is itself one.
            yield self._rest
            self._rest = b""


def parse(line: bytes) -> Event | None:
    """Parse a line as an event, a JSON object with a `kind` and a `step`; None where it is not one."""
    if not line.startswith(b"{") or len(line) > LONGEST_LINE:
        return None
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or not isinstance(event.get("kind"), str):
        return None
    step = event.get("step")
    is_valid = isinstance(step, int) and not isinstance(step, bool) and 0 <= step < 2**63
    return event if is_valid else None


def is_beginning(event: Event) -> bool:
    """Whether a process started or resumed the run with this event; later steps in the log are then repeated."""
    # A run killed before its first checkpoint starts again: its steps are repeated too.
    return event["kind"] == "status" and event.get("status") in ("started", "resumed")


def survives(event: Event, beginning: Event) -> bool:
    """Whether an earlier event is still valid after the run started or resumed at `beginning`."""
    return event["step"] <= beginning["step"] or event["kind"] in ("status", "error")


def read_events(path: Path) -> list[Event]:
    """The valid events of a run in order, without incomplete lines; of repeated steps only the last."""
    events: list[Event] = []
    for event in EventReader(path).read()[1]:
        if is_beginning(event):
            events = [e for e in events if survives(e, event)]
        events.append(event)
    return events


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value read from JSON is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def _ends_mid_line(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"
    except FileNotFoundError:
        return False
