"""Going on with a run, as it was or with a few settings changed: after a failure, or for longer."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from ugatit.errors import ConfigError
from ugatit.training.settings import settings_of
from viz.tabs import train_texts as texts
from viz.tabs.wording import LABELS

PRECISIONS = ("auto", "bf16", "fp32")


@dataclass(frozen=True)
class Changes:
    """What is to be different from now on; None leaves a setting as it is. In the order of the controls."""

    steps: int | None = None
    batch_size: int | None = None
    accumulate: int | None = None
    learning_rate: float | None = None
    precision: str | None = None

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}

    def arguments(self, run: Path, done: int) -> list[str]:
        """Options of `python -m ugatit train --resume`. done: steps of the run so far.

        Raises TranslationError for what cannot be, before anything is started.
        """
        given = self.given()
        steps = settings_of(run).changed(given).training.steps
        if done >= steps:
            raise ConfigError(texts.ALL_DONE.format(done=f"{done:,}", steps=LABELS["steps"], box=texts.RESUME_WITH))
        return [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]


@dataclass(frozen=True)
class ResumeBox:
    """wishes: the controls that make `Changes`, in the order of its fields."""

    wishes: list[gr.components.Component]

    def emptied(self) -> dict[Any, Any]:
        """Updates after which nothing is asked to change: what was meant for one resume is not for the next."""
        return {control: gr.update(value=None) for control in self.wishes}


def build(visible: bool) -> ResumeBox:
    with gr.Accordion(texts.RESUME_WITH, open=False, elem_id="resume-with", visible=visible):
        gr.Markdown(texts.RESUME_ABOUT, elem_classes="quiet")
        with gr.Row(equal_height=True):
            steps = _number("steps", precision=0)
            batch = _number("batch_size", precision=0)
            times = _number("accumulate", precision=0)
        with gr.Row(equal_height=True):
            rate = _number("learning_rate", step=1e-5)
            precision = gr.Dropdown(
                [("as before", ""), *((name, name) for name in PRECISIONS)], value="", label=LABELS["precision"],
                elem_id="resume-precision", filterable=False, min_width=100,
            )  # fmt: skip
    return ResumeBox([steps, batch, times, rate, precision])


def _number(name: str, **options: Any) -> gr.Number:
    return gr.Number(
        None, label=LABELS[name], placeholder="as before", elem_id=f"resume-{name.replace('_', '-')}", min_width=100,
        **options,
    )  # fmt: skip
