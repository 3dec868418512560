"""Messages that name command-line options are shown with the labels of the page's controls."""

from pathlib import Path

import pytest
import torch

from ugatit.config import DataConfig, TrainingConfig
from ugatit.models.ugatit import UGATITConfig, UGATITLossWeights
from ugatit.training.failures import explain_failure
from viz.i18n.english import ENGLISH
from viz.i18n.korean import KOREAN
from viz.tabs.messages import LABELS, in_page_terms

RUN = Path("/srv/my runs/cats2dogs")


@pytest.mark.parametrize(
    ("message", "expected"),
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
def test_options_become_labels_of_controls(message: str, expected: str) -> None:
    assert expected in in_page_terms(message, RUN, ENGLISH)


def test_labels_are_in_the_language_of_the_page() -> None:
    message = in_page_terms(f"Go on with --resume --run {RUN} --batch-size 2.", RUN, KOREAN)
    assert message == f"Go on with {KOREAN.train.resume} with “{KOREAN.train.settings['batch_size']}” 2."


@pytest.mark.parametrize("batch_size", [8, 1])
def test_the_failure_of_a_run_is_shown_without_options(batch_size: int) -> None:
    training, network = TrainingConfig(batch_size=batch_size), {"image_size": 64, "ngf": 16, "ndf": 16}
    for error in (MemoryError(), OSError(28, "No space left on device"), RuntimeError("a bug")):
        message = str(explain_failure(error, RUN, torch.device("cpu"), training, network))
        assert "--" in message
        shown = in_page_terms(message, RUN, ENGLISH)
        assert "--" not in shown
        assert str(RUN) not in shown


def test_every_label_belongs_to_a_setting_or_an_option() -> None:
    known = (TrainingConfig, DataConfig, UGATITConfig, UGATITLossWeights)
    assert {*LABELS} <= {"run", *(name for each in known for name in each.names())}
