"""Watching a run through its folder: any moment, any damage, a second look for next to nothing."""

import json
import os
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ugatit.checkpoints.store import CONFIG_FILE, WEIGHTS_FILE, write_manifest
from ugatit.models.manifest import Manifest
from ugatit.training import events, monitor
from ugatit.training.events import EVENTS_FILE, EventLog, read_events
from ugatit.training.lock import hold_lock
from ugatit.training.monitor import RunMonitor, RunState
from ugatit.training.process_log import LOG_FILE, log_stop_request, start_line
from ugatit.training.summary import RECENT, ROWS

START = 1_000_000.0


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "cats"
    folder.mkdir()
    return folder


def told(run: Path, *told: dict[str, Any]) -> None:
    with (run / EVENTS_FILE).open("a") as file:
        file.writelines(json.dumps(event) + "\n" for event in told)


def status(step: int, status: str, time: float = START, **more: Any) -> dict[str, Any]:
    return {"step": step, "time": time, "kind": "status", "status": status, **more}


def loss(step: int, time: float | None = None, **more: Any) -> dict[str, Any]:
    at = START + step if time is None else time
    terms = {"generator": {"cycle.flat": step / 2}, "discriminator": {"adversarial.local.flat": 0.5}}
    return {"step": step, "time": at, "kind": "loss", **terms, **more}


def look(run: Path) -> RunState:
    return RunMonitor(run).poll()


def steps_of(state: RunState) -> list[int]:
    return [row["step"] for row in state.losses]


def checkpoint(run: Path, step: int) -> Path:
    folder = run / "checkpoints" / f"step_{step:07d}"
    folder.mkdir(parents=True)
    (folder / WEIGHTS_FILE).touch()
    return folder


@contextmanager
def training(run: Path, *told_since: dict[str, Any]) -> Iterator[None]:
    """A process trains in the folder, and what it tells it tells after its start."""
    with hold_lock(run, "cpu"):
        now = time.time()
        told(run, *({**event, "time": now + event["time"] - START + 1} for event in told_since))
        yield


def test_folder_without_anything_is_about_to_start(run: Path) -> None:
    state = look(run)
    assert (state.name, state.folder, state.status, state.step) == ("cats", run, "starting", 0)
    assert look(run / "missing").status == "starting"


def test_process_that_told_nothing_yet_is_starting_also_after_a_stop(run: Path) -> None:
    told(run, status(0, "started", steps=10), loss(5), status(5, "stopped"))
    assert look(run).status == "stopped"
    with hold_lock(run, "cpu"):
        assert look(run).status == "starting"
    assert look(run).status == "killed"


def test_run_in_training_tells_step_steps_pace_and_time_left(run: Path) -> None:
    with training(run, status(0, "started", steps=100), *(loss(step, START + 2 * step) for step in (10, 20, 30))):
        state = look(run)
    assert (state.status, state.step, state.steps, state.message) == ("running", 30, 100, "")
    assert state.pace == pytest.approx(2)
    assert state.seconds_left == pytest.approx(140)


def test_pauses_are_no_part_of_the_pace(run: Path) -> None:
    before = [loss(step, START + step) for step in (1, 2, 3)]
    asleep = [status(3, "resumed", START + 5000), loss(4, START + 9000), loss(5, START + 9003), loss(6, START + 9006)]
    told(run, status(0, "started"), *before, *asleep)
    assert look(run).pace == pytest.approx(3)
    told(run, loss(7, START + 99_999), loss(8, START + 100_002))
    assert look(run).pace == pytest.approx(3)


def test_pace_is_that_of_late(run: Path) -> None:
    slow = [loss(step, START + 9 * step) for step in range(100)]
    fast = [loss(100 + step, START + 900 + step) for step in range(RECENT)]
    told(run, *slow, *fast)
    assert look(run).pace == pytest.approx(1)


