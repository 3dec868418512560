"""Panels, colour scales and texts that several steps share."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ugatit.explain.results import Explanation, GeneratorExplanation, Pooling
from ugatit.metrics import rank_correlation
from viz.i18n.schema import Words
from viz.lesson.difference import pixel_difference
from viz.lesson.maps import ATTENTION, SIGNED, Limits, draw_map, value_limits
from viz.lesson.number_format import format_number, format_signed
from viz.lesson.subject import Subject, first_map
from viz.lesson.view import ColorScale, Panel


def input_panel(subject: Subject, words: Words) -> Panel:
    """Return the panel of the picture as the networks see it."""
    texts = words.lesson
    return Panel("input", subject.picture, texts.input, texts.input_alt.format(name=subject.name), lossless=True)


def translation_panel(subject: Subject, image: Tensor, words: Words, name: str = "translation") -> Panel:
    """Return the panel of a translation. image: (1, 3, H, W) in [-1, 1]."""
    texts = words.lesson
    alt = texts.translation_alt.format(name=subject.name, to=subject.to)
    return Panel(name, subject.render(image), texts.translation, alt, lossless=True)


def attention_panel(
    subject: Subject, attention_map: Tensor, words: Words, name: str = "attention", limits: Limits | None = None
) -> Panel:
    """Return the panel of the generator's attention map over the input. attention_map: (1, 1, h, w), raw."""
    texts, values = words.lesson, first_map(attention_map)
    rows, columns = values.shape
    return Panel(
        name,
        draw_map(values, subject.picture, subject.grids(), limits=limits),
        texts.attention_map,
        texts.attention_alt.format(name=subject.name),
        details=texts.cells.format(columns=columns, rows=rows),
    )


def attention_scale(words: Words) -> ColorScale:
    """Return the colour scale of attention maps."""
    return ColorScale(ATTENTION, (words.lesson.lowest, words.lesson.highest))


def before_and_after_panels(
    subject: Subject, changed: GeneratorExplanation, words: Words, limits: Limits | None = None
) -> tuple[Panel, ...]:
    """Return the panels of attention map and translation before and after an intervention, both maps on one scale.

    limits: the raw values at the ends of that scale; by default the range of both maps.
    """
    texts, original = words.what_if, subject.explanation
    limits = limits or value_limits(np.stack([first_map(each.attention_map) for each in (original, changed)]))
    attention, attention_now = (
        attention_panel(subject, each.attention_map, words, name, limits)
        for each, name in ((original, "attention"), (changed, "attention-now"))
    )
    fields = {"name": subject.name, "to": subject.to}
    return (
        replace(attention, caption=texts.attention_before),
        replace(attention_now, caption=texts.attention_now, alt=texts.attention_now_alt.format(**fields)),
        replace(translation_panel(subject, original.image, words), caption=texts.translation_before),
        replace(
            translation_panel(subject, changed.image, words, "translation-now"),
            caption=texts.translation_now,
            alt=texts.translation_now_alt.format(**fields),
        ),
    )


def evidence_panel(subject: Subject, evidence: Tensor, name: str, caption: str, alt: str) -> Panel:
    """Return the panel of signed evidence over the input. evidence: (1, 1, h, w), raw."""
    return Panel(name, draw_map(first_map(evidence), subject.picture, subject.grids(), signed=True), caption, alt)


def evidence_scale(subject: Subject) -> ColorScale:
    """Return the colour scale of evidence: the target domain at the low end, the picture's domain at the high end."""
    return ColorScale(SIGNED, (subject.to, subject.origin))


def pooled_range(pooling: Pooling) -> tuple[str, str]:
    """Return the lowest and the highest pooled value of all channels, formatted."""
    return format_number(float(pooling.pooled.min())), format_number(float(pooling.pooled.max()))


def correlation_text(one: Tensor, other: Tensor) -> str:
    """Return the rank correlation of two raw maps, (1, 1, h, w) each, formatted; 0 if one of them is flat."""
    return format_signed(torch.nan_to_num(rank_correlation(one[0], other[0])).item())


def get_pooling(explanation: Explanation, name: str) -> Pooling:
    """Return one of an explanation's two poolings. name: `gap` or `gmp`."""
    return explanation.gap if name == "gap" else explanation.gmp


def change_sentence(subject: Subject, changed: GeneratorExplanation, words: Words) -> str:
    """Return a sentence on how much an intervention changed the translation."""
    difference = pixel_difference(subject.render(subject.explanation.image), subject.render(changed.image))
    return words.what_if.levels.format(levels=format_number(float(difference.mean()), 1))
