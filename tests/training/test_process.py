"""Runs as processes of their own: started, found, stopped and resumed, by whoever comes along."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.tiny import ROOT, SCENES, TINY, environment
from ugatit.checkpoints.store import CONFIG_FILE
from ugatit.cli.main import main
from ugatit.errors import ConfigError
from ugatit.training import process
from ugatit.training.events import EVENTS_FILE, read_events
from ugatit.training.lock import PROCESS_FILE, hold_lock, lock_holder
from ugatit.training.monitor import RunMonitor, RunState
from ugatit.training.process import resume, start, stop
from ugatit.training.process_log import LOG_FILE
from ugatit.training.runs import delete_run, list_running, list_runs

STAND_IN = """
import os, sys, time
print("cwd", os.getcwd(), "stdin", repr(sys.stdin.read()), "session", os.getsid(0) == os.getpid(), flush=True)
print("complaint", file=sys.stderr, flush=True)
time.sleep(0 if "--brief" in sys.argv else 120)
"""


@pytest.fixture
def stand_in(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that only waits, in place of a training."""
    script = tmp_path_factory.mktemp("stand-in") / "wait.py"
    script.write_text(STAND_IN)
    monkeypatch.setattr(process, "command", lambda folder, arguments: [sys.executable, str(script), *arguments])


@pytest.fixture(autouse=True)
def cleared(tmp_path: Path) -> Iterator[None]:
    """No process of a test outlives it."""
    yield
    for run in list_running(tmp_path):
        found = lock_holder(run)
        if found and found.pid and found.pid != os.getpid():
            os.kill(found.pid, signal.SIGKILL)


def soon(condition: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return met


def ends(folder: Path) -> bool:
    return soon(lambda: lock_holder(folder) is None)


def reaches(watch: RunMonitor, step: int) -> None:
    assert soon(lambda: watch.poll().step >= step or watch.poll().status not in ("starting", "running"))
    assert watch.poll().status == "running", watch.poll().message


def pid_of(folder: Path) -> int:
    found = lock_holder(folder)
    assert found is not None
    assert found.pid is not None
    return found.pid


def said(folder: Path, words: str) -> bool:
    return soon(lambda: words in (folder / LOG_FILE).read_text())


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def make_run(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / CONFIG_FILE).write_text("{}")
    return folder


@pytest.mark.usefixtures("stand_in")
def test_run_is_a_detached_process_whose_words_are_kept(tmp_path: Path) -> None:
    run = tmp_path / "cats"
    start(run, [])
    assert list_running(tmp_path) == [run]
    assert said(run, "complaint")
    assert f"cwd {os.getcwd()} stdin '' session True\ncomplaint\n" in (run / LOG_FILE).read_text()


@pytest.mark.usefixtures("stand_in")
def test_log_keeps_the_words_of_every_start(tmp_path: Path) -> None:
    run = make_run(tmp_path / "cats")
    for _ in range(2):
        resume(run, ["--brief"])
        assert ends(run)
    log = (run / LOG_FILE).read_text()
    assert log.count("complaint") == log.count("--resume --brief") == 2


def test_command_line_is_that_of_the_shell(tmp_path: Path) -> None:
    folder = tmp_path / "-odd name"
    assert process.command(folder, ["--steps", "5"]) == [
        *[sys.executable, "-m", "ugatit", "train"],
        *[f"--run={folder}", "--steps", "5"],
    ]


@pytest.mark.usefixtures("stand_in")
def test_run_that_ended_leaves_no_zombie(tmp_path: Path) -> None:
    start(tmp_path / "cats", [])
    pid = pid_of(tmp_path / "cats")
    assert is_there(pid)
    stop(tmp_path / "cats")
    assert soon(lambda: not is_there(pid))
    assert list_running(tmp_path) == []


@pytest.mark.usefixtures("stand_in")
def test_second_run_on_the_same_device_is_told_which_is_in_its_way(tmp_path: Path) -> None:
    start(tmp_path / "cats", ["--device", "cpu"])
    with pytest.raises(ConfigError, match="cats is in training on cpu: stop it first, or wait for its end"):
        start(tmp_path / "dogs", ["--device=cpu"])
    with pytest.raises(ConfigError, match="cats is in training on cpu"):
        resume(make_run(tmp_path / "birds"), ["--device", "cpu"])
    assert not (tmp_path / "dogs").exists()


@pytest.mark.usefixtures("stand_in")
def test_run_on_another_device_is_in_nobodys_way(tmp_path: Path) -> None:
    with hold_lock(make_run(tmp_path / "far"), "cuda:3"):
        start(tmp_path / "near", ["--device", "cpu"])
        assert len(list_running(tmp_path)) == 2


@pytest.mark.usefixtures("stand_in")
def test_run_in_training_is_not_started_again_on_any_device(tmp_path: Path) -> None:
    run = make_run(tmp_path / "cats")
    with hold_lock(run, "cuda:3"), pytest.raises(ConfigError, match="cats is in training on cuda:3"):
        resume(run, ["--device", "cpu"])


@pytest.mark.usefixtures("stand_in")
def test_of_many_starts_at_one_moment_one_wins(tmp_path: Path) -> None:
    def attempt(number: int) -> bool:
        try:
            start(tmp_path / f"run{number}", ["--device", "cpu"])
        except ConfigError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1
    assert len(list_running(tmp_path)) == 1


def test_start_and_resume_want_a_new_and_an_old_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cats already holds a run: resume it, or choose another name"):
        start(make_run(tmp_path / "cats"), [])
    with pytest.raises(ConfigError, match="dogs holds no run to resume"):
        resume(tmp_path / "dogs")


def test_device_that_is_not_there_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no device 'abacus'"):
        start(tmp_path / "cats", ["--device", "abacus"])
    assert list(tmp_path.iterdir()) == []


def test_runs_folder_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="file cannot be written to"):
        start(tmp_path / "file" / "cats", [])


