"""Checkpoints: atomic writes, the newest few kept, damaged ones moved aside."""

import os
import resource
import signal
import sys
from pathlib import Path

import pytest
import torch

from tests.tiny import tiny_model
from ugatit.checkpoints.run_folders import list_checkpoints
from ugatit.checkpoints.store import load_weights
from ugatit.config import TrainingConfig
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.training import checkpoint
from ugatit.training.checkpoint import load_state, open_newest_checkpoint, save_checkpoint
from ugatit.training.failures import explain_failure


@pytest.fixture(scope="module")
def model() -> UGATIT:
    return tiny_model(blocks=0, ndf=2)


def save(folder: Path, model: UGATIT, step: int, keep: int = 2) -> Path:
    manifest = Manifest(model.name, model.config.to_dict(), step=step)
    return save_checkpoint(folder, model, manifest, {"step": step, "numbers": torch.ones(2)}, keep)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_checkpoint_holds_weights_config_and_state(tmp_path: Path, model: UGATIT) -> None:
    path = save(tmp_path / "checkpoints", model, 12)
    assert path.name == "step_0000012"
    assert names(path) == ["config.json", "model.safetensors", "training.pt"]
    loaded = load_weights(path)
    assert all(torch.equal(value, loaded.state_dict()[name]) for name, value in model.state_dict().items())
    assert load_state(path)["step"] == 12


def test_only_the_newest_are_kept(tmp_path: Path, model: UGATIT) -> None:
    for step in (900, 1000, 10_000_000):
        save(tmp_path, model, step)
    assert names(tmp_path) == ["step_0001000", "step_10000000"]
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step_0001000", "step_10000000"]


def test_saving_a_step_again_replaces_it(tmp_path: Path, model: UGATIT) -> None:
    save(tmp_path, model, 5)
    save(tmp_path, model, 5)
    assert names(tmp_path) == ["step_0000005"]


@pytest.mark.parametrize("moment", ["save_weights", "_save_state", "flush"])
def test_interrupted_checkpoint_is_ignored_and_later_deleted(
    tmp_path: Path, model: UGATIT, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, model, 1)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, moment, lambda *_: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            save(tmp_path, model, 2)
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step_0000001"]
    save(tmp_path, model, 3)
    assert names(tmp_path) == ["step_0000001", "step_0000003"]


def test_partly_deleted_checkpoint_is_ignored(tmp_path: Path, model: UGATIT, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, model, 1, keep=1)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint.shutil, "rmtree", lambda path: (path / "training.pt").unlink())
        save(tmp_path, model, 2, keep=1)
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step_0000002"]
    save(tmp_path, model, 3, keep=1)
    assert names(tmp_path) == ["step_0000003"]


def test_missing_folder_has_no_checkpoints(tmp_path: Path) -> None:
    assert list_checkpoints(tmp_path / "nowhere") == []


@pytest.mark.parametrize("content", [b"", b"junk", None])
def test_damaged_state_is_reported_with_its_path(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "training.pt").write_bytes(content)
    with pytest.raises(WeightsError, match=r"training\.pt cannot be read"):
        load_state(tmp_path)


def test_state_that_runs_code_is_refused(tmp_path: Path) -> None:
    torch.save({"step": Path}, tmp_path / "training.pt")
    with pytest.raises(WeightsError, match="cannot be read"):
        load_state(tmp_path)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize("name", ["training.pt", "model.safetensors"])
def test_damaged_newest_checkpoint_is_moved_aside_for_the_one_before(tmp_path: Path, model: UGATIT, name: str) -> None:
    save(tmp_path, model, 1)
    truncate(save(tmp_path, model, 2) / name)
    newest, moved = open_newest_checkpoint(tmp_path)
    assert newest is not None
    assert newest.path.name == "step_0000001"
    assert newest.state["step"] == 1
    assert [path.name for path in moved] == ["damaged_step_0000002"]
    assert names(tmp_path) == ["damaged_step_0000002", "step_0000001"]


def test_only_checkpoint_is_named_if_damaged_and_stays(tmp_path: Path, model: UGATIT) -> None:
    truncate(save(tmp_path, model, 1) / "model.safetensors")
    with pytest.raises(WeightsError, match=r"No checkpoint in .* can be read.*model\.safetensors"):
        open_newest_checkpoint(tmp_path)
    assert names(tmp_path) == ["step_0000001"]


def test_out_of_memory_does_not_count_as_damage(tmp_path: Path, model: UGATIT, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in (1, 2):
        save(tmp_path, model, step)

    def load(*_: object, **__: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(torch, "load", load)
    with pytest.raises(RuntimeError, match="DefaultCPUAllocator"):
        open_newest_checkpoint(tmp_path)
    assert names(tmp_path) == ["step_0000001", "step_0000002"]


def test_failed_write_leaves_nothing_of_the_checkpoint(tmp_path: Path, model: UGATIT) -> None:
    save(tmp_path, model, 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (tmp_path / "step_0000001" / "training.pt").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, hard))
    try:
        with pytest.raises((WeightsError, RuntimeError)) as raised:
            save(tmp_path, model, 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names(tmp_path) == ["step_0000001"]
    failure = explain_failure(raised.value, tmp_path, torch.device("cpu"), TrainingConfig(), {})
    assert "takes no larger files: make room" in str(failure)


def test_kill_at_any_file_operation_leaves_a_readable_checkpoint(tmp_path: Path, model: UGATIT) -> None:
    """A forked process is killed before its first file operation, its second, and so on."""
    kills = 0
    while True:
        folder = tmp_path / str(kills)
        for step in (1, 2):
            save(folder, model, step)
        child = os.fork()
        if not child:
            _kill_before(operation=kills, folder=folder)
            save(folder, model, 3)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        newest, damaged = open_newest_checkpoint(folder)
        assert newest is not None
        assert not damaged
        assert newest.state["step"] == int(newest.path.name.removeprefix("step_")) >= 2
        if not os.WIFSIGNALED(status):
            break
        save(folder, model, 4)
        assert [path.name for path in list_checkpoints(folder)][-1] == "step_0000004"
        assert not list(folder.glob(".*"))
        kills += 1
    assert newest.state["step"] == 3
    assert kills > 12


def _kill_before(operation: int, folder: Path) -> None:
    count = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event not in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"):
            return
        if event in ("os.remove", "os.rmdir") or str(arguments[0]).startswith(str(folder)):
            if count == operation:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1

    sys.addaudithook(watch)
