"""What is asked of a run on the page, as options of the command line."""

from pathlib import Path

import pytest

from tests.live import save_tiny
from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import read_manifest
from ugatit.cli import options
from ugatit.cli.main import COMMANDS
from ugatit.config import FITS
from ugatit.errors import ConfigError
from ugatit.training.presets import PRESETS
from viz.i18n.english import ENGLISH
from viz.tabs.train.settings_box import RunOptions

SOURCES = ("scenes:disc", "scenes:square")


@pytest.fixture
def start(tmp_path: Path) -> WeightsEntry:
    folder = save_tiny(tmp_path / "weights", 0, ("round", "angular"))
    return WeightsEntry("weights", folder, read_manifest(folder))


def read(arguments: list[str]) -> dict[str, object]:
    """What the command line makes of options."""
    command = options.parse("ugatit", "", COMMANDS, ["train", "--domain-a=a", "--domain-b=b", *arguments])
    return vars(command)


@pytest.mark.parametrize("preset", PRESETS)
def test_nothing_asked_leaves_all_to_the_preset(preset: str) -> None:
    settings = read(RunOptions(preset).arguments(SOURCES, ("a", "b"), None))
    assert settings["preset"] == preset


def test_the_command_line_reads_what_was_asked(start: WeightsEntry) -> None:
    wishes = RunOptions("light", 7, "pad", 2, 128, 3e-4, 50.0, freeze=True, seed=9)
    command = read(wishes.arguments(SOURCES, ("round", "angular"), start))
    asked = command["settings"]
    assert isinstance(asked, dict)
    assert asked["steps"] == 7
    assert asked["fit"] == "pad"
    assert asked["batch_size"] == 2
    assert asked["image_size"] == 128
    assert asked["learning_rate"] == pytest.approx(3e-4)
    assert asked["cam"] == 50
    assert asked["freeze"] == "encoder"
    assert asked["seed"] == 9
    assert str(start.folder) in map(str, [*command.values(), *asked.values()])


@pytest.mark.parametrize(
    ("wishes", "message"),
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
def test_what_cannot_be_is_told_before_anything_starts(wishes: RunOptions, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        wishes.arguments(SOURCES, ("a", "b"), None)


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


def test_the_page_sums_a_preset_up_as_the_command_line_does() -> None:
    assert ENGLISH.train.presets == {name: preset.summary for name, preset in PRESETS.items()}
    assert {*ENGLISH.train.fits} == {*FITS}
