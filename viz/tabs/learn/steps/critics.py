"""Step 7 on the page: which critic, and where the patch lies that one of its scores judges."""

from collections.abc import Sequence

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.steps import critics
from viz.tabs.learn.step_box import Control, Step


def controls(words: Words) -> Sequence[Control]:
    """One for each field of the settings: the critic, and the patch's place across and down."""
    said = words.critics
    return (
        Control(
            gr.Radio(_critics(words), value="local", label=said.critic, interactive=True),
            relabel=lambda words: gr.update(label=words.critics.critic, choices=_critics(words)),
        ),
        Control(
            gr.Slider(0, 1, 0.5, step=0.01, label=said.across, interactive=True),
            relabel=lambda words: gr.update(label=words.critics.across),
        ),
        Control(
            gr.Slider(0, 1, 0.5, step=0.01, label=said.down, interactive=True),
            relabel=lambda words: gr.update(label=words.critics.down),
        ),
    )


def _critics(words: Words) -> list[tuple[str, str]]:
    said = words.critics
    return list(zip((said.local_critic, said.global_critic), critics.CRITICS, strict=True))


STEP = Step(
    name=critics.NAME,
    number="7",
    settings=critics.Settings,
    heading=lambda words: words.critics.heading,
    view=critics.view,
    controls=controls,
)
