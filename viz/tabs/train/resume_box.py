"""Going on with a run, as it was or with a few settings changed: after a failure, or for longer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from ugatit.config import TrainingConfig
from ugatit.errors import ConfigError, TranslationError
from ugatit.training.run_settings import read_settings
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.language import Labels

PRECISIONS = ("auto", "bf16", "fp32")


class NoStepsLeftError(ConfigError):
    """A run is to go on that has no steps left. done: those it has done."""

    def __init__(self, done: int) -> None:
        self.done = done
        super().__init__(self.told(words_in("")))

    def told(self, words: Words) -> str:
        said = words.train
        return said.all_done.format(done=f"{self.done:,}", steps=said.settings["steps"], box=said.resume_with)


@dataclass(frozen=True)
class ResumeOptions:
    """How a run is to go on; None leaves a setting as it is. In the order of the controls."""

    steps: int | None = None
    batch_size: int | None = None
    accumulate: int | None = None
    learning_rate: float | None = None
    precision: str | None = None

    def arguments(self, run: Path, done: int) -> list[str]:
        """Options of `python -m ugatit train --resume`: what differs from the run's own settings.

        done: steps of the run so far. Raises AllDoneError where none are left, TranslationError for what cannot be,
        before anything is started.
        """
        settings = read_settings(run)
        given = {
            name: value
            for name, value in asdict(self).items()
            if value is not None and value != getattr(settings.training, name)
        }
        if done >= settings.changed(given).training.steps:
            raise NoStepsLeftError(done)
        return [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]


@dataclass(frozen=True)
class ResumeBox:
    """wishes: the controls that make `ResumeOptions`, in the order of its fields."""

    wishes: list[gr.components.Component]

    def showing(self, values: Sequence[Any]) -> dict[Any, Any]:
        """Updates by which the controls show a run's settings."""
        return dict(zip(self.wishes, values, strict=True))


def settings_shown(run: Path) -> tuple[Any, ...]:
    """A run's settings in the order of the controls; empty where they are not written or cannot be read."""
    try:
        training = read_settings(run).training
    except TranslationError:
        return ()
    return tuple(getattr(training, name) for name in asdict(ResumeOptions()))


def build(visible: bool, labels: Labels) -> ResumeBox:
    """The controls, in the first language's words. labels: keeps them in the page's."""
    said = words_in("").train
    with gr.Accordion(said.resume_with, open=False, elem_id="resume-with", visible=visible) as accordion:
        about = gr.Markdown(said.resume_about, elem_classes="quiet")
        with gr.Row(equal_height=True):
            steps = _number("steps", precision=0)
            batch = _number("batch_size", precision=0)
            times = _number("accumulate", precision=0)
        with gr.Row(equal_height=True):
            rate = _number("learning_rate", step=1e-5)
            precision = gr.Dropdown(
                list(PRECISIONS), value=TrainingConfig.precision, label=said.settings["precision"],
                elem_id="resume-precision", filterable=False, min_width=100,
            )  # fmt: skip
    labels.say(accordion, lambda words: gr.Accordion(label=words.train.resume_with))
    labels.say(about, lambda words: words.train.resume_about)
    for name, number in (("steps", steps), ("batch_size", batch), ("accumulate", times), ("learning_rate", rate)):
        labels.say_setting(number, name)
    labels.say(precision, lambda words: gr.Dropdown(label=words.train.settings["precision"]))
    return ResumeBox([steps, batch, times, rate, precision])


def _number(name: str, **options: Any) -> gr.Number:
    return gr.Number(
        getattr(TrainingConfig, name), label=words_in("").train.settings[name],
        elem_id=f"resume-{name.replace('_', '-')}", min_width=100, **options,
    )  # fmt: skip