@pytest.mark.parametrize("verdict", ["finished", "stopped"])
def test_run_that_ended_well_says_how(verdict: str, run: Path) -> None:
    told(run, status(0, "started", steps=10), loss(10), status(10, verdict))
    state = look(run)
    assert (state.status, state.message, state.seconds_left) == (verdict, "", None)


def test_error_is_told_with_its_words(run: Path) -> None:
    told(run, status(0, "started"), {"step": 4, "time": START, "kind": "error", "message": "Disk\nfull"})
    state = look(run)
    assert state.status == "failed"
    assert state.message == "Disk\N{REPLACEMENT CHARACTER}full"


def test_error_that_training_got_over_is_no_end(run: Path) -> None:
    error = {"step": 4, "time": START + 4, "kind": "error", "message": "Disk full"}
    told(run, status(0, "started"), error, loss(5), status(5, "stopped"))
    assert look(run).status == "stopped"


def test_killed_run_says_from_where_it_goes_on(run: Path) -> None:
    told(run, status(0, "started"), loss(7))
    assert "Resume it to go on from its beginning" in look(run).message
    newest = checkpoint(run, 1500)
    checkpoint(run, 500)
    state = look(run)
    assert (state.status, state.checkpoint) == ("killed", newest)
    assert "Resume it to go on from step 1,500" in state.message


def test_process_that_died_without_an_event_is_quoted_from_its_log(run: Path) -> None:
    told(run, status(0, "started"), loss(7), status(7, "stopped"))
    with hold_lock(run, "cpu"):
        pass
    old = start_line(["old"]) + b"python -m ugatit: an older complaint\n"
    (run / LOG_FILE).write_bytes(old + start_line(["python", "x y"]) + b"at work\n")
    assert look(run).status == "killed"
    with (run / LOG_FILE).open("a") as log:
        log.write("python -m ugatit: There is nothing at a: b.\n\n")
    state = look(run)
    assert (state.status, state.message) == ("failed", "There is nothing at a: b.")


def test_process_that_was_stopped_before_it_told_anything_is_stopped(run: Path) -> None:
    with hold_lock(run, "cpu"):
        pass
    (run / LOG_FILE).write_bytes(start_line(["python"]))
    log_stop_request(run)
    assert (look(run).status, look(run).message) == ("stopped", "")
    with (run / LOG_FILE).open("ab") as log:
        log.write(start_line(["python"]))
    assert look(run).status == "killed"


def test_crash_is_quoted_by_the_last_line_of_its_traceback(run: Path) -> None:
    with hold_lock(run, "cpu"):
        pass
    (run / LOG_FILE).write_text("$ x\nTraceback (most recent call last):\n  File\nImportError: no torch\x1b\n")
    assert look(run).message == "ImportError: no torch\N{REPLACEMENT CHARACTER}"


def test_steps_come_from_the_config_until_an_event_names_them(run: Path) -> None:
    write_manifest(run, Manifest("ugatit", {}, training={"steps": 70}))
    assert look(run).steps == 70
    told(run, status(0, "started", steps=80))
    assert look(run).steps == 80
    (run / CONFIG_FILE).write_text('{"training": 5}')
    assert look(run).steps == 80


def test_steps_repeated_after_a_resume_count_once_as_everywhere(run: Path) -> None:
    samples = [{"step": s, "time": START, "kind": "sample", "file": f"samples/{s}.png"} for s in (2, 4)]
    told(run, status(0, "started"), loss(1), loss(2), samples[0], loss(3), loss(4), samples[1])
    told(run, status(3, "resumed"), loss(4), loss(5))
    state = look(run)
    assert steps_of(state) == [1, 2, 3, 4, 5]
    assert steps_of(state) == [e["step"] for e in read_events(run / EVENTS_FILE) if e["kind"] == "loss"]
    assert state.samples == ((2, run / "samples" / "2.png"),)


