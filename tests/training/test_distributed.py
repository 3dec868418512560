"""Several processes train one model: real ones, as torchrun starts them, on the CPU."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.tiny import SCENES, TINY, ended
from tests.training.one_of_several import STEPS, Pictures, trainer
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.errors import ConfigError
from ugatit.training.checkpoint import load_state
from ugatit.training.distributed import ProcessGroup, process_group
from ugatit.training.events import Event, read_events

ALONE = ProcessGroup(torch.device("cpu"))
A_STEP = 4
"""Pictures of each domain: two processes with two parts of one."""


def torchrun(*arguments: object) -> subprocess.CompletedProcess[str]:
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    return ended([*launcher, *map(str, arguments)], timeout=180)


def several(output: Path, event: str, position: int) -> subprocess.CompletedProcess[str]:
    return torchrun(Path(__file__).with_name("one_of_several.py"), output, event, position)


def raw_events(run: Path) -> list[Event]:
    return [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two processes, of which only the second was asked to stop, in its fourth step."""
    run = tmp_path_factory.mktemp("stopped")
    result = several(run, "stop", 3 * A_STEP + 1)
    assert result.returncode == 0, result.stderr
    return run


def weights(run: Path, rank: int) -> tuple[int, dict[str, torch.Tensor]]:
    step, state = torch.load(run / f"rank{rank}.pt", weights_only=True)
    return step, state


def test_all_stop_at_the_same_step_with_the_same_weights(stopped: Path) -> None:
    (step, ours), (their_step, theirs) = (weights(stopped, rank) for rank in range(2))
    assert step == their_step == 3
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_two_processes_learn_what_one_does_from_all_their_pictures(stopped: Path, tmp_path: Path) -> None:
    alone = trainer(tmp_path, ALONE, Pictures(), batch_size=A_STEP, accumulate=1)
    first = {name: value.clone() for name, value in alone.learner.model.state_dict().items()}
    feed = alone.feed()
    for step in range(3):
        terms = alone.learner.update(next(feed), step, 1e-4)
    ours, together_ = alone.learner.model.state_dict(), weights(stopped, 0)[1]
    for name, value in ours.items():
        torch.testing.assert_close(together_[name], value, rtol=1e-4, atol=1e-5, msg=lambda m, n=name: f"{n}: {m}")
    assert not torch.equal(ours["generator_ab.to_rgb.weight"], first["generator_ab.to_rgb.weight"])
    # What is told of them is the mean over both.
    told = [event for event in raw_events(stopped) if event["kind"] == "loss"][-1]
    assert told["generator"] == pytest.approx({n: float(t) for n, t in terms[1].items()}, rel=1e-3, abs=1e-4)


def test_events_are_written_once(stopped: Path) -> None:
    told = [(event["kind"], event["step"]) for event in raw_events(stopped)]
    assert told == [
        ("status", 0), ("sample", 0), ("loss", 1), ("loss", 2), ("loss", 3), ("checkpoint", 3), ("status", 3)
    ]  # fmt: skip


def test_one_process_goes_on_with_the_pictures_that_two_left(stopped: Path) -> None:
    state = load_state(list_checkpoints(stopped / "checkpoints")[-1])
    assert (state["processes"], state["pictures"]) == (2, 3 * A_STEP)
    alone = trainer(stopped, ALONE, Pictures(), batch_size=A_STEP, accumulate=1)
    seen: list[int] = []
    alone.resume()
    seen = [position for positions in alone.sampler for position in positions]
    assert seen == list(range(3 * A_STEP, STEPS * A_STEP))


def test_process_that_fails_ends_all_with_one_message_after_a_save(tmp_path: Path) -> None:
    result = several(tmp_path, "fail", 2 * A_STEP + 1)
    assert result.returncode != 0
    assert result.stderr.count("told: ") == 1
    assert "told: There is no file 'a.png'. Once that is mended, go on with --resume" in result.stderr
    (error,) = [event for event in read_events(tmp_path / "events.jsonl") if event["kind"] == "error"]
    assert "a.png" in error["message"]
    assert [path.name for path in list_checkpoints(tmp_path / "checkpoints")] == ["step_0000002"]


def test_process_that_is_killed_does_not_leave_the_other_waiting(tmp_path: Path) -> None:
    result = several(tmp_path, "kill", 2 * A_STEP + 1)
    assert result.returncode != 0
    assert result.stderr.count("told: ") == 1
    (error,) = [event for event in read_events(tmp_path / "events.jsonl") if event["kind"] == "error"]
    assert "killed or its machine is gone: go on with --resume" in error["message"]


def test_command_line_is_the_same_for_several(tmp_path: Path) -> None:
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
def test_one_of_several_ends_without_taking_the_interpreter_apart(count: str, aborted: bool) -> None:
    program = (
        "import atexit, os; from ugatit.training.distributed import leave\n"
        "atexit.register(os.abort); print('done'); leave(3)"
    )
    environment = {**os.environ, "WORLD_SIZE": count}
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    # What was printed is there though nothing was left to flush it.
    assert result.returncode == (-signal.SIGABRT if aborted else 3)
    assert aborted or result.stdout == "done\n"


def test_device_that_cannot_be_shared_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    monkeypatch.setattr("ugatit.devices.resolve_device", torch.device)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(ConfigError, match="--device cuda:1 cannot be shared"), process_group("cuda:1"):
        pass
    with (
        pytest.raises(ConfigError, match="2 processes would share 1 CUDA devices: set --nproc_per_node 1"),
        process_group("cuda"),
    ):
        pass
