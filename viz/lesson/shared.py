"""Pictures that several steps show, captioned alike."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ugatit.explain.results import Explanation, GeneratorExplanation, Pooling
from ugatit.metrics import rank_correlation
from viz.i18n.schema import Words
from viz.lesson.difference import change
from viz.lesson.maps import ATTENTION, SIGNED, Limits, laid, limits_of
from viz.lesson.number_format import plain, signed
from viz.lesson.subject import Subject, of_first
from viz.lesson.view import ColorScale, Panel


def input_panel(subject: Subject, words: Words) -> Panel:
    """The picture as the networks see it."""
    said = words.lesson
    return Panel("input", subject.picture, said.input, said.input_alt.format(name=subject.name), exact=True)


def translation_panel(subject: Subject, image: Tensor, words: Words, name: str = "translation") -> Panel:
    """What the generator drew. image: (1, 3, H, W) in [-1, 1]."""
    said = words.lesson
    alt = said.translation_alt.format(name=subject.name, to=subject.to)
    return Panel(name, subject.drawn(image), said.translation, alt, exact=True)


def attention_panel(
    subject: Subject, attention_map: Tensor, words: Words, name: str = "attention", limits: Limits | None = None
) -> Panel:
    """The generator's attention over the input. attention_map: (1, 1, h, w), raw."""
    said, values = words.lesson, of_first(attention_map)
    rows, columns = values.shape
    return Panel(
        name,
        laid(values, subject.picture, subject.grids(), limits=limits),
        said.attention_map,
        said.attention_alt.format(name=subject.name),
        made=said.cells.format(columns=columns, rows=rows),
    )


def attention_scale(words: Words) -> ColorScale:
    return ColorScale(ATTENTION, (words.lesson.lowest, words.lesson.highest))


def before_and_after(
    subject: Subject, changed: GeneratorExplanation, words: Words, limits: Limits | None = None
) -> tuple[Panel, ...]:
    """Attention map and translation as they were and as an intervention left them, the maps in one scale.

    limits: of that scale, the range of both maps unless told.
    """
    said, untouched = words.what_if, subject.explained
    limits = limits or limits_of(np.stack([of_first(each.attention_map) for each in (untouched, changed)]))
    attention, attention_now = (
        attention_panel(subject, each.attention_map, words, name, limits)
        for each, name in ((untouched, "attention"), (changed, "attention-now"))
    )
    named = {"name": subject.name, "to": subject.to}
    return (
        replace(attention, caption=said.attention_before),
        replace(attention_now, caption=said.attention_now, alt=said.attention_now_alt.format(**named)),
        replace(translation_panel(subject, untouched.image, words), caption=said.translation_before),
        replace(
            translation_panel(subject, changed.image, words, "translation-now"),
            caption=said.translation_now,
            alt=said.translation_now_alt.format(**named),
        ),
    )


def evidence_panel(subject: Subject, evidence: Tensor, name: str, caption: str, alt: str) -> Panel:
    """Signed evidence over the input. evidence: (1, 1, h, w), raw."""
    return Panel(name, laid(of_first(evidence), subject.picture, subject.grids(), signed=True), caption, alt)


def evidence_scale(subject: Subject) -> ColorScale:
    """Evidence for the domain translated to, and for the one the picture is from."""
    return ColorScale(SIGNED, (subject.to, subject.origin))


def pooled_range(pooling: Pooling) -> tuple[str, str]:
    """The lowest and the highest of all channels' pooled values."""
    return plain(float(pooling.pooled.min())), plain(float(pooling.pooled.max()))


def agreement(one: Tensor, other: Tensor) -> str:
    """The rank correlation of two raw maps, (1, 1, h, w) each, as a number; 0 where one is flat and orders nothing."""
    return signed(torch.nan_to_num(rank_correlation(one[0], other[0])).item())


def pooling_named(explained: Explanation, name: str) -> Pooling:
    """One of an explanation's two poolings. name: `gap` or `gmp`."""
    return explained.gap if name == "gap" else explained.gmp


def levels_apart(subject: Subject, changed: GeneratorExplanation, words: Words) -> str:
    """How far an intervention moved the translation, as a sentence."""
    apart = change(subject.drawn(subject.explained.image), subject.drawn(changed.image))
    return words.what_if.levels.format(levels=plain(float(apart.mean()), 1))
