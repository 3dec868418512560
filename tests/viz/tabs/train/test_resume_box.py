"""Going on with other settings: only what differs is asked for, and nothing that cannot be."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny import tiny_config
from ugatit.checkpoints.store import write_manifest
from ugatit.config import DataConfig, TrainingConfig
from ugatit.errors import ConfigError
from ugatit.models.manifest import Manifest
from viz.tabs.train.resume_box import ResumeOptions, settings_shown

OWN = TrainingConfig(steps=100, batch_size=4, learning_rate=2e-4)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    data = DataConfig("scenes:disc", "scenes:square")
    write_manifest(tmp_path, Manifest("ugatit", tiny_config().to_dict(), data.to_dict(), OWN.to_dict()))
    return tmp_path


def test_a_run_goes_on_as_it_was_unless_something_differs(run: Path) -> None:
    shown = ResumeOptions(*settings_shown(run))
    assert shown == ResumeOptions(100, 4, 1, 2e-4, "auto")
    assert shown.arguments(run, done=50) == []
    assert ResumeOptions().arguments(run, done=50) == []
    assert replace(shown, batch_size=2, accumulate=2).arguments(run, 50) == ["--batch-size", "2", "--accumulate", "2"]


def test_a_finished_run_goes_on_when_it_is_given_more_steps(run: Path) -> None:
    with pytest.raises(ConfigError, match="All its 100 steps are done"):
        ResumeOptions().arguments(run, done=100)
    assert ResumeOptions(steps=150).arguments(run, done=100) == ["--steps", "150"]
    with pytest.raises(ConfigError, match="are done"):
        ResumeOptions(steps=20).arguments(run, done=50)


def test_what_cannot_be_is_told_before_anything_is_started(run: Path) -> None:
    with pytest.raises(ConfigError, match="learning_rate"):
        ResumeOptions(learning_rate=2.0).arguments(run, done=0)


def test_of_a_run_without_settings_nothing_is_shown(tmp_path: Path) -> None:
    assert settings_shown(tmp_path) == ()