@pytest.mark.usefixtures("stand_in")
def test_run_that_is_stopped_while_it_starts_has_stopped(tmp_path: Path) -> None:
    start(tmp_path / "cats", [])
    stop(tmp_path / "cats")
    assert ends(tmp_path / "cats")
    assert RunMonitor(tmp_path / "cats").poll().status == "stopped"


def test_there_is_nothing_to_stop_in_a_run_that_rests(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cats is not in training"):
        stop(make_run(tmp_path / "cats"))


@pytest.mark.usefixtures("stand_in")
def test_stranger_who_got_the_number_of_a_killed_trainer_is_left_alone(tmp_path: Path) -> None:
    run = tmp_path / "cats"
    start(run, [])
    os.kill(pid_of(run), signal.SIGKILL)
    assert ends(run)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        note = run / PROCESS_FILE
        note.write_text(json.dumps({**json.loads(note.read_text()), "pid": stranger.pid}))
        with pytest.raises(ConfigError, match="not in training"):
            stop(run)
        assert list_running(tmp_path) == []
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize(
    ("changes", "where"), [({"host": "elsewhere"}, "on elsewhere"), ({"pid": -1}, "left no note")], ids=["host", "pid"]
)
def test_process_that_cannot_be_asked_is_named(changes: dict[str, object], where: str, tmp_path: Path) -> None:
    run = make_run(tmp_path / "cats")
    with hold_lock(run, "cpu"):
        note = run / PROCESS_FILE
        note.write_text(json.dumps({**json.loads(note.read_text()), **changes}))
        with pytest.raises(ConfigError, match=f"cats is in training .*{where}.*: stop it there"):
            stop(run)


def test_runs_are_listed_newest_activity_first(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "older", "oldest")):
        (make_run(tmp_path / name) / EVENTS_FILE).touch()
        for file in (tmp_path / name).iterdir():
            os.utime(file, (1e9 - age, 1e9 - age))
    (tmp_path / "no run").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / CONFIG_FILE).touch()
    (tmp_path / "file").touch()
    assert [run.name for run in list_runs(tmp_path)] == ["new", "older", "oldest"]
    assert list_runs(tmp_path / "missing") == []


