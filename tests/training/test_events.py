"""The event log: appended, torn by kills, repeated by resumes, and still readable."""

import json
import time
from pathlib import Path

import pytest

from ugatit.training.events import CHUNK, LONGEST_LINE, EventLog, EventReader, read_events


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def steps(path: Path, kind: str = "loss") -> list[tuple[int, object]]:
    return [(event["step"], event.get("value")) for event in read_events(path) if event["kind"] == kind]


def test_every_event_is_a_line_with_step_time_and_kind(path: Path) -> None:
    EventLog(path).write("loss", 3, {"value": 0.5})
    (line,) = path.read_text().splitlines()
    event = json.loads(line)
    assert (event["step"], event["kind"], event["value"]) == (3, "loss", 0.5)
    assert abs(event["time"] - time.time()) < 60


def test_no_file_is_no_events(path: Path) -> None:
    assert read_events(path) == []


def test_torn_last_line_is_left_out(path: Path) -> None:
    EventLog(path).write("loss", 1, {})
    with path.open("a") as file:
        file.write('{"step": 2, "ki')
    assert steps(path) == [(1, None)]


def test_events_after_a_torn_line_are_read(path: Path) -> None:
    path.write_text('{"step": 1, "kind": "loss"}\n{"step": 2, "ki')
    EventLog(path).write("loss", 3, {})
    assert steps(path) == [(1, None), (3, None)]


@pytest.mark.parametrize("line", ["[]", "5", "null", '{"kind": "loss"}', '{"step": "x", "kind": "loss"}', "\x00"])
def test_lines_that_are_no_events_are_left_out(path: Path, line: str) -> None:
    path.write_text(line + '\n{"step": 1, "kind": "loss"}\n')
    assert steps(path) == [(1, None)]


def test_of_steps_repeated_after_a_resume_the_last_counts(path: Path) -> None:
    log = EventLog(path)
    log.write("status", 0, {"status": "started"})
    for step in (1, 2, 3):
        log.write("loss", step, {"value": "before"})
    log.write("status", 1, {"status": "resumed"})
    for step in (2, 3):
        log.write("loss", step, {"value": "after"})
    assert steps(path) == [(1, "before"), (2, "after"), (3, "after")]
    assert [event["status"] for event in read_events(path) if event["kind"] == "status"] == ["started", "resumed"]


def test_steps_of_a_run_killed_before_its_first_checkpoint_count_once(path: Path) -> None:
    log = EventLog(path)
    for value in ("before", "after"):
        log.write("status", 0, {"status": "started"})
        log.write("loss", 1, {"value": value})
    assert steps(path) == [(1, "after")]


def test_errors_outlive_a_resume(path: Path) -> None:
    log = EventLog(path)
    log.write("error", 9, {"message": "NaN"})
    log.write("status", 5, {"status": "resumed"})
    assert steps(path, "error") == [(9, None)]


def test_written_event_is_returned_as_it_stands_in_the_file(path: Path) -> None:
    event = EventLog(path).write("loss", 3, {"value": 0.5})
    assert read_events(path) == [event]


def test_last_line_that_lacks_only_its_end_counts_once(path: Path) -> None:
    path.write_text('{"step": 1, "kind": "loss"}\n{"step": 2, "kind": "loss"}')
    tail = EventReader(path)
    assert [event["step"] for event in tail.read()[1]] == [1, 2]
    EventLog(path).write("loss", 3, {})
    assert [event["step"] for event in tail.read()[1]] == [3]
    assert steps(path) == [(1, None), (2, None), (3, None)]


def test_tail_reads_on_from_where_it_stopped_through_any_tear(path: Path) -> None:
    log = path.with_name("whole.jsonl")
    for step in range(20):
        EventLog(log).write("loss", step, {"value": "ü" * step})
    data, tail, read = log.read_bytes(), EventReader(path), []
    for end in range(0, len(data) + 7, 7):
        path.write_bytes(data[:end])
        anew, found = tail.read()
        assert not anew
        read += found
    assert read == read_events(log)


def test_tail_begins_anew_where_the_file_is_another(path: Path) -> None:
    tail = EventReader(path)
    assert (tail.read()[0], list(tail.read()[1])) == (False, [])
    for text in ("one", "two but longer", "3"):
        path.unlink(missing_ok=True)
        EventLog(path).write("status", 0, {"status": text})
        anew, found = tail.read()
        assert anew == (text != "one")
        assert [event["status"] for event in found] == [text]


@pytest.mark.parametrize("size", [LONGEST_LINE - 100, LONGEST_LINE + 1, CHUNK - 1, CHUNK, 3 * CHUNK + 5])
def test_line_longer_than_any_event_is_passed_over_alone(path: Path, size: int) -> None:
    filler = '{"step": 2, "kind": "loss", "value": "' + "x" * size + '"}\n'
    path.write_text('{"step": 1, "kind": "loss"}\n' + filler + '{"step": 3, "kind": "loss"}\n')
    assert [step for step, _ in steps(path)] == ([1, 2, 3] if size < LONGEST_LINE else [1, 3])
