from dataclasses import replace
from pathlib import Path

import pytest

from ugatit.training.monitor import RunState
from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.tabs.train.texts import latest_losses, latest_rho, moment_words, pace_words, spoken, status_words

RUN = RunState("mine", Path("runs/mine"), "running", step=1200, steps=3000, pace=0.25, seconds_left=450.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"), (42, "42 seconds"), (60, "1 minute"), (750, "12 minutes"), (3600, "1 hour"),
        (3600 * 3 + 25 * 60, "3 hours 20 minutes"), (86_400, "1 day"), (86_400 * 4 + 3600 * 5, "4 days 5 hours"),
        (1e15, "more than a year"),
    ],
)  # fmt: skip
def test_time_is_told_as_one_would_say_it(seconds: float, words: str) -> None:
    assert spoken(seconds, ENGLISH) == words


@pytest.mark.parametrize(
    ("pace", "words"), [(22.13, "22 s a step"), (0.5, "2 steps a second"), (0.04, "25 steps a second")]
)
def test_the_pace_is_told_in_the_unit_that_reads_better(pace: float, words: str) -> None:
    assert pace_words(pace, ENGLISH) == words


def test_a_run_says_how_far_how_fast_and_how_long() -> None:
    assert status_words(RUN, ENGLISH) == "Training, step 1,200 of 3,000 · 4 steps a second · 8 minutes left"
    assert status_words(replace(RUN, pace=None, seconds_left=None), ENGLISH) == "Training, step 1,200 of 3,000"


@pytest.mark.parametrize(
    ("status", "message", "words"),
    [
        ("starting", "", "Starting"),
        ("finished", "", "all 3,000 steps"),
        ("stopped", "", "Resume"),
        ("failed", "cuda:0 has too little memory: choose a smaller --batch-size.", "“Pictures at once”"),
        ("killed", "Its process ended without a word.", "without a word"),
    ],
)
def test_every_end_of_a_run_is_told(status: str, message: str, words: str) -> None:
    assert words in status_words(replace(RUN, status=status, message=message), ENGLISH)


def test_a_run_is_told_in_the_language_of_the_page() -> None:
    assert status_words(RUN, KOREAN) == "학습 중, 3,000단계 가운데 1,200단계 · 1초에 4단계 · 8분 남음"
    failed = status_words(replace(RUN, status="failed", message="choose a smaller --batch-size."), KOREAN)
    assert f"“{KOREAN.train.settings['batch_size']}”" in failed


def test_a_run_that_never_began_says_so() -> None:
    told = status_words(replace(RUN, status="failed", step=0, steps=0, message="There is no folder x."), ENGLISH)
    assert told == "Failed to start. There is no folder x."


def test_the_newest_moment_is_called_so() -> None:
    assert moment_words(1500, 3, 8, ENGLISH) == "Step 1,500 · sample 3 of 8"
    assert moment_words(4000, 8, 8, ENGLISH).endswith("the newest")
    assert not moment_words(0, 1, 1, ENGLISH).endswith("the newest")


def test_curves_are_told_to_those_who_cannot_see_them() -> None:
    row = {"step": 20, "generator": {"cycle.flat": 0.25}, "discriminator": {"adversarial": 0.5}, "rho": {"a.b": 0.9}}
    run = replace(RUN, losses=(row,))
    assert "cycle.flat 0.25" in latest_losses(run, ENGLISH)
    assert "adversarial 0.5" in latest_losses(run, ENGLISH)
    assert "a.b 0.90" in latest_rho(run, ENGLISH)
    assert latest_losses(RUN, ENGLISH)
    assert latest_rho(RUN, ENGLISH)
