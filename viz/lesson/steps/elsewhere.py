"""Step 5: what if it looked elsewhere? A reader's painting changes the attention, and so the translation."""

from dataclasses import dataclass

from ugatit.explain.interventions import Paint
from viz.i18n.schema import Words
from viz.lesson.difference import pixel_difference
from viz.lesson.maps import value_limits
from viz.lesson.number_format import format_number
from viz.lesson.painting import AMPLIFY, FACTORS, SUPPRESS, Painting, grid_shape
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_scale, before_and_after_panels, input_panel
from viz.lesson.subject import Subject, first_map
from viz.lesson.view import Panel, View

NAME = "elsewhere"


@dataclass(frozen=True)
class Settings(StepSettings):
    """painted: a `Painting` as text; empty for none. Raises TranslationError for other texts."""

    painted: str = ""

    def __post_init__(self) -> None:
        self.painting((1, 1))

    def painting(self, cells: tuple[int, int]) -> Painting:
        """Return the painting; a blank one of (rows, columns) cells if nothing is painted."""
        return Painting.from_text(self.painted) if self.painted else Painting.blank(*cells)


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of attention and translation without and with the painting, one above the other."""
    texts, original, grids, size = words.elsewhere, subject.explanation, subject.grids(), subject.picture.size
    painting = settings.painting(grid_shape(size, grids))
    rows, columns = original.attention_map.shape[2:]
    mask = painting.mask((rows, columns), grids, size)
    explanation = subject.explain(Paint(mask)) if painting.painted.any() else original
    # On a common scale with amplified cells, the original map would be dark everywhere.
    limits = value_limits(first_map(original.attention_map))
    attention, attention_now, translation, translation_now = before_and_after_panels(
        subject, explanation, words, limits
    )
    painted = Panel(
        "painted", painting.draw_over(subject.picture), texts.painted, texts.painted_alt.format(name=subject.name)
    )
    amplified, suppressed = (int(mask.eq(FACTORS[letter]).sum()) for letter in (AMPLIFY, SUPPRESS))
    return View(
        heading=texts.heading.title,
        sentences=_sentences(painting, translation, translation_now, words),
        formulas=(
            texts.formula.format(
                factor=format_number(FACTORS[AMPLIFY], 0),
                harder=amplified,
                away=suppressed,
                rest=mask.numel() - amplified - suppressed,
            ),
        ),
        rows=((input_panel(subject, words), attention, translation), (painted, attention_now, translation_now)),
        scales=(attention_scale(words),),
    )


def _sentences(painting: Painting, before: Panel, after: Panel, words: Words) -> tuple[str, ...]:
    """Return how much the translation changed, inside and outside the painted cells."""
    texts = words.elsewhere
    if not painting.painted.any():
        return (texts.start,)
    difference = pixel_difference(before.picture, after.picture)
    painted = painting.pixel_mask(before.picture.size)
    whole, inside = float(difference.mean()), float(difference[painted].mean())
    if painted.all():
        return (texts.changed_all.format(whole=format_number(whole, 1)),)
    outside = float(difference[~painted].mean())
    changed = texts.changed.format(
        whole=format_number(whole, 1), inside=format_number(inside, 1), outside=format_number(outside, 1)
    )
    return (changed, texts.spreads) if outside >= 0.05 else (changed,)
