"""The weights of run folders: each run's newest checkpoint, also while the run is in training."""

import threading
from pathlib import Path

import pytest

from tests.weights_folders import make_run, pruned_while_read
from ugatit import load_model
from ugatit.checkpoints.store import CONFIG_FILE
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.models.ugatit import UGATITConfig
from ugatit.training import runs
from ugatit.training.checkpoint import save_checkpoint
from ugatit.training.runs import trained_weights


def test_runs_are_listed_with_their_newest_weights_the_newest_run_first(tmp_path: Path) -> None:
    root = tmp_path / "runs"
    make_run(root, "old", 900, 1000, age=60)
    make_run(root, "new", 5)
    make_run(root, "without", age=-60)
    entries = trained_weights(root)
    assert [(entry.name, entry.folder.name, entry.manifest.domains) for entry in entries] == [
        ("new", "step_0000005", ("a", "b5")),
        ("old", "step_0001000", ("a", "b1000")),
    ]
    assert load_model(entries[1].folder).domains == ("a", "b1000")
    assert trained_weights(tmp_path / "missing") == []


def test_run_with_a_damaged_config_is_skipped_with_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (make_run(tmp_path, "bad", 5) / "checkpoints" / "step_0000005" / CONFIG_FILE).write_text("{")
    make_run(tmp_path, "good", 5)
    assert [entry.name for entry in trained_weights(tmp_path)] == ["good"]
    assert len(caplog.records) == 1
    assert "bad/checkpoints/step_0000005/config.json is not JSON" in caplog.text


def test_checkpoint_pruned_while_it_is_read_is_replaced_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path, "run", 1)
    monkeypatch.setattr(runs, "read_manifest", pruned_while_read(runs.read_manifest, run))
    (entry,) = trained_weights(tmp_path)
    assert entry.manifest.domains == ("a", "b3")


def test_run_in_training_can_be_loaded_at_any_moment(tmp_path: Path) -> None:
    run = make_run(tmp_path, "run", 1)
    config = UGATITConfig(domains=("a", "b"), image_size=32, ngf=2, ndf=2, blocks=1)
    stop = threading.Event()

    def train() -> None:
        step = 1
        while not stop.is_set():
            step += 1
            manifest = Manifest("ugatit", config.to_dict(), step=step)
            save_checkpoint(run / "checkpoints", UGATIT(config), manifest, {}, keep=1)

    trainer = threading.Thread(target=train)
    trainer.start()
    try:
        for _ in range(12):
            assert load_model(run).domains[0] == "a"
            assert len(trained_weights(tmp_path)) == 1
    finally:
        stop.set()
        trainer.join()
