"""Step 2 on the page: select the pooling, the number of tiles, and the channels to switch off."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from ugatit.errors import TranslationError
from ugatit.explain.interventions import POOLINGS
from viz.i18n.schema import Words
from viz.lesson.steps import encoder
from viz.lesson.steps.encoder import MAX_STRONGEST, TILE_COUNTS
from viz.lesson.subject import Subject
from viz.tabs.learn.step import Control, Step


def _controls(words: Words) -> Sequence[Control]:
    texts = words.encoder
    return (
        Control(
            gr.Radio(_poolings(words), value="gmp", label=texts.pooling),
            relabel=lambda words: gr.update(choices=_poolings(words), label=words.encoder.pooling),
        ),
        Control(
            gr.Radio(list(TILE_COUNTS), value=TILE_COUNTS[1], label=texts.shown),
            relabel=lambda words: gr.update(label=words.encoder.shown),
        ),
        Control(
            gr.Slider(0, MAX_STRONGEST, value=0, step=1, label=texts.strongest),
            relabel=lambda words: gr.update(label=words.encoder.strongest),
            read=int,
        ),
        Control(
            # A link sets channels before a subject offers any; channels that do not exist are refused by the view.
            gr.Dropdown([], value=[], multiselect=True, allow_custom_value=True, label=texts.off, info=texts.off_info),
            relabel=lambda words: gr.update(label=words.encoder.off, info=words.encoder.off_info),
            options=_channels,
            read=_read_channels,
            write=list,
        ),
    )


def _poolings(words: Words) -> list[tuple[str, str]]:
    return list(zip(words.encoder.pooled_by, POOLINGS, strict=True))


def _read_channels(values: Sequence[int | str] | None) -> tuple[int, ...]:
    try:
        return tuple(sorted({int(channel) for channel in values or ()}))
    except ValueError as error:
        raise TranslationError(
            f"Channels are whole numbers, got {list(values or ())}: choose from the list."
        ) from error


def _channels(subject: Subject, words: Words) -> Any:
    count = subject.encoded.features.shape[1]
    return gr.update(choices=[(words.encoder.option.format(channel=channel), channel) for channel in range(count)])


STEP = Step(
    name=encoder.NAME,
    number="2",
    settings=encoder.Settings,
    heading=lambda words: words.encoder.heading,
    view=encoder.view,
    controls=_controls,
    pick=encoder.toggle_channel,
)
