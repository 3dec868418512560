"""The command `import`."""

from collections.abc import Callable
from pathlib import Path

import torch

from tests.tiny import ugatit
from tests.weights_folders import make_weights
from ugatit import load_model
from ugatit.checkpoints.store import CONFIG_FILE, read_manifest
from ugatit.cli.main import main


def test_import_copies_a_run_with_its_description(tmp_path: Path) -> None:
    make_weights(tmp_path / "run" / "checkpoints" / "step_0000007", description="Of a run.")
    output = tmp_path / "out"
    assert main(["import", str(tmp_path / "run"), "--output", str(output), "--half"]) == 0
    assert load_model(output).domains == ("flat", "clay")
    assert "Of a run." in (output / CONFIG_FILE).read_text(encoding="utf-8")


def test_import_turns_a_run_into_weights_as_a_process(run: Path, tmp_path: Path) -> None:
    result = ugatit("import", run, "--output", tmp_path / "new", "--title", "Shapes", "--half")
    assert result.returncode == 0, result.stderr
    manifest = read_manifest(tmp_path / "new")
    assert (manifest.title, manifest.step) == ("Shapes", 2)
    imported, original = load_model(tmp_path / "new").state_dict(), load_model(run).state_dict()
    assert all(torch.equal(value, original[name].half().float()) for name, value in imported.items())


def test_imported_weights_are_not_overwritten(weights: Path, run: Path, refusal: Callable[..., str]) -> None:
    assert "already holds weights" in refusal("import", run, "--output", weights)
    message = refusal("import", run, "--output", weights / "new", "--domains", "a", "b")
    assert "says its own domains" in message
