"""Step 5: what if it looked elsewhere? A reader paints over the picture, attention and translation answer."""

from dataclasses import dataclass

from ugatit.explain.interventions import Paint
from viz.i18n.schema import Words
from viz.lesson.difference import change
from viz.lesson.maps import limits_of
from viz.lesson.number_format import plain
from viz.lesson.painting import AWAY, FACTORS, HARDER, Painting, cells_for
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_scale, before_and_after, input_panel
from viz.lesson.subject import Subject, of_first
from viz.lesson.view import Panel, View

NAME = "elsewhere"


@dataclass(frozen=True)
class Settings(StepSettings):
    """painted: a `Painting` as text; empty for none."""

    painted: str = ""

    def __post_init__(self) -> None:
        self.painting((1, 1))

    def painting(self, cells: tuple[int, int]) -> Painting:
        """What is painted; blank in (rows, columns) cells where nothing is."""
        return Painting.read(self.painted) if self.painted else Painting.blank(*cells)


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Attention and translation as the network learned them, and as painted, one above the other."""
    said, untouched, grids, size = words.elsewhere, subject.explained, subject.grids(), subject.picture.size
    painting = settings.painting(cells_for(size, grids))
    rows, columns = untouched.attention_map.shape[2:]
    mask = painting.mask((rows, columns), grids, size)
    explained = subject.explain(Paint(mask)) if painting.touched.any() else untouched
    # In one scale with cells three times as bright, the untouched map would be dark all over.
    limits = limits_of(of_first(untouched.attention_map))
    attention, attention_now, translation, translation_now = before_and_after(subject, explained, words, limits)
    painted = Panel("painted", painting.over(subject.picture), said.painted, said.painted_alt.format(name=subject.name))
    harder, away = (int(mask.eq(FACTORS[letter]).sum()) for letter in (HARDER, AWAY))
    return View(
        heading=said.heading.title,
        says=_says(painting, translation, translation_now, words),
        formulas=(
            said.formula.format(
                factor=plain(FACTORS[HARDER], 0), harder=harder, away=away, rest=mask.numel() - harder - away
            ),
        ),
        rows=((input_panel(subject, words), attention, translation), (painted, attention_now, translation_now)),
        scales=(attention_scale(words),),
    )


def _says(painting: Painting, before: Panel, after: Panel, words: Words) -> tuple[str, ...]:
    """How far the translation moved, where painted and elsewhere, both in numbers."""
    said = words.elsewhere
    if not painting.touched.any():
        return (said.start,)
    apart, touched = change(before.picture, after.picture), painting.pixels(before.picture.size)
    whole, inside = float(apart.mean()), float(apart[touched].mean())
    if touched.all():
        return (said.changed_all.format(whole=plain(whole, 1)),)
    outside = float(apart[~touched].mean())
    changed = said.changed.format(whole=plain(whole, 1), inside=plain(inside, 1), outside=plain(outside, 1))
    return (changed, said.spreads) if outside >= 0.05 else (changed,)
