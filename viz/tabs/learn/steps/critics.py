"""Step 7 on the page: select a critic and the position of the patch that one of its scores judges."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from viz.i18n.schema import Words
from viz.lesson.steps import critics
from viz.lesson.subject import Subject
from viz.tabs.learn.step import Control, Step


def _controls(words: Words) -> Sequence[Control]:
    texts = words.critics
    return (
        Control(
            gr.Radio([(texts.critic, "")], value="", label=texts.critic, interactive=True),
            relabel=lambda words: gr.update(label=words.critics.critic),
            options=_critics,
            read=lambda value: str(value or ""),
            write=_to_value,
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


def _critics(subject: Subject, words: Words) -> Any:
    titles = words.attention_maps.titles
    # The settings' default, an empty name, is the first critic.
    choices = [(titles.get(name, name), name if index else "") for index, name in enumerate(subject.critics)]
    return gr.update(choices=choices or [(words.critics.critic, "")], visible=len(choices) > 1)


def _to_value(critic: str) -> Any:
    # A link names a critic before its subject is open, and Gradio refuses a value that is no choice.
    return gr.update(value=critic, choices=[(critic, critic)]) if critic else ""


STEP = Step(
    name=critics.NAME,
    number="7",
    settings=critics.Settings,
    heading=lambda words: words.critics.heading,
    view=critics.view,
    controls=_controls,
)
