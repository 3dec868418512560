"""Step 5, continued: a grey square slides over the picture; where does the verdict fall?"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ugatit.errors import TranslationError
from ugatit.explain.deletion_insertion import maps_to_compare
from ugatit.explain.occlusion import Occlusion, measure_occlusion
from ugatit.images.placement import place
from viz.contact_sheet import enlarged
from viz.display import screen_factor
from viz.i18n.schema import Words
from viz.lesson.maps import SIGNED, laid, limits_of
from viz.lesson.number_format import plain, signed
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_panel, attention_scale, input_panel
from viz.lesson.subject import Subject
from viz.lesson.view import Bar, Bars, ColorScale, Panel, View

NAME = "occlusion"
SHARES = (0.1, 0.167, 0.25, 0.35)
"""Sides of the square on offer, as shares of the picture's shorter side."""
GREY = (128, 128, 128)


@dataclass(frozen=True)
class Settings(StepSettings):
    """size: the square's side as a share of the picture's shorter side, 0.05 to 0.5."""

    size: float = SHARES[1]

    def __post_init__(self) -> None:
        # Negated, so that NaN is refused as well.
        if not 0.05 <= self.size <= 0.5:
            raise TranslationError(f"The square's size lies between 0.05 and 0.5 of the picture, got {self.size}.")


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """The picture with the square on it and the attention map, before anything was measured."""
    said, side = words.occlusion, _side(subject, settings)
    covered = subject.picture.copy()
    left, top = ((pixels - side) // 2 for pixels in covered.size)
    covered.paste(GREY, (left, top, left + side, top + side))
    alt = said.covered_alt.format(name=subject.name)
    return _view(subject, words, Panel("covered", covered, said.covered, alt, exact=True), (said.start,))


def run(subject: Subject, settings: Settings, words: Words) -> Iterator[View]:
    """How far the verdict fell under each square, as far as known; the last view compares it with the maps."""
    said = words.occlusion
    for found in measure_occlusion(subject.explainer, subject.encoded.pictures, _side(subject, settings)):
        known = found.fall[np.isfinite(found.fall)]
        limits = limits_of(known, signed=True)
        panel = Panel(
            "fall",
            _fall_over(subject, found, limits),
            said.fall,
            said.fall_alt.format(name=subject.name),
            made=said.square.format(pixels=found.size),
        )
        progress = said.progress.format(done=found.done, total=found.total)
        hardest = float(known.max())
        fell = said.fell if hardest > 0 else said.never_fell
        numbers = {"verdict": signed(found.verdict), "least": signed(found.verdict - hardest)}
        scale = ColorScale(SIGNED, (said.rises.format(by=plain(limits[1])), said.falls.format(by=plain(limits[1]))))
        shown = _view(subject, words, panel, (progress, fell.format(**numbers)), scale)
        yield _compared(subject, found, shown, words) if found.finished else shown


def agreement_in_words(correlation: float, words: Words) -> str:
    """A rank correlation in -1 to 1 as a phrase."""
    said = words.occlusion
    phrases = ((0.6, said.strongly), (0.3, said.somewhat), (0.1, said.hardly), (-0.3, said.not_at_all))
    return next((phrase for least, phrase in phrases if correlation >= least), said.contrary)


def _view(subject: Subject, words: Words, panel: Panel, says: tuple[str, ...], scale: ColorScale | None = None) -> View:
    attention = attention_panel(subject, subject.explained.attention_map, words)
    return View(
        heading=words.occlusion.heading.title,
        says=says,
        rows=((input_panel(subject, words), panel, attention),),
        scales=(scale, attention_scale(words)) if scale else (attention_scale(words),),
    )


def _compared(subject: Subject, found: Occlusion, shown: View, words: Words) -> View:
    """And whether the maps agree with what was measured."""
    said, maps = words.occlusion, words.maps
    names = {"attention": maps.attention, "gap evidence": maps.gap_evidence, "gmp evidence": maps.gmp_evidence}
    values = maps_to_compare(subject.explained)
    grid = subject.explainer.grids["generator"]
    agreement = {name: found.agreement(values[name], grid) for name in names}
    with_attention = agreement["attention"]
    if math.isnan(with_attention):
        answer: tuple[str, ...] = (said.flat,)
    else:
        how = agreement_in_words(with_attention, words)
        answer = said.agrees.format(how=how), said.correlation.format(correlation=signed(with_attention))
    bars = tuple(
        Bar(names[name], value, agreement_in_words(value, words))
        for name, value in agreement.items()
        if not math.isnan(value)
    )
    chart = Bars("agreement", said.agreement, bars, (-1.0, 1.0), (said.reverse, said.same))
    return replace(shown, says=(*answer, said.why, *shown.says[::-1]), charts=(chart,))


def _fall_over(subject: Subject, found: Occlusion, limits: tuple[float, float]) -> Image.Image:
    """The fall over the picture; what is not measured yet stays as it is."""
    left, top = subject.fitted.box[:2]
    grids = found.grid.shifted(top), found.grid.shifted(left)
    drawn = laid(np.nan_to_num(found.fall), subject.picture, grids, signed=True, limits=limits)
    if found.finished:
        return drawn
    factor = screen_factor(subject.picture)
    rows, columns = (grid.scaled(factor) for grid in grids)
    measured = place(np.isfinite(found.fall).astype(np.float32), rows, columns, (drawn.height, drawn.width)) > 0.5
    return Image.composite(drawn, enlarged(subject.picture, factor), Image.fromarray(measured))


def _side(subject: Subject, settings: Settings) -> int:
    return max(1, round(settings.size * min(subject.picture.size)))