def test_looking_again_and_again_sees_what_one_look_at_the_end_sees(run: Path) -> None:
    watching = RunMonitor(run)
    lines = [status(0, "started", steps=9), *map(loss, range(1, 6)), status(3, "resumed"), *map(loss, range(4, 9))]
    text = "".join(json.dumps(event) + "\n" for event in lines).encode()
    revisions = []
    for end in range(0, len(text) + 1, 97):
        # Torn at any place, as a reader may find it.
        with (run / EVENTS_FILE).open("ab") as file:
            file.write(text[end : end + 97])
        revisions.append(watching.poll().revision)
    state, fresh = watching.poll(), look(run)
    assert steps_of(state) == steps_of(fresh) == list(range(1, 9))
    assert (state.status, state.step, state.pace) == (fresh.status, fresh.step, fresh.pace)
    assert revisions == sorted(set(revisions))


def test_nothing_new_gives_the_same_state_without_reading(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(run, status(0, "started"), loss(1))
    watching = RunMonitor(run)
    first = watching.poll()
    monkeypatch.setattr(events.EventReader, "read", lambda _: pytest.fail("the events were read again"))
    monkeypatch.setattr(monitor, "read_manifest", lambda _: pytest.fail("the config was read again"))
    assert all(watching.poll() is first for _ in range(10))


def test_new_events_are_all_that_is_read(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(run, status(0, "started"), *map(loss, range(1, 1000)))
    watching = RunMonitor(run)
    watching.poll()
    parsed: list[bytes] = []
    parse = events.parse
    monkeypatch.setattr(events, "parse", lambda line: parsed.append(line) or parse(line))
    told(run, loss(1000))
    assert watching.poll().step == 1000
    assert len([line for line in parsed if line]) == 1


def test_change_of_any_part_is_a_new_revision(run: Path) -> None:
    watching = RunMonitor(run)
    seen = [watching.poll()]

    def changed() -> RunState:
        seen.append(watching.poll())
        assert seen[-1].revision > seen[-2].revision
        return seen[-1]

    with hold_lock(run, "cpu"):
        changed()
        told(run, status(0, "started", time.time() + 1))
        assert changed().status == "running"
    assert changed().status == "killed"
    checkpoint(run, 5)
    assert changed().checkpoint is not None


@pytest.mark.parametrize("grown", [False, True], ids=["shorter", "longer"])
def test_file_that_was_replaced_is_read_anew(grown: bool, run: Path) -> None:
    told(run, status(0, "started"), *map(loss, range(1, 9)), status(8, "finished"))
    watching = RunMonitor(run)
    assert watching.poll().status == "finished"
    lines = [status(0, "started", steps=5), *map(loss, range(101, 140 if grown else 103))]
    (run / EVENTS_FILE).write_text("".join(json.dumps(event) + "\n" for event in lines))
    state = watching.poll()
    assert (state.status, state.steps, steps_of(state)[0]) == ("killed", 5, 101)
    (run / EVENTS_FILE).unlink()
    assert watching.poll().losses == ()


GARBAGE = [
    b"[]",
    b"{",
    b"\x00\xff\xfe",
    b'{"step": 1}',
    b'{"step": -1, "kind": "loss"}',
    b'{"step": true, "kind": "loss"}',
    b'{"step": 1e400, "kind": "loss"}',
    b'{"step": ' + b"9" * 30 + b', "kind": "loss"}',
    b'{"step": ' + b"9" * 5000 + b', "kind": "loss"}',
    b'{"step": 2, "kind": ["loss"]}',
    b'{"step": 2, "kind": "status", "status": ["finished"]}',
    b'{"step": 2, "kind": "sample", "file": 5}',
    b'{"step": 2, "kind": "status", "steps": "many"}',
    b"[" * 50_000,
    b"{" + b'"a": {' * 9_000,
    b'{"step": 2, "kind": "loss", "x": "' + b"y" * 3_000_000 + b'"}',
]


@pytest.mark.parametrize("line", GARBAGE, ids=lambda line: line[:40].decode(errors="replace"))
def test_garbage_between_events_is_passed_over(line: bytes, run: Path) -> None:
    told(run, status(0, "started", steps=50), loss(1))
    with (run / EVENTS_FILE).open("ab") as file:
        file.write(line + b"\n")
    told(run, loss(2))
    state = look(run)
    assert (steps_of(state), state.status, state.steps) == ([1, 2], "killed", 50)


def test_only_finite_numbers_reach_the_curves(run: Path) -> None:
    odd = {"a": float("nan"), "b": float("inf"), "c": "word", "d": None, "e": True, "f": [1], "g": 10**400, "h": 2}
    told(run, loss(1, generator=odd, discriminator=5, weighted={"generator": odd, "x": 7}, rho=[], rate="fast"))
    (row,) = look(run).losses
    assert (row["generator"], row["discriminator"], row["rho"]) == ({"h": 2.0}, {}, {})
    assert row["weighted"] == {"generator": {"h": 2.0}, "x": 7.0}
    assert "rate" not in row


@pytest.mark.parametrize("when", ["now", None, float("nan"), -1, 1e308], ids=repr)
def test_odd_times_leave_pace_and_status_sound(when: object, run: Path) -> None:
    told(run, status(0, "started", steps=9), loss(1), {**loss(2), "time": when}, loss(3), status(3, "finished"))
    state = look(run)
    assert state.status == "finished"
    assert steps_of(state) == [1, 2, 3]
    assert state.pace is None or 0 < state.pace < float("inf")


def test_sample_cannot_lead_out_of_the_run(run: Path) -> None:
    told(run, {"step": 1, "time": START, "kind": "sample", "file": "../../../etc/passwd.png"})
    assert look(run).samples == ((1, run / "samples" / "passwd.png"),)


def test_long_run_is_thinned_evenly_in_bounded_memory(run: Path) -> None:
    count = 100_000
    with (run / EVENTS_FILE).open("w") as file:
        file.write(json.dumps(status(0, "started", steps=10 * count)) + "\n")
        file.writelines(json.dumps(loss(step)) + "\n" for step in range(10, 10 * count + 10, 10))
    watching = RunMonitor(run)
    tracemalloc.start()
    state = watching.poll()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < (run / EVENTS_FILE).stat().st_size / 2
    steps = steps_of(state)
    assert ROWS / 2 <= len(steps) <= ROWS
    assert (steps[0], steps[-1], state.step) == (10, 10 * count, 10 * count)
    assert len({b - a for a, b in pairwise(steps[:-1])}) == 1
    told(run, loss(10 * count + 10), loss(10 * count + 20))
    assert steps_of(watching.poll())[-1] == 10 * count + 20
    assert len(watching.poll().losses) <= ROWS


def test_thinned_run_that_goes_on_from_before_stays_in_order(run: Path) -> None:
    told(run, status(0, "started"), *map(loss, range(1, 5001)), status(3000, "resumed"), *map(loss, range(3001, 9001)))
    steps = steps_of(look(run))
    assert steps == sorted(set(steps))
    assert len(steps) <= ROWS
    assert steps[-1] == 9000


def test_many_threads_may_look_at_once(run: Path) -> None:
    watching, seen = RunMonitor(run), list[int]()
    log = EventLog(run / EVENTS_FILE)

    def onlooker() -> None:
        while not seen or seen[-1] < 300:
            seen.append(watching.poll().step)

    threads = [threading.Thread(target=onlooker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for step in range(1, 301):
        log.write("loss", step, {})
    for thread in threads:
        thread.join(60)
    assert steps_of(watching.poll()) == list(range(1, 301))


def test_run_folder_that_vanishes_is_no_error(run: Path) -> None:
    told(run, status(0, "started"), loss(1))
    watching = RunMonitor(run)
    watching.poll()
    os.rename(run, run.with_name("elsewhere"))
    assert watching.poll().losses == ()
