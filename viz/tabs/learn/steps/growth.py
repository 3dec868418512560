"""Step 9 on the page: a slider through time, and which of the kept pictures is shown."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.steps import growth
from viz.lesson.subject import Subject
from viz.tabs.learn.step_box import Control, Step


def controls(words: Words) -> Sequence[Control]:
    """One for each field of the settings: the moment and the picture."""
    said = words.growth
    return (
        Control(
            gr.Slider(1, 2, 1, step=1, label=said.moment, interactive=True),
            relabel=lambda words: gr.update(label=words.growth.moment),
            options=_moments,
            read=_from_0,
            write=_from_1,
        ),
        Control(
            gr.Dropdown([(said.sample, 0)], value=0, label=said.sample, interactive=True),
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


def _from_0(number: float) -> int:
    return int(number) - 1


def _from_1(index: int) -> int:
    return index + 1


STEP = Step(
    name=growth.NAME,
    number="9",
    settings=growth.Settings,
    heading=lambda words: words.growth.heading,
    view=growth.view,
    controls=controls,
)
