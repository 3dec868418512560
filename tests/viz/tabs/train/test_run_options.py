"""The settings of a new run, as command-line options."""

from pathlib import Path
from typing import Any

import pytest

from tests.live import save_tiny
from tests.toy import Toy
from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import read_manifest
from ugatit.cli import options
from ugatit.cli.main import COMMANDS
from ugatit.config import FITS
from ugatit.errors import ConfigError, WeightsError
from ugatit.models.registry import MODELS
from ugatit.models.ugatit import PRESETS
from viz.i18n.english import ENGLISH
from viz.tabs.train.run_options import RunOptions

SOURCES = ("scenes:disc", "scenes:square")


@pytest.fixture
def weights(tmp_path: Path) -> WeightsEntry:
    folder = save_tiny(tmp_path / "weights", 0, ("round", "angular"))
    return WeightsEntry("weights", folder, read_manifest(folder))


def parse(arguments: list[str]) -> dict[str, Any]:
    """Return what the command line parses from options."""
    command = options.parse("ugatit", "", COMMANDS, ["train", "--domain-a=a", "--domain-b=b", *arguments])
    return vars(command)


@pytest.mark.parametrize("preset", PRESETS)
def test_without_settings_everything_is_left_to_the_preset(preset: str) -> None:
    assert parse(RunOptions(preset).arguments(SOURCES, ("a", "b"), None))["preset"] == preset


def test_the_command_line_parses_every_setting(weights: WeightsEntry) -> None:
    run_options = RunOptions("light", 7, "pad", 2, 128, 3e-4, 50.0, freeze=True, seed=9)
    command = parse(run_options.arguments(SOURCES, ("round", "angular"), weights))
    expected = {
        "steps": 7, "fit": "pad", "batch_size": 2, "image_size": 128, "learning_rate": pytest.approx(3e-4), "cam": 50,
        "freeze": "encoder", "seed": 9,
    }  # fmt: skip
    assert {name: command["settings"][name] for name in expected} == expected
    assert str(weights.folder) in map(str, [*command.values(), *command["settings"].values()])


@pytest.mark.parametrize(
    ("run_options", "message"),
    [
        (RunOptions("slow"), "quick, light, paper"),
        (RunOptions(freeze=True), "start from"),
        (RunOptions(steps=0), "steps must be at least 1, got 0"),
        (RunOptions(image_size=33), "multiple of 4"),
        (RunOptions(learning_rate=-1.0), "learning_rate"),
        (RunOptions(cam=-1.0), "cam"),
        (RunOptions(fit="fold"), "crop, pad or stretch"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(run_options: RunOptions, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        run_options.arguments(SOURCES, ("a", "b"), None)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("cat", "cat"), "two different names"),
        (("--steps", "cat"), "--steps.*letter"),
        (("cat", "x" * 81), "domain"),
        (("cat", "two\nlines"), "one line"),
    ],
)
def test_names_that_cannot_be_domains_are_refused(names: tuple[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        RunOptions().arguments(SOURCES, names, None)


def test_the_page_describes_presets_as_the_command_line_does() -> None:
    assert ENGLISH.train.presets == {name: preset.summary for name, preset in PRESETS.items()}
    assert {*ENGLISH.train.fits} == {*FITS}


def test_a_model_gets_only_values_of_settings_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, Toy.name, Toy)
    run_options = RunOptions("quick", 7, "pad", 2, 32, 3e-4, 50.0, seed=9, model="toy")
    arguments = run_options.arguments(("colors",), (), None)
    assert arguments[:4] == ["--model", "toy", "--preset", "quick"]
    assert not {"--cam", "--freeze", "--domains"} & {*arguments}
    command = vars(options.parse("ugatit", "", COMMANDS, ["train", "--data=colors", *arguments]))
    expected = {"steps": 7, "fit": "pad", "batch_size": 2, "image_size": 32, "seed": 9}
    assert {name: command["settings"][name] for name in expected} == expected
    assert command["model"] == "toy"


def test_stargan_gets_the_attributes_that_were_chosen() -> None:
    run_options = RunOptions("quick", 2, image_size=64, model="stargan")
    arguments = run_options.arguments(("celeba", "faces:micah"), (), None, ("Eyeglasses", "Black_Hair"))
    command = vars(options.parse("ugatit", "", COMMANDS, ["train", "--data", "celeba", "faces:micah", *arguments]))
    assert command["attributes"] == ("Eyeglasses", "Black_Hair")
    assert command["data"] == ("celeba", "faces:micah")
    assert {"steps": 2, "image_size": 64}.items() <= command["settings"].items()
    assert "--attributes" not in run_options.arguments(("celeba",), (), None)
    with pytest.raises(ConfigError, match="An attribute cannot be called '-x'"):
        run_options.arguments(("celeba",), (), None, ("-x",))
    with pytest.raises(ConfigError, match="layers"):
        RunOptions("quick", image_size=40, model="stargan").arguments(("celeba",), (), None)


def test_the_options_of_the_default_model_do_not_name_it() -> None:
    assert "--model" not in RunOptions().arguments(SOURCES, ("a", "b"), None)


def test_a_model_refuses_what_it_cannot_be_trained_with(monkeypatch: pytest.MonkeyPatch, weights: WeightsEntry) -> None:
    monkeypatch.setitem(MODELS, Toy.name, Toy)
    toy = RunOptions(model="toy")
    with pytest.raises(ConfigError, match="no preset 'paper'; choose one of: quick"):
        RunOptions("paper", model="toy").arguments(("colors",), (), None)
    with pytest.raises(ConfigError, match="--data is needed"):
        toy.arguments(SOURCES, ("a", "b"), None)
    with pytest.raises(WeightsError, match="cannot start from a ugatit model"):
        toy.arguments(("colors",), (), weights)
    with pytest.raises(WeightsError, match="no model 'nope'"):
        RunOptions(model="nope").arguments(("colors",), (), None)