def test_removed_run_is_gone(tmp_path: Path) -> None:
    run = make_run(tmp_path / "cats")
    (run / "checkpoints").mkdir()
    delete_run(run)
    assert list(tmp_path.iterdir()) == []


def test_run_in_training_and_what_is_no_run_are_not_removed(tmp_path: Path) -> None:
    run = make_run(tmp_path / "cats")
    with hold_lock(run, "cpu"), pytest.raises(ConfigError, match="cats is in training by process"):
        delete_run(run)
    (tmp_path / "photos").mkdir()
    with pytest.raises(ConfigError, match="photos is no run folder"):
        delete_run(tmp_path / "photos")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cats", "photos"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([*SCENES, "--steps", "many"], "many"),
        (["--domain-a", "nowhere/at/all", "--domain-b", "scenes:disc"], "nowhere/at/all"),
    ],
    ids=["wrong option", "missing data"],
)
def test_start_that_dies_at_once_says_why(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    run = tmp_path / "cats"
    start(run, arguments)
    watch = RunMonitor(run)
    assert watch.poll().status == "starting"
    assert soon(lambda: watch.poll().status != "starting")
    state = watch.poll()
    assert state.status == "failed"
    assert message in state.message
    assert "\n" not in state.message
    assert "python -m" not in state.message


LAUNCH = """
import sys, time
from pathlib import Path
from ugatit.training.process import start

start(Path(sys.argv[1]), sys.argv[2:])
print("started", flush=True)
time.sleep(60)
"""


def test_training_survives_who_started_it_and_is_stopped_and_resumed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    run = tmp_path / "runs" / "cats"
    often = ["--log-every", "1", "--checkpoint-every", "5", "--sample-every", "1000000"]
    command = [sys.executable, "-c", LAUNCH, str(run), *SCENES, *TINY, *often, "--steps", "1000000", "--ema", "0"]
    environ = {**environment(), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout
        assert launcher.stdout.readline() == "started\n"
        launcher.kill()
    assert list_running(tmp_path / "runs") == [run]
    watch = RunMonitor(run)
    reaches(watch, 7)
    assert (watch.poll().status, watch.poll().steps) == ("running", 1_000_000)

    stop(run)
    assert soon(lambda: watch.poll().status == "stopped")
    assert ends(run)
    stopped = watch.poll()
    assert stopped.checkpoint is not None
    assert int(stopped.checkpoint.name.removeprefix("step_")) == stopped.step

    steps = stopped.step + 3
    resume(run, ["--steps", str(steps)])
    assert watch.poll().status == "starting"
    assert soon(lambda: watch.poll().status not in ("starting", "running"))
    finished = watch.poll()
    assert_done(finished, steps)
    assert [e["step"] for e in read_events(run / EVENTS_FILE) if e["kind"] == "loss"] == list(range(1, steps + 1))


def assert_done(state: RunState, steps: int) -> None:
    assert (state.status, state.step, state.steps, state.seconds_left, state.message) == (
        "finished",
        steps,
        steps,
        None,
        "",
    )
    assert state.checkpoint is not None
    assert state.checkpoint.name == f"step_{steps:07d}"
    assert state.losses[-1]["step"] == steps


def test_run_killed_in_training_is_seen_as_killed_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    run = tmp_path / "cats"
    start(run, [*SCENES, *TINY, "--log-every", "1", "--checkpoint-every", "2", "--steps", "1000000", "--ema", "0"])
    watch = RunMonitor(run)
    reaches(watch, 5)
    os.kill(pid_of(run), signal.SIGKILL)
    assert soon(lambda: watch.poll().status == "killed")
    state = watch.poll()
    assert state.checkpoint is not None
    saved = int(state.checkpoint.name.removeprefix("step_"))
    assert f"Resume it to go on from step {saved}" in state.message
    assert main(["train", "--resume", "--run", str(run), "--steps", str(state.step + 2)]) == 0
    assert_done(watch.poll(), state.step + 2)
