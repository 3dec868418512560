"""Repeating a recipe from scratch to a weights folder with its card, and resuming it after an interruption."""

import json
import shlex
import subprocess
import time
from dataclasses import replace
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
from ugatit.models import UGATIT
from ugatit.training.events import read_events
from ugatit.training.run_settings import settings_from_preset
from weights.cards import fill_card
from weights.recipes import RECIPES, Recipe, Stage
from weights.repeat import StoppedError, repeat, train_arguments

NETWORK = "--domain-a scenes:disc --domain-b scenes:square --ngf 4 --ndf 4 --blocks 1 --batch-size 1 --margin 0"
OPTIONS = f"{NETWORK} --image-size 32 --steps 40 --checkpoint-every 5 --keep 20"
STAGE = Stage(Path("runs/one"), OPTIONS)
PLAIN = Stage(Path("runs/plain"), f"{OPTIONS} --no-attention")
TINY = Recipe("Tiny", "Made up.", (STAGE,), {"1000": "one", "1001": "two"}, held_out=3, without_cam=(PLAIN,))


def train_and_stop(stage: Stage) -> None:
    """Train until the first checkpoint is written, then terminate the process."""
    variables = {**environment(), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command("train", *train_arguments(stage), "--device", "cpu"), env=variables)
    while not list((stage.run / "checkpoints").glob("step_*/model.safetensors")):
        assert process.poll() is None
        time.sleep(0.05)
    process.terminate()
    assert process.wait() == 0


def event_steps(run: Path) -> list[int]:
    return [event["step"] for event in read_events(run / "events.jsonl")]


def test_interrupted_recipe_continues_to_the_finished_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    output = tmp_path / "weights" / "tiny"
    output.mkdir(parents=True)
    (output / "README.md").write_text("# Tiny\n\n<!-- figures -->\n<!-- end of figures -->\n\nBy hand.\n")
    train_and_stop(STAGE)
    assert event_steps(STAGE.run)[-1] < 40

    repeat(TINY, output, "cpu")

    assert event_steps(STAGE.run)[-1] == 40
    manifest = read_manifest(output)
    assert (manifest.title, manifest.description, manifest.step) == ("Tiny", "Made up.", 40)
    assert {growth.moments[-1].step for growth in read_snapshots(output)} == {40}
    measures = json.loads((output / "measures.json").read_text())
    assert set(measures["pointing"]) == set(measures["directions"]) == {"disc to square", "square to disc"}
    assert measures["directions"]["disc to square"]["pictures"] == 3
    assert measures["directions"]["disc to square"]["half"]["grey_levels"] < 0.5
    assert (measures["cam"]["image_size"], measures["cam"]["steps"]) == (32, 40)
    assert set(measures["cam"]["directions"]) == {"with CAM", "without CAM"}
    assert measures["cam"]["directions"]["with CAM"] != measures["cam"]["directions"]["without CAM"]
    card = (output / "README.md").read_text()
    assert fill_card(card, "tiny", measures) == card
    assert f"{measures['pointing']['disc to square']['generator']['iou']:.3f}" in card
    assert card.endswith("By hand.\n")
    assert (output / "grid.webp").exists()
    assert (output / "losses.png").exists()
    assert {path.name for path in output.iterdir() if path.name.startswith(".")} == set()

    events = (STAGE.run / "events.jsonl").read_bytes()
    weights = load_model(output, "cpu").state_dict()
    # Far pictures are measured once: it takes longest.
    repeat(replace(TINY, tells_far=False), output, "cpu")
    assert (STAGE.run / "events.jsonl").read_bytes() == events
    for name, values in load_model(output, "cpu").state_dict().items():
        np.testing.assert_array_equal(values.numpy(), weights[name].numpy())


def test_failing_command_ends_the_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    broken = Recipe("Broken", "", (Stage(Path("runs/x"), f"{NETWORK} --image-size 3"),), {})
    with pytest.raises(TranslationError, match="status 2") as error:
        repeat(broken, tmp_path / "weights", "cpu")
    assert error.type is StoppedError
    assert not (tmp_path / "weights").exists()


@pytest.mark.parametrize("name", RECIPES)
def test_commands_of_bundled_recipes_are_valid(name: str) -> None:
    recipe = RECIPES[name]
    earlier = {recipe.start.output} if recipe.start else set()
    for stage in recipe.trainings:
        parsed = options.parse("ugatit", "", {"train": COMMANDS["train"]}, ["train", *shlex.split(stage.options)])
        given = {"sources": (parsed.domain_a, parsed.domain_b), **parsed.settings}
        settings = settings_from_preset(UGATIT, UGATIT.presets[UGATIT.default_preset], given)
        assert settings.training.steps // settings.training.checkpoint_every <= settings.training.keep
        assert parsed.start_from is None or Path(parsed.start_from) in earlier
        if recipe.data:
            assert settings.data.sources[0] == str(recipe.data / "trainA")
        earlier.add(stage.run)
    assert settings.network.domains == read_manifest(ROOT / "weights" / name).domains
