"""What a run says in options of the command line is said on the page in the words of its controls."""

from pathlib import Path

import pytest
import torch

from ugatit.config import LossWeights, TrainingConfig, UGATITConfig
from ugatit.training.failures import explain_failure
from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.tabs.messages import LABELS, in_page_terms

RUN = Path("/srv/my runs/cats2dogs")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (f"Go on with --resume --run {RUN}.", "Go on with Resume."),
        (f"A loss broke. Resume with a lower --learning-rate: --resume --run {RUN}.", "with a lower “Learning rate”."),
        (f"Go on with --resume --run {RUN} --batch-size 2 --accumulate 4.", "with “Pictures at once” 2 and “Times a"),
        ("Go on with --resume --run runs/of.old.", "Go on with Resume."),
        ("Put them back, then --resume, or start anew.", "Put them back, then Resume, or start anew."),
        ("Begin another run with --image-size 48.", "Begin another run with “Image size” 48."),
        ("Read with fewer, by --workers 2.", "Read with fewer, by workers 2."),
        ("batch_size must be at least 1, got 0.", "“Pictures at once” must be at least 1, got 0."),
        (f"The disk of {RUN} is full.", "The disk of cats2dogs is full."),
        ("Started with --no-training.", "Started with --no-training."),
        ("The cam of a run, and its seed.", "The cam of a run, and its seed."),
    ],
)
def test_options_are_told_as_controls(message: str, words: str) -> None:
    assert words in in_page_terms(message, RUN, ENGLISH)


def test_the_controls_are_called_as_the_page_calls_them() -> None:
    told = in_page_terms(f"Go on with --resume --run {RUN} --batch-size 2.", RUN, KOREAN)
    assert told == f"Go on with {KOREAN.train.resume} with “{KOREAN.train.settings['batch_size']}” 2."


@pytest.mark.parametrize("batch_size", [8, 1])
def test_what_ends_a_run_names_no_option(batch_size: int) -> None:
    training = TrainingConfig(batch_size=batch_size)
    for error in (MemoryError(), OSError(28, "No space left on device"), RuntimeError("a bug")):
        told = str(explain_failure(error, RUN, torch.device("cpu"), training, {"image_size": 64, "ngf": 16, "ndf": 16}))
        assert "--" in told
        assert "--" not in in_page_terms(told, RUN, ENGLISH)
        assert str(RUN) not in in_page_terms(told, RUN, ENGLISH)


def test_every_label_is_of_a_setting_or_an_option() -> None:
    assert {*LABELS} <= {*TrainingConfig.names(), *UGATITConfig.names(), *LossWeights.names(), "run"}
