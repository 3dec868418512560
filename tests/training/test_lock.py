"""The lock of a run folder: one trainer at a time, known to others, and gone with its process however that ends."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import ROOT, environment
from ugatit.errors import ConfigError
from ugatit.training import lock
from ugatit.training.lock import (
    INHERITED_LOCK,
    LOCK_FILE,
    PROCESS_FILE,
    LockHolder,
    acquire_lock,
    hold_lock,
    lock_holder,
    write_process_note,
)

HOLD = """
import os, sys, time
from pathlib import Path
from ugatit.training.lock import hold_lock

with hold_lock(Path(sys.argv[1]), "cpu"):
    worker = os.fork() if "--with-worker" in sys.argv else None
    if worker != 0:
        print(worker or os.getpid(), flush=True)
    time.sleep(60)
"""


@contextmanager
def holding(folder: Path, *arguments: str, **popen: Any) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that has the lock, and the number it printed."""
    environ = {**environment(), "PYTHONPATH": str(ROOT), **popen.pop("env", {})}
    command = [sys.executable, "-c", HOLD, str(folder), *arguments]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, **popen) as process:
        assert process.stdout
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def soon(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return met


def test_nobody_trains_in_a_folder_that_is_new_or_missing(tmp_path: Path) -> None:
    assert lock_holder(tmp_path) is None
    assert lock_holder(tmp_path / "missing") is None
    assert list(tmp_path.iterdir()) == []


def test_holder_is_known_while_it_holds(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "new"
    with hold_lock(run, "cuda:0"):
        found = lock_holder(run)
        assert found is not None
        assert (found.pid, found.host, found.device, found.here) == (os.getpid(), socket.gethostname(), "cuda:0", True)
        assert abs(found.started - time.time()) < 60
    assert lock_holder(run) is None


def test_second_process_is_refused_naming_the_first(tmp_path: Path) -> None:
    with (
        holding(tmp_path) as (process, _),
        pytest.raises(ConfigError, match=f"in training by process {process.pid}: stop that first"),
        hold_lock(tmp_path, "cpu"),
    ):
        pass


def test_kill_frees_the_lock_although_a_forked_worker_lives_on(tmp_path: Path) -> None:
    with holding(tmp_path, "--with-worker") as (process, worker):
        found = lock_holder(tmp_path)
        assert found is not None
        assert found.pid == process.pid
        process.kill()
        process.wait()
        try:
            assert lock_holder(tmp_path) is None
            with hold_lock(tmp_path, "cpu"):
                assert os.kill(worker, 0) is None
        finally:
            os.kill(worker, signal.SIGKILL)


def test_error_inside_frees_the_lock(tmp_path: Path) -> None:
    with pytest.raises(KeyError), hold_lock(tmp_path, "cpu"):
        raise KeyError
    assert lock_holder(tmp_path) is None


def test_looking_never_keeps_a_trainer_from_starting(tmp_path: Path) -> None:
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            lock_holder(tmp_path)

    onlookers = [threading.Thread(target=look) for _ in range(3)]
    for onlooker in onlookers:
        onlooker.start()
    try:
        for _ in range(50):
            with hold_lock(tmp_path, "cpu"):
                assert (tmp_path / PROCESS_FILE).exists()
    finally:
        stop.set()
        for onlooker in onlookers:
            onlooker.join()


def test_lookers_do_not_take_each_other_for_a_trainer(tmp_path: Path) -> None:
    with hold_lock(tmp_path, "cpu"):
        pass
    seen: list[LockHolder | None] = []
    lookers = [
        threading.Thread(target=lambda: seen.extend(lock_holder(tmp_path) for _ in range(400))) for _ in range(4)
    ]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()
    assert seen == [None] * 1600


def test_of_several_processes_of_one_training_only_the_first_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hold_lock(tmp_path, "cuda:0"):
        monkeypatch.setenv("RANK", "1")
        with hold_lock(tmp_path, "cuda:1"):
            found = lock_holder(tmp_path)
            assert found is not None
            assert found.device == "cuda:0"
        assert lock_holder(tmp_path) == found


def test_lock_is_handed_on_to_a_process_that_is_started(tmp_path: Path) -> None:
    descriptor = acquire_lock(tmp_path)
    with holding(tmp_path, env={INHERITED_LOCK: str(descriptor)}, pass_fds=(descriptor,)) as (process, _):
        os.close(descriptor)
        found = lock_holder(tmp_path)
        assert found is not None
        assert found.pid == process.pid
        process.kill()
        process.wait()
        assert lock_holder(tmp_path) is None


@pytest.mark.parametrize("told", ["another", "closed", "nonsense"])
def test_word_of_a_lock_that_is_not_this_folders_is_ignored(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = acquire_lock(tmp_path / "other")
    monkeypatch.setenv(INHERITED_LOCK, {"another": str(other), "closed": "987654", "nonsense": "-1"}[told])
    with hold_lock(tmp_path / "run", "cpu"):
        assert INHERITED_LOCK not in os.environ
        assert lock_holder(tmp_path / "run") is not None
        assert lock_holder(tmp_path / "other") is not None
    os.close(other)


def test_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match=r"file/run cannot be written to \(Not a directory\): .* --run"):
        acquire_lock(tmp_path / "file" / "run")
    (tmp_path / "run" / LOCK_FILE).mkdir(parents=True)
    with pytest.raises(ConfigError, match=r"run cannot be written to \(Is a directory\)"):
        acquire_lock(tmp_path / "run")
    assert lock_holder(tmp_path / "file" / "run") is None


def test_file_system_without_locks_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_here(_: int, blocking: bool) -> bool:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock, "lock_descriptor", none_here)
    with pytest.raises(ConfigError, match="cannot lock files"):
        acquire_lock(tmp_path)
    assert lock_holder(tmp_path) is None


def test_full_disk_is_said_so_and_leaves_the_lock_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ConfigError, match="cannot be written to: No space left"), hold_lock(tmp_path, "cpu"):
        pass
    assert lock_holder(tmp_path) is None


GOOD = {"pid": 4242, "host": "here", "device": "cpu", "started": 1.5}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        *(json.dumps({**GOOD, "pid": pid}) for pid in (-1, 0, 1, True, "2", 2.5, None, 2**31)),
        *(json.dumps({**GOOD, "started": started}) for started in ("soon", float("nan"), 10**400)),
        json.dumps({**GOOD, "host": 5}),
    ],
    ids=lambda text: text[:60],
)
def test_damaged_note_names_no_process(text: str, tmp_path: Path) -> None:
    with hold_lock(tmp_path, "cpu"):
        (tmp_path / PROCESS_FILE).write_text(text)
        assert lock_holder(tmp_path) == LockHolder(pid=None)


def test_note_is_read_whole_at_any_moment(tmp_path: Path) -> None:
    read, stop = [], threading.Event()
    with hold_lock(tmp_path, "cpu"):

        def look() -> None:
            while not stop.is_set():
                read.append(lock_holder(tmp_path))

        onlooker = threading.Thread(target=look)
        onlooker.start()
        for number in range(200):
            write_process_note(tmp_path, os.getpid(), f"cuda:{number}")
        assert soon(lambda: len(read) > 0)
        stop.set()
        onlooker.join()
    assert {found.pid for found in read if found} == {os.getpid()}
    assert sorted(path.name for path in tmp_path.iterdir()) == [PROCESS_FILE, LOCK_FILE]
