"""Step 5 on the page: the brush."""

from collections.abc import Sequence

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.steps import elsewhere
from viz.tabs.learn.brush import brush_texts, brush_update, build_brush
from viz.tabs.learn.step import Control, Step


def _controls(words: Words) -> Sequence[Control]:
    return (
        Control(
            build_brush(words),
            relabel=lambda words: gr.update(words=brush_texts(words)),
            options=brush_update,
            read=lambda value: str(value or ""),
        ),
    )


STEP = Step(
    name=elsewhere.NAME,
    number="5",
    settings=elsewhere.Settings,
    heading=lambda words: words.elsewhere.heading,
    view=elsewhere.view,
    controls=_controls,
)
