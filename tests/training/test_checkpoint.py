"""Checkpoints: whole or not at all, the newest few kept."""

from pathlib import Path

import pytest
import torch

from tests.tiny import tiny_model
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.store import Manifest, load_weights
from ugatit.training import checkpoint
from ugatit.training.checkpoint import checkpoints, load_state, save_checkpoint


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
    assert [path.name for path in checkpoints(tmp_path)] == ["step_0001000", "step_10000000"]


def test_saving_a_step_again_takes_its_place(tmp_path: Path, model: UGATIT) -> None:
    save(tmp_path, model, 5)
    save(tmp_path, model, 5)
    assert names(tmp_path) == ["step_0000005"]


@pytest.mark.parametrize("moment", ["save_weights", "_flush"])
def test_checkpoint_cut_short_is_not_seen_and_later_cleared(
    tmp_path: Path, model: UGATIT, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, model, 1)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, moment, lambda *_: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            save(tmp_path, model, 2)
    assert [path.name for path in checkpoints(tmp_path)] == ["step_0000001"]
    save(tmp_path, model, 3)
    assert names(tmp_path) == ["step_0000001", "step_0000003"]


def test_half_deleted_checkpoint_is_not_seen(tmp_path: Path, model: UGATIT, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, model, 1, keep=1)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint.shutil, "rmtree", lambda path: (path / "training.pt").unlink())
        save(tmp_path, model, 2, keep=1)
    assert [path.name for path in checkpoints(tmp_path)] == ["step_0000002"]
    save(tmp_path, model, 3, keep=1)
    assert names(tmp_path) == ["step_0000003"]


def test_no_folder_is_no_checkpoints(tmp_path: Path) -> None:
    assert checkpoints(tmp_path / "nowhere") == []


@pytest.mark.parametrize("content", [b"", b"junk", None])
def test_damaged_state_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "training.pt").write_bytes(content)
    with pytest.raises(WeightsError, match=r"training\.pt cannot be read, so the run cannot go on from it"):
        load_state(tmp_path)


def test_state_that_runs_code_is_refused(tmp_path: Path) -> None:
    torch.save({"step": Path}, tmp_path / "training.pt")
    with pytest.raises(WeightsError, match="cannot be read"):
        load_state(tmp_path)
