"""Step 6 on the page: shift rho, in one layer or all, and take gamma and beta from another picture."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.steps import adalin
from viz.lesson.subject import Subject
from viz.tabs.learn.step import Control, Step


def _controls(words: Words) -> Sequence[Control]:
    texts = words.adalin
    return (
        Control(
            gr.Slider(-1, 1, 0, step=0.05, label=texts.pull, info=texts.pull_info),
            relabel=lambda words: gr.update(label=words.adalin.pull, info=words.adalin.pull_info),
        ),
        Control(
            _dropdown(texts.all_layers, texts.layer),
            relabel=lambda words: gr.update(label=words.adalin.layer),
            options=_layers,
            read=lambda value: str(value or ""),
        ),
        Control(
            _dropdown(texts.own, texts.other),
            relabel=lambda words: gr.update(label=words.adalin.other),
            options=_others,
            read=lambda value: str(value or ""),
        ),
    )


def _dropdown(default: str, label: str) -> gr.Dropdown:
    """Return a dropdown whose choices depend on the picture; a link may set a value earlier, and the view checks it."""
    return gr.Dropdown([(default, "")], value="", label=label, allow_custom_value=True)


def _layers(subject: Subject, words: Words) -> Any:
    named = [(adalin.layer_label(name, words), name) for name in subject.explanation.rho]
    return gr.update(choices=[(words.adalin.all_layers, ""), *named])


def _others(subject: Subject, words: Words) -> Any:
    return gr.update(choices=[(words.adalin.own, ""), *((name, name) for name in subject.others)])


STEP = Step(
    name=adalin.NAME,
    number="6",
    settings=adalin.Settings,
    heading=lambda words: words.adalin.heading,
    view=adalin.view,
    controls=_controls,
)
