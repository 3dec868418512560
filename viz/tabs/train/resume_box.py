"""Controls for the settings that may change when a run is resumed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ugatit.config import TrainingConfig
from viz.i18n import words_in
from viz.tabs.language import Labels
from viz.tabs.updates import Updates

PRECISIONS = ("auto", "bf16", "fp32")


@dataclass(frozen=True)
class ResumeBox:
    """The controls. inputs: those that make `ResumeOptions`, in the order of its fields."""

    inputs: list[gr.components.Component]

    def updates(self, values: Sequence[Any]) -> Updates:
        """Return updates that set the controls to a run's settings."""
        return dict(zip(self.inputs, values, strict=True))


def build(visible: bool, labels: Labels) -> ResumeBox:
    """Build the controls, with texts in the first language. labels: registers them for translation."""
    texts = words_in("").train
    with gr.Accordion(texts.resume_with, open=False, elem_id="resume-with", visible=visible) as accordion:
        about = gr.Markdown(texts.resume_about, elem_classes="quiet")
        with gr.Row(equal_height=True):
            steps = _number("steps", precision=0)
            batch_size = _number("batch_size", precision=0)
            accumulate = _number("accumulate", precision=0)
        with gr.Row(equal_height=True):
            learning_rate = _number("learning_rate", step=1e-5)
            precision = gr.Dropdown(
                list(PRECISIONS), value=TrainingConfig.precision, label=texts.settings["precision"],
                elem_id="resume-precision", filterable=False, min_width=100,
            )  # fmt: skip
    labels.add(accordion, lambda words: gr.Accordion(label=words.train.resume_with))
    labels.add(about, lambda words: words.train.resume_about)
    numbers = {"steps": steps, "batch_size": batch_size, "accumulate": accumulate, "learning_rate": learning_rate}
    for name, number in numbers.items():
        labels.add_setting(number, name)
    labels.add(precision, lambda words: gr.Dropdown(label=words.train.settings["precision"]))
    return ResumeBox([steps, batch_size, accumulate, learning_rate, precision])


def _number(name: str, **options: Any) -> gr.Number:
    return gr.Number(
        getattr(TrainingConfig, name), label=words_in("").train.settings[name],
        elem_id=f"resume-{name.replace('_', '-')}", min_width=100, **options,
    )  # fmt: skip
