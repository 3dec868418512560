"""Step 3 on the page: select what the attention weighs the channels by."""

from collections.abc import Sequence

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.steps import pooling
from viz.tabs.learn.step import Control, Step


def _controls(words: Words) -> Sequence[Control]:
    return (
        Control(
            gr.Radio(_choices(words), value="both", label=words.pooling.attend),
            relabel=lambda words: gr.update(choices=_choices(words), label=words.pooling.attend),
        ),
    )


def _choices(words: Words) -> list[tuple[str, str]]:
    return list(zip(words.pooling.choices, pooling.CHOICES, strict=True))


STEP = Step(
    name=pooling.NAME,
    number="3",
    settings=pooling.Settings,
    heading=lambda words: words.pooling.heading,
    view=pooling.view,
    controls=_controls,
    lacks=lambda subject: subject.truth is None,
)
