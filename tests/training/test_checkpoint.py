"""Checkpoints: whole or not at all, the newest few kept."""

import resource
from collections.abc import Callable
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
from ugatit.training.checkpoint import load_state, newest_readable, save_checkpoint
from ugatit.training.failures import explain_failure


@pytest.fixture(scope="module")
def model() -> UGATIT:
    return tiny_model()


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


def test_saving_a_step_again_takes_its_place(tmp_path: Path, model: UGATIT) -> None:
    save(tmp_path, model, 5)
    save(tmp_path, model, 5)
    assert names(tmp_path) == ["step_0000005"]


@pytest.mark.parametrize("moment", ["save_weights", "_save_state", "flush"])
def test_checkpoint_cut_short_is_not_seen_and_later_cleared(
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


def test_half_deleted_checkpoint_is_not_seen(tmp_path: Path, model: UGATIT, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, model, 1, keep=1)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint.shutil, "rmtree", lambda path: (path / "training.pt").unlink())
        save(tmp_path, model, 2, keep=1)
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step_0000002"]
    save(tmp_path, model, 3, keep=1)
    assert names(tmp_path) == ["step_0000003"]


def test_no_folder_is_no_checkpoints(tmp_path: Path) -> None:
    assert list_checkpoints(tmp_path / "nowhere") == []


@pytest.mark.parametrize("content", [b"", b"junk", None])
def test_damaged_state_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "training.pt").write_bytes(content)
    with pytest.raises(WeightsError, match=r"training\.pt cannot be read"):
        load_state(tmp_path)


def test_state_that_runs_code_is_refused(tmp_path: Path) -> None:
    torch.save({"step": Path}, tmp_path / "training.pt")
    with pytest.raises(WeightsError, match="cannot be read"):
        load_state(tmp_path)


def damage_state(checkpoint: Path) -> None:
    path = checkpoint / "training.pt"
    path.write_bytes(path.read_bytes()[:-100])


def damage_weights(checkpoint: Path) -> None:
    path = checkpoint / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize("damage", [damage_state, damage_weights], ids=["state", "weights"])
def test_damaged_newest_is_moved_aside_for_the_one_before(
    tmp_path: Path, model: UGATIT, damage: Callable[[Path], None]
) -> None:
    save(tmp_path, model, 1)
    damage(save(tmp_path, model, 2))
    whole, aside = newest_readable(tmp_path)
    assert whole is not None
    assert whole.path.name == "step_0000001"
    assert whole.state["step"] == 1
    assert [path.name for path in aside] == ["damaged_step_0000002"]
    assert names(tmp_path) == ["damaged_step_0000002", "step_0000001"]


def test_damaged_only_one_is_named_and_stays(tmp_path: Path, model: UGATIT) -> None:
    damage_weights(save(tmp_path, model, 1))
    with pytest.raises(WeightsError, match=r"No checkpoint in .* can be read.*model\.safetensors"):
        newest_readable(tmp_path)
    assert names(tmp_path) == ["step_0000001"]


def test_checkpoint_that_memory_does_not_hold_is_not_taken_for_damaged(
    tmp_path: Path, model: UGATIT, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in (1, 2):
        save(tmp_path, model, step)

    def load(*_: object, **__: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(torch, "load", load)
    with pytest.raises(RuntimeError, match="DefaultCPUAllocator"):
        newest_readable(tmp_path)
    assert names(tmp_path) == ["step_0000001", "step_0000002"]


def test_nothing_of_a_checkpoint_stays_that_could_not_be_written(tmp_path: Path, model: UGATIT) -> None:
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
    told = explain_failure(raised.value, tmp_path, torch.device("cpu"), TrainingConfig(), {})
    assert "takes no larger files: make room" in str(told)
