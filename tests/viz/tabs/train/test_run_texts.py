"""Texts about a run."""

from dataclasses import replace
from pathlib import Path

import pytest

from ugatit.training.monitor import RunState
from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.tabs.train.run_texts import duration_text, losses_alt, pace_text, rho_alt, sample_text, status_text

RUN = RunState("mine", Path("runs/mine"), "running", step=1200, steps=3000, pace=0.25, seconds_left=450.0)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 second"), (42, "42 seconds"), (60, "1 minute"), (750, "12 minutes"), (3600, "1 hour"),
        (3600 * 3 + 25 * 60, "3 hours 20 minutes"), (86_400, "1 day"), (86_400 * 4 + 3600 * 5, "4 days 5 hours"),
        (1e15, "more than a year"),
    ],
)  # fmt: skip
def test_a_duration_is_rounded_as_in_speech(seconds: float, text: str) -> None:
    assert duration_text(seconds, ENGLISH) == text


@pytest.mark.parametrize(
    ("pace", "text"), [(22.13, "22 s a step"), (0.5, "2 steps a second"), (0.04, "25 steps a second")]
)
def test_the_pace_is_given_in_the_unit_that_reads_better(pace: float, text: str) -> None:
    assert pace_text(pace, ENGLISH) == text


def test_the_status_of_a_running_run_has_step_pace_and_time_left() -> None:
    assert status_text(RUN, ENGLISH) == "Training, step 1,200 of 3,000 · 4 steps a second · 8 minutes left"
    assert status_text(replace(RUN, pace=None, seconds_left=None), ENGLISH) == "Training, step 1,200 of 3,000"


@pytest.mark.parametrize(
    ("status", "message", "text"),
    [
        ("starting", "", "Starting"),
        ("finished", "", "all 3,000 steps"),
        ("stopped", "", "Resume"),
        ("failed", "cuda:0 has too little memory: choose a smaller --batch-size.", "“Pictures at once”"),
        ("killed", "Its process ended without a word.", "without a word"),
    ],
)
def test_every_other_status_has_a_text(status: str, message: str, text: str) -> None:
    assert text in status_text(replace(RUN, status=status, message=message), ENGLISH)


def test_the_status_is_in_the_language_of_the_page() -> None:
    assert status_text(RUN, KOREAN) == "학습 중, 3,000스텝 가운데 1,200스텝 · 1초에 4스텝 · 8분 남음"
    failed = status_text(replace(RUN, status="failed", message="choose a smaller --batch-size."), KOREAN)
    assert f"“{KOREAN.train.settings['batch_size']}”" in failed


def test_a_run_that_failed_before_its_first_step_failed_to_start() -> None:
    text = status_text(replace(RUN, status="failed", step=0, steps=0, message="There is no folder x."), ENGLISH)
    assert text == "Failed to start. There is no folder x."


def test_the_newest_sample_is_called_so() -> None:
    assert sample_text(1500, 3, 8, ENGLISH) == "Step 1,500 · sample 3 of 8"
    assert sample_text(4000, 8, 8, ENGLISH).endswith("the newest")
    assert not sample_text(0, 1, 1, ENGLISH).endswith("the newest")


def test_the_alternative_text_of_curves_has_the_newest_values() -> None:
    row = {"step": 20, "generator": {"cycle.flat": 0.25}, "discriminator": {"adversarial": 0.5}, "rho": {"a.b": 0.9}}
    run = replace(RUN, losses=(row,))
    assert "cycle.flat 0.25" in losses_alt(run, ENGLISH)
    assert "adversarial 0.5" in losses_alt(run, ENGLISH)
    assert "a.b 0.90" in rho_alt(run, ENGLISH)
    assert losses_alt(RUN, ENGLISH)
    assert rho_alt(RUN, ENGLISH)
