"""Step 9 on the page: a slider through training, and a choice of the recorded pictures."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.steps import growth
from viz.lesson.subject import Subject
from viz.tabs.learn.step import Control, Step


def _controls(words: Words) -> Sequence[Control]:
    texts = words.growth
    return (
        Control(
            gr.Slider(1, 2, 1, step=1, label=texts.moment, interactive=True),
            relabel=lambda words: gr.update(label=words.growth.moment),
            options=_moments,
            read=_to_index,
            write=_to_number,
        ),
        Control(
            gr.Dropdown([(texts.sample, 0)], value=0, label=texts.sample, interactive=True),
            relabel=lambda words: gr.update(label=words.growth.sample),
            options=_samples,
        ),
    )


def _moments(subject: Subject, words: Words) -> Any:
    count, _ = growth.choices(subject)
    return gr.update(maximum=max(count, 2), visible=count > 1)


def _samples(subject: Subject, words: Words) -> Any:
    _, names = growth.choices(subject)
    return gr.update(choices=[(name, index) for index, name in enumerate(names)] or [("", 0)], visible=len(names) > 1)


def _to_index(number: float) -> int:
    return int(number) - 1


def _to_number(index: int) -> int:
    return index + 1


STEP = Step(
    name=growth.NAME,
    number="9",
    settings=growth.Settings,
    heading=lambda words: words.growth.heading,
    view=growth.view,
    controls=_controls,
)
