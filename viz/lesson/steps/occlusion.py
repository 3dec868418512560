"""Step 5, continued: occlusion. How far the verdict falls when a grey square covers each part of the picture."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ugatit.errors import TranslationError
from ugatit.explain.deletion_insertion import maps_to_compare
from ugatit.explain.occlusion import Occlusion, measure_occlusion
from ugatit.images.placement import place_map
from viz.contact_sheet import enlarge
from viz.display import screen_factor
from viz.i18n.schema import Words
from viz.lesson.maps import SIGNED, draw_map, value_limits
from viz.lesson.number_format import format_number, format_signed
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_panel, attention_scale, input_panel
from viz.lesson.subject import Subject
from viz.lesson.view import Bar, Bars, ColorScale, Panel, View

NAME = "occlusion"
SHARES = (0.1, 0.167, 0.25, 0.35)
"""The sides of the square to choose from, as shares of the picture's shorter side."""
GREY = (128, 128, 128)


@dataclass(frozen=True)
class Settings(StepSettings):
    """size: the square's side as a share of the picture's shorter side, 0.05 to 0.5.

    Raises TranslationError for other sizes.
    """

    size: float = SHARES[1]

    def __post_init__(self) -> None:
        # The negation also rejects NaN.
        if not 0.05 <= self.size <= 0.5:
            raise TranslationError(f"The square's size lies between 0.05 and 0.5 of the picture, got {self.size}.")


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view before the measurement: the picture with the square on it, and the attention map."""
    texts, side = words.occlusion, _side(subject, settings)
    covered = subject.picture.copy()
    left, top = ((pixels - side) // 2 for pixels in covered.size)
    covered.paste(GREY, (left, top, left + side, top + side))
    alt = texts.covered_alt.format(name=subject.name)
    return _view(subject, words, Panel("covered", covered, texts.covered, alt, lossless=True), (texts.start,))


def run(subject: Subject, settings: Settings, words: Words) -> Iterator[View]:
    """Yield views of the verdict's fall under each square, as far as measured; the last compares it with the maps."""
    texts = words.occlusion
    for occlusion in measure_occlusion(subject.explainer, subject.encoded.pictures, _side(subject, settings)):
        measured = occlusion.fall[np.isfinite(occlusion.fall)]
        limits = value_limits(measured, signed=True)
        panel = Panel(
            "fall",
            _draw_fall(subject, occlusion, limits),
            texts.fall,
            texts.fall_alt.format(name=subject.name),
            details=texts.square.format(pixels=occlusion.size),
        )
        progress = texts.progress.format(done=occlusion.done, total=occlusion.total)
        largest = float(measured.max())
        result = texts.fell if largest > 0 else texts.never_fell
        fields = {"verdict": format_signed(occlusion.verdict), "least": format_signed(occlusion.verdict - largest)}
        limit = format_number(limits[1])
        scale = ColorScale(SIGNED, (texts.rises.format(by=limit), texts.falls.format(by=limit)))
        current = _view(subject, words, panel, (progress, result.format(**fields)), scale)
        yield _add_comparison(subject, occlusion, current, words) if occlusion.finished else current


def agreement_in_words(correlation: float, words: Words) -> str:
    """Return a phrase for a rank correlation in [-1, 1]."""
    texts = words.occlusion
    phrases = ((0.6, texts.strongly), (0.3, texts.somewhat), (0.1, texts.hardly), (-0.3, texts.not_at_all))
    return next((phrase for minimum, phrase in phrases if correlation >= minimum), texts.contrary)


def _view(
    subject: Subject, words: Words, panel: Panel, sentences: tuple[str, ...], scale: ColorScale | None = None
) -> View:
    attention = attention_panel(subject, subject.explanation.attention_map, words)
    return View(
        heading=words.occlusion.heading.title,
        sentences=sentences,
        rows=((input_panel(subject, words), panel, attention),),
        scales=(scale, attention_scale(words)) if scale else (attention_scale(words),),
    )


def _add_comparison(subject: Subject, occlusion: Occlusion, current: View, words: Words) -> View:
    """Return the view with the rank correlations between the measured fall and the maps."""
    texts, maps = words.occlusion, words.maps
    names = {"attention": maps.attention, "gap evidence": maps.gap_evidence, "gmp evidence": maps.gmp_evidence}
    values = maps_to_compare(subject.explanation)
    grid = subject.explainer.grids["generator"]
    correlations = {name: occlusion.agreement(values[name], grid) for name in names}
    attention = correlations["attention"]
    if math.isnan(attention):
        answer: tuple[str, ...] = (texts.flat,)
    else:
        how = agreement_in_words(attention, words)
        answer = texts.agrees.format(how=how), texts.correlation.format(correlation=format_signed(attention))
    bars = tuple(
        Bar(names[name], value, agreement_in_words(value, words))
        for name, value in correlations.items()
        if not math.isnan(value)
    )
    chart = Bars("agreement", texts.agreement, bars, (-1.0, 1.0), (texts.reverse, texts.same))
    return replace(current, sentences=(*answer, texts.why, *current.sentences[::-1]), charts=(chart,))


def _draw_fall(subject: Subject, occlusion: Occlusion, limits: tuple[float, float]) -> Image.Image:
    """Draw the fall over the picture; parts that are not measured yet show the picture."""
    left, top = subject.fitted.box[:2]
    grids = occlusion.grid.shifted(top), occlusion.grid.shifted(left)
    drawn = draw_map(np.nan_to_num(occlusion.fall), subject.picture, grids, signed=True, limits=limits)
    if occlusion.finished:
        return drawn
    factor = screen_factor(subject.picture)
    rows, columns = (grid.scaled(factor) for grid in grids)
    measured = (
        place_map(np.isfinite(occlusion.fall).astype(np.float32), rows, columns, (drawn.height, drawn.width)) > 0.5
    )
    return Image.composite(drawn, enlarge(subject.picture, factor), Image.fromarray(measured))


def _side(subject: Subject, settings: Settings) -> int:
    return max(1, round(settings.size * min(subject.picture.size)))
