"""Step 7 on the page: select a critic and the position of the patch that one of its scores judges."""

from collections.abc import Sequence

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.steps import critics
from viz.tabs.learn.step import Control, Step


def _controls(words: Words) -> Sequence[Control]:
    texts = words.critics
    return (
        Control(
            gr.Radio(_critics(words), value="local", label=texts.critic, interactive=True),
            relabel=lambda words: gr.update(label=words.critics.critic, choices=_critics(words)),
        ),
        Control(
            gr.Slider(0, 1, 0.5, step=0.01, label=texts.across, interactive=True),
            relabel=lambda words: gr.update(label=words.critics.across),
        ),
        Control(
            gr.Slider(0, 1, 0.5, step=0.01, label=texts.down, interactive=True),
            relabel=lambda words: gr.update(label=words.critics.down),
        ),
    )


def _critics(words: Words) -> list[tuple[str, str]]:
    texts = words.critics
    return list(zip((texts.local_critic, texts.global_critic), critics.CRITICS, strict=True))


STEP = Step(
    name=critics.NAME,
    number="7",
    settings=critics.Settings,
    heading=lambda words: words.critics.heading,
    view=critics.view,
    controls=_controls,
)
