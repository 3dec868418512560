"""A recipe from nothing to a weights folder with its card, and on from where it was stopped."""

import json
import shlex
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from tests.tiny import ROOT, command, environment
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.store import read_manifest
from ugatit.cli import options
from ugatit.cli.main import COMMANDS
from ugatit.errors import TranslationError
from ugatit.explain.snapshots import read_snapshots
from ugatit.training.events import read_events
from ugatit.training.presets import FIRST, PRESETS
from ugatit.training.run_settings import settings_from_preset
from weights.cards import written
from weights.recipes import RECIPES, Recipe, Stage
from weights.repeat import StoppedError, arguments, repeat

NETWORK = "--domain-a scenes:disc --domain-b scenes:square --ngf 4 --ndf 4 --blocks 1 --batch-size 1 --margin 0"
OPTIONS = f"{NETWORK} --image-size 32 --steps 80 --checkpoint-every 5 --keep 20"
STAGE = Stage(Path("runs/one"), OPTIONS)
PLAIN = Stage(Path("runs/plain"), f"{OPTIONS} --no-attention")
TINY = Recipe("Tiny", "Made up.", (STAGE,), {"1000": "one", "1001": "two"}, scenes=3, without_cam=PLAIN)


def begun_and_stopped(stage: Stage) -> None:
    """Train until the first checkpoint is there, then ask it to stop."""
    here = {**environment(), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command("train", *arguments(stage), "--device", "cpu"), env=here)
    while not list((stage.run / "checkpoints").glob("step_*/model.safetensors")):
        assert process.poll() is None
        time.sleep(0.05)
    process.terminate()
    assert process.wait() == 0


def steps_told(run: Path) -> list[int]:
    return [event["step"] for event in read_events(run / "events.jsonl")]


def test_stopped_in_its_first_run_it_goes_on_to_the_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    output = tmp_path / "weights" / "tiny"
    output.mkdir(parents=True)
    (output / "README.md").write_text("# Tiny\n\n<!-- figures -->\n<!-- end of figures -->\n\nBy hand.\n")
    begun_and_stopped(STAGE)
    assert steps_told(STAGE.run)[-1] < 80

    repeat(TINY, output, "cpu")

    assert steps_told(STAGE.run)[-1] == 80
    manifest = read_manifest(output)
    assert (manifest.title, manifest.description, manifest.step) == ("Tiny", "Made up.", 80)
    assert {way.moments[-1].step for way in read_snapshots(output)} == {80}
    measures = json.loads((output / "measures.json").read_text())
    assert set(measures["pointing"]) == set(measures["directions"]) == {"disc to square", "square to disc"}
    assert measures["directions"]["disc to square"]["pictures"] == 3
    assert measures["directions"]["disc to square"]["half"]["grey_levels"] < 0.5
    assert (measures["cam"]["image_size"], measures["cam"]["steps"]) == (32, 80)
    assert set(measures["cam"]["directions"]) == {"with CAM", "without CAM"}
    assert measures["cam"]["directions"]["with CAM"] != measures["cam"]["directions"]["without CAM"]
    card = (output / "README.md").read_text()
    assert written(card, "tiny", measures) == card
    assert f"{measures['pointing']['disc to square']['generator']['iou']:.3f}" in card
    assert card.endswith("By hand.\n")
    assert (output / "grid.webp").exists()
    assert (output / "losses.png").exists()
    assert {path.name for path in output.iterdir() if path.name.startswith(".")} == set()

    told = (STAGE.run / "events.jsonl").read_bytes()
    weights = load_model(output, "cpu").state_dict()
    repeat(TINY, output, "cpu")
    assert (STAGE.run / "events.jsonl").read_bytes() == told
    for name, values in load_model(output, "cpu").state_dict().items():
        np.testing.assert_array_equal(values.numpy(), weights[name].numpy())


def test_command_that_fails_ends_it_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    broken = Recipe("Broken", "", (Stage(Path("runs/x"), f"{NETWORK} --image-size 3"),), {})
    with pytest.raises(StoppedError, match="status 2"):
        repeat(broken, tmp_path / "weights", "cpu")
    assert not (tmp_path / "weights").exists()


@pytest.mark.parametrize("name", RECIPES)
def test_bundled_recipes_are_commands_that_can_begin(name: str) -> None:
    recipe = RECIPES[name]
    earlier: set[Path] = set()
    for stage in recipe.trainings:
        read = options.parse("ugatit", "", {"train": COMMANDS["train"]}, ["train", *shlex.split(stage.options)])
        given = {"domain_a": read.domain_a, "domain_b": read.domain_b, **read.settings}
        settings = settings_from_preset(PRESETS[FIRST], given)
        assert settings.training.steps // settings.training.checkpoint_every <= settings.training.keep
        assert read.start_from is None or Path(read.start_from) in earlier
        if recipe.data:
            assert settings.data.domain_a == str(recipe.data / "trainA")
        earlier.add(stage.run)
    assert settings.network.domains == read_manifest(ROOT / "weights" / name).domains


def test_error_of_a_stop_is_meant_for_people() -> None:
    assert issubclass(StoppedError, TranslationError)
