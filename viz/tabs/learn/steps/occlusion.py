"""Step 5b on the page: select the size of the grey square."""

from collections.abc import Sequence

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.number_format import format_percent
from viz.lesson.steps import occlusion
from viz.tabs.learn.step import Control, Step


def _controls(words: Words) -> Sequence[Control]:
    return (
        Control(
            gr.Radio(_sizes(words), value=occlusion.Settings().size, label=words.occlusion.size),
            relabel=lambda words: gr.update(choices=_sizes(words), label=words.occlusion.size),
        ),
    )


def _sizes(words: Words) -> list[tuple[str, float]]:
    return [(words.occlusion.share.format(percent=format_percent(share)), share) for share in occlusion.SHARES]


STEP = Step(
    name=occlusion.NAME,
    number="5b",
    settings=occlusion.Settings,
    heading=lambda words: words.occlusion.heading,
    view=occlusion.view,
    controls=_controls,
    run=occlusion.run,
    lacks=lambda subject: subject.truth is None,
)
