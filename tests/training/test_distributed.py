"""Distributed training with real processes, started by torchrun, on the CPU."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.tiny import SCENES, TINY, run_process
from tests.training.distributed_worker import STEPS, Pictures, trainer
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.errors import ConfigError
from ugatit.training.checkpoint import load_state
from ugatit.training.distributed import ProcessGroup, process_group
from ugatit.training.events import Event, read_events

SINGLE = ProcessGroup(torch.device("cpu"))
PER_STEP = 4
"""Pictures of each domain per step: two processes with two parts of one picture."""


def torchrun(*arguments: object) -> subprocess.CompletedProcess[str]:
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    return run_process([*launcher, *map(str, arguments)], timeout=180)


def train_two(output: Path, event: str, position: int) -> subprocess.CompletedProcess[str]:
    return torchrun(Path(__file__).with_name("distributed_worker.py"), output, event, position)


def raw_events(run: Path) -> list[Event]:
    return [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two processes; only the second was asked to stop, in its fourth step."""
    run = tmp_path_factory.mktemp("stopped")
    result = train_two(run, "stop", 3 * PER_STEP + 1)
    assert result.returncode == 0, result.stderr
    return run


def weights(run: Path, rank: int) -> tuple[int, dict[str, torch.Tensor]]:
    step, state = torch.load(run / f"rank{rank}.pt", weights_only=True)
    return step, state


def test_all_stop_at_the_same_step_with_the_same_weights(stopped: Path) -> None:
    (step, first), (other_step, second) = (weights(stopped, rank) for rank in range(2))
    assert step == other_step == 3
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_two_processes_learn_the_same_as_one_from_all_their_pictures(stopped: Path, tmp_path: Path) -> None:
    single = trainer(tmp_path, SINGLE, Pictures(), batch_size=PER_STEP, accumulate=1)
    initial = {name: value.clone() for name, value in single.learner.model.state_dict().items()}
    batches = single.batches()
    for step in range(3):
        terms = single.learner.update(next(batches), step, 1e-4)
    expected, actual = single.learner.model.state_dict(), weights(stopped, 0)[1]
    for name, value in expected.items():
        torch.testing.assert_close(actual[name], value, rtol=1e-4, atol=1e-5, msg=lambda m, n=name: f"{n}: {m}")
    assert not torch.equal(expected["generator_ab.to_rgb.weight"], initial["generator_ab.to_rgb.weight"])
    # Logged losses are means over both processes.
    logged = [event for event in raw_events(stopped) if event["kind"] == "loss"][-1]
    assert logged["generator"] == pytest.approx({n: float(t) for n, t in terms[1].items()}, rel=1e-3, abs=1e-4)


def test_events_are_written_once(stopped: Path) -> None:
    assert [(event["kind"], event["step"]) for event in raw_events(stopped)] == [
        ("status", 0), ("sample", 0), ("loss", 1), ("loss", 2), ("loss", 3), ("checkpoint", 3), ("status", 3)
    ]  # fmt: skip


def test_one_process_resumes_at_the_picture_where_two_stopped(stopped: Path) -> None:
    state = load_state(list_checkpoints(stopped / "checkpoints")[-1])
    assert (state["processes"], state["pictures"]) == (2, 3 * PER_STEP)
    single = trainer(stopped, SINGLE, Pictures(), batch_size=PER_STEP, accumulate=1)
    single.resume()
    assert [position for positions in single.sampler for position in positions] == list(
        range(3 * PER_STEP, STEPS * PER_STEP)
    )


def test_process_that_fails_ends_all_with_one_message_after_a_save(tmp_path: Path) -> None:
    result = train_two(tmp_path, "fail", 2 * PER_STEP + 1)
    assert result.returncode != 0
    assert result.stderr.count("reported: ") == 1
    assert "reported: There is no file 'a.png'. Once that is mended, go on with --resume" in result.stderr
    (error,) = [event for event in read_events(tmp_path / "events.jsonl") if event["kind"] == "error"]
    assert "a.png" in error["message"]
    assert [path.name for path in list_checkpoints(tmp_path / "checkpoints")] == ["step_0000002"]


def test_process_that_is_killed_does_not_leave_the_other_waiting(tmp_path: Path) -> None:
    result = train_two(tmp_path, "kill", 2 * PER_STEP + 1)
    assert result.returncode != 0
    assert result.stderr.count("reported: ") == 1
    (error,) = [event for event in read_events(tmp_path / "events.jsonl") if event["kind"] == "error"]
    assert "killed or its machine is gone: go on with --resume" in error["message"]


def test_command_line_trains_in_two_processes(tmp_path: Path) -> None:
    run = tmp_path / "run"
    sizes = [*TINY, "--blocks", 0, "--ndf", 2, "--steps", 2]
    result = torchrun("-m", "--", "ugatit", "train", *SCENES, *sizes, "--device", "cpu", "--run", run)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        f"Training in {run} on cpu, 2 processes; stop with Ctrl-C, go on with --resume.",
        f"Finished: {run}",
    ]
    assert load_state(list_checkpoints(run / "checkpoints")[-1])["pictures"] == 4


@pytest.mark.parametrize(("count", "aborted"), [("1", True), ("2", False)])
def test_one_of_several_processes_exits_without_interpreter_shutdown(count: str, aborted: bool) -> None:
    program = (
        "import atexit, os; from ugatit.training.distributed import exit_process\n"
        "atexit.register(os.abort); print('done'); exit_process(3)"
    )
    environment = {**os.environ, "WORLD_SIZE": count}
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    # The output was flushed although the interpreter did not shut down.
    assert result.returncode == (-signal.SIGABRT if aborted else 3)
    assert aborted or result.stdout == "done\n"


def test_device_that_cannot_be_shared_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    monkeypatch.setattr("ugatit.training.distributed.resolve_device", torch.device)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(ConfigError, match="--device cuda:1 cannot be shared"), process_group("cuda:1"):
        pass
    with (
        pytest.raises(ConfigError, match="2 processes would share 1 CUDA devices: set --nproc_per_node 1"),
        process_group("cuda"),
    ):
        pass
