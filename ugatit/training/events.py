"""What a run tells while it runs: one JSON object a line, appended, readable at any moment."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Event = dict[str, Any]


class EventLog:
    """Appends events to a file. kind: `status`, `loss`, `sample`, `checkpoint` or `error`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.read_bytes().endswith(b"\n"):
            # A process that was killed in the middle of a line leaves it torn: end it, so that ours begins anew.
            with path.open("a") as file:
                file.write("\n")

    def write(self, kind: str, step: int, values: Mapping[str, Any]) -> None:
        event = {"step": step, "time": time.time(), "kind": kind, **values}
        with self.path.open("a") as file:
            file.write(json.dumps(event) + "\n")


def read_events(path: Path) -> list[Event]:
    """The events of a run that count, in order: torn lines left out, and of steps repeated after a resume the last."""
    events: list[Event] = []
    if not path.exists():
        return events
    for line in path.read_text(errors="replace").splitlines():
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        if not isinstance(event, dict) or not isinstance(event.get("step"), int):
            continue
        # A run killed before its first checkpoint starts anew: its steps are repeated too.
        if event.get("kind") == "status" and event.get("status") in ("started", "resumed"):
            events = [e for e in events if e["step"] <= event["step"] or e["kind"] in ("status", "error")]
        events.append(event)
    return events
