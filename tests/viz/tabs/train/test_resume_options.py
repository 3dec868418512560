"""Resuming a run with changed settings."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny import tiny_config
from ugatit.checkpoints.store import write_manifest
from ugatit.config import DataConfig, TrainingConfig
from ugatit.errors import ConfigError
from ugatit.models.manifest import Manifest
from viz.tabs.train.resume_options import ResumeOptions, current_values

SETTINGS = TrainingConfig(steps=100, batch_size=4, learning_rate=2e-4)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    data = DataConfig(("scenes:disc", "scenes:square"))
    write_manifest(tmp_path, Manifest("ugatit", tiny_config().to_dict(), data.to_dict(), SETTINGS.to_dict()))
    return tmp_path


def test_only_settings_that_differ_become_options(run: Path) -> None:
    options = ResumeOptions(*current_values(run))
    assert options == ResumeOptions(100, 4, 1, 2e-4, "auto")
    assert options.arguments(run, done=50) == []
    assert ResumeOptions().arguments(run, done=50) == []
    assert replace(options, batch_size=2, accumulate=2).arguments(run, 50) == ["--batch-size", "2", "--accumulate", "2"]


def test_a_finished_run_is_resumed_only_with_more_steps(run: Path) -> None:
    with pytest.raises(ConfigError, match="All its 100 steps are done"):
        ResumeOptions().arguments(run, done=100)
    assert ResumeOptions(steps=150).arguments(run, done=100) == ["--steps", "150"]
    with pytest.raises(ConfigError, match="are done"):
        ResumeOptions(steps=20).arguments(run, done=50)


def test_a_value_that_is_not_allowed_is_refused(run: Path) -> None:
    with pytest.raises(ConfigError, match="learning_rate"):
        ResumeOptions(learning_rate=2.0).arguments(run, done=0)


def test_a_run_without_settings_has_no_values(tmp_path: Path) -> None:
    assert current_values(tmp_path) == ()
