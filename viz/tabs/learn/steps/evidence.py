"""Step 4 on the page: select the pooling whose weights make up the evidence."""

from collections.abc import Sequence

import gradio as gr

from ugatit.explain.interventions import POOLINGS
from viz.i18n.schema import Words
from viz.lesson.steps import evidence
from viz.tabs.learn.step import Control, Step


def _controls(words: Words) -> Sequence[Control]:
    return (
        Control(
            gr.Radio(_poolings(words), value="gap", label=words.evidence.pooling),
            relabel=lambda words: gr.update(choices=_poolings(words), label=words.evidence.pooling),
        ),
    )


def _poolings(words: Words) -> list[tuple[str, str]]:
    return list(zip(words.evidence.pooled_by, POOLINGS, strict=True))


STEP = Step(
    name=evidence.NAME,
    number="4",
    settings=evidence.Settings,
    heading=lambda words: words.evidence.heading,
    view=evidence.view,
    controls=_controls,
    lacks=lambda subject: subject.truth is None,
)
