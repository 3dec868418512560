"""Step 7: what the two critics look at, their scores, and how large a patch one score judges."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from PIL import Image

from ugatit.errors import TranslationError
from ugatit.explain.results import CriticExplanation
from ugatit.images.fitting import Fit
from ugatit.networks.geometry import Grid
from viz.contact_sheet import enlarged
from viz.display import screen_factor
from viz.i18n.schema import Words
from viz.lesson.maps import SIGNED, Limits, laid
from viz.lesson.number_format import plain
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_scale
from viz.lesson.subject import Map, Subject, of_first
from viz.lesson.view import ColorScale, Panel, Table, View
from viz.overlay import outline

NAME = "critics"
CRITICS = ("local", "global")
MIDDLE = 0.5
"""Halfway between the score of translated pictures, 0, and of real ones, 1."""
DOUBT = 0.1
"""How far from the middle a score, and how far from one another two means, say something."""


@dataclass(frozen=True)
class Settings(StepSettings):
    """critic: `local` or `global`. across, down: where the framed patch lies, as shares of the picture in [0, 1].

    Raises TranslationError for others.
    """

    critic: str = "local"
    across: float = 0.5
    down: float = 0.5

    def __post_init__(self) -> None:
        if self.critic not in CRITICS:
            raise TranslationError(f"There is no critic {self.critic[:40]!r}; choose local or global.")
        for name, share in (("across", self.across), ("down", self.down)):
            if not 0 <= share <= 1:
                raise TranslationError(f"{name} is a share of the picture from 0 to 1, got {share}.")


@dataclass(frozen=True)
class Judgement:
    """A critic's answer about one picture, and the patch of it that is asked for.

    on: `reference` or `translation`. fitted: the picture's. attention, patches: raw, (h, w) and (h - 1, w - 1).
    cell: row and column of the framed patch's score. rows, columns: where patches lie on the picture.
    """

    on: str
    picture: Image.Image
    fitted: Fit
    explained: CriticExplanation
    attention: Map
    patches: Map
    rows: Grid
    columns: Grid
    cell: tuple[int, int]

    @property
    def score(self) -> float:
        return float(self.patches[self.cell])

    @property
    def mean(self) -> float:
        return float(self.patches.mean())

    @property
    def window(self) -> tuple[slice, slice]:
        """The rows and columns of the picture that the score judges."""
        row, column = self.cell
        return _seen(self.rows, row), _seen(self.columns, column)

    def framed(self) -> Image.Image:
        """The picture, large enough for a screen, and on it a frame around what the score judges."""
        factor = screen_factor(self.picture)
        inside = np.zeros((self.picture.height, self.picture.width), np.bool_)
        inside[self.window] = True
        return outline(enlarged(self.picture, factor), inside)


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Both pictures as a critic sees them: the framed patch, the attention map, all patch scores."""
    said = words.critics
    judged = [judgement(subject, settings, on) for on in _pictures(subject)]
    attention = _limits([each.attention for each in judged])
    patches = _around_middle([each.patches for each in judged])
    return View(
        heading=said.heading.title,
        says=(*_score_words(judged, subject, words), _patch_words(judged[-1], words)),
        formulas=_formulas(subject, settings, judged, words),
        rows=tuple(_panels(each, subject, settings, attention, patches, words) for each in judged),
        scales=(
            attention_scale(words),
            ColorScale(
                SIGNED,
                (
                    said.nearer_translated.format(value=plain(patches[0])),
                    said.nearer_real.format(value=plain(patches[1])),
                ),
            ),
        ),
        charts=(_table(judged, subject, words),),
    )


def judgement(subject: Subject, settings: Settings, on: str) -> Judgement:
    """A critic's answer about the `reference` or the `translation`."""
    explained = subject.judged(settings.critic, on)
    if on == "reference":
        assert subject.reference is not None
        fitted, picture = subject.reference, subject.reference.cut(subject.reference.canvas)
    else:
        fitted, picture = subject.fitted, subject.drawn(subject.explained.image)
    patches = of_first(explained.patch_logits)
    rows, columns = subject.patch_grids(settings.critic, fitted)
    cell = (
        _nearest(rows, settings.down * (picture.height - 1), patches.shape[0]),
        _nearest(columns, settings.across * (picture.width - 1), patches.shape[1]),
    )
    attention = of_first(explained.attention_map)
    return Judgement(on, picture, fitted, explained, attention, patches, rows, columns, cell)


def _pictures(subject: Subject) -> tuple[str, ...]:
    return ("translation",) if subject.reference is None else ("reference", "translation")


def _nearest(grid: Grid, position: float, cells: int) -> int:
    return min(max(round((position - grid.start) / grid.stride), 0), cells - 1)


def _seen(grid: Grid, cell: int) -> slice:
    """The pixels that a cell sees, as far as they lie behind the picture's beginning."""
    center, reach = grid.start + grid.stride * cell, (grid.field - 1) / 2
    return slice(max(0, ceil(center - reach)), max(0, floor(center + reach) + 1))


def _limits(maps: list[Map]) -> Limits:
    return min(float(each.min()) for each in maps), max(float(each.max()) for each in maps)


def _around_middle(maps: list[Map]) -> Limits:
    """One scale for all scores, as far below the middle as above."""
    reach = max(float(np.abs(each - MIDDLE).max()) for each in maps)
    return MIDDLE - reach, MIDDLE + reach


def _panels(
    judged: Judgement, subject: Subject, settings: Settings, attention: Limits, patches: Limits, words: Words
) -> tuple[Panel, ...]:
    said = words.critics
    real = judged.on == "reference"
    on = said.on_real if real else said.on_translation
    names = {"name": subject.name, "to": subject.to}
    low, high = plain(float(judged.patches.min())), plain(float(judged.patches.max()))
    grids = subject.grids(settings.critic, judged.fitted)
    patch_grids = (judged.rows, judged.columns)
    return (
        Panel(
            judged.on,
            judged.framed(),
            (said.real if real else words.lesson.translation).format(**names),
            (said.real_alt if real else said.translation_alt).format(**names),
        ),
        Panel(
            f"{judged.on}-attention",
            laid(judged.attention, judged.picture, grids, limits=attention),
            said.attention,
            said.attention_alt.format(on=on),
            made=_cells(judged.attention, words),
        ),
        Panel(
            f"{judged.on}-patches",
            laid(judged.patches, judged.picture, patch_grids, signed=True, limits=patches),
            said.patches,
            said.patches_alt.format(on=on, lowest=low, highest=high),
            made=_cells(judged.patches, words),
        ),
    )


def _cells(values: Map, words: Words) -> str:
    rows, columns = values.shape
    return words.lesson.cells.format(columns=columns, rows=rows)


def _patch_words(judged: Judgement, words: Words) -> str:
    width, height = judged.picture.size
    field = round(judged.rows.field)
    rows, columns = judged.patches.shape
    sentence = words.critics.large_patch if field > max(width, height) else words.critics.patch
    return sentence.format(field=field, width=width, height=height, rows=rows, columns=columns)


def _score_words(judged: list[Judgement], subject: Subject, words: Words) -> tuple[str, ...]:
    said, translation = words.critics, judged[-1]
    framed = {"translated": plain(translation.score), "translated_word": _in_words(translation.score, words)}
    if len(judged) == 1:
        alone = said.no_reference.format(to=subject.to, translated=plain(translation.mean))
        return said.in_frame_alone.format(**framed), alone
    real = judged[0]
    apart = real.mean - translation.mean
    sentence = said.apart if apart > DOUBT else said.reversed if apart < -DOUBT else said.together
    return (
        said.in_frame.format(real=plain(real.score), real_word=_in_words(real.score, words), **framed),
        sentence.format(real=plain(real.mean), translated=plain(translation.mean)),
    )


def _in_words(score: float, words: Words) -> str:
    said = words.critics
    if abs(score - MIDDLE) <= DOUBT:
        return said.undecided
    return said.looks_real if score > MIDDLE else said.looks_translated


def _formulas(subject: Subject, settings: Settings, judged: list[Judgement], words: Words) -> tuple[str, ...]:
    said = words.critics
    cell, patch = subject.explainer.grids[settings.critic], subject.explainer.patch_grids[settings.critic]
    more = round((patch.field - cell.field) / cell.stride)
    size = said.formula_patch.format(
        cell=round(cell.field),
        cells=f"{more + 1}×{more + 1}",
        more=more,
        stride=round(cell.stride),
        field=round(patch.field),
    )
    if len(judged) == 1:
        return (size,)
    # LSGAN, as the critics were trained (Mao et al. 2017, eq. 9 with a = 0, b = 1).
    real, translated = float(np.square(judged[0].patches - 1).mean()), float(np.square(judged[1].patches).mean())
    return size, said.formula_loss.format(real=plain(real, 3), translated=plain(translated, 3))


def _table(judged: list[Judgement], subject: Subject, words: Words) -> Table:
    said = words.critics
    titles = {"reference": said.real.format(to=subject.to), "translation": words.lesson.translation}
    logits = [each.explained.cam_logits[0].tolist() for each in judged]
    rows = {
        said.cam_gap.format(): [gap for gap, _ in logits],
        said.cam_gmp.format(): [gmp for _, gmp in logits],
        said.patch_mean: [each.mean for each in judged],
        said.patch_in_frame: [each.score for each in judged],
    }
    return Table(
        "scores",
        said.scores,
        (said.score, *(titles[each.on] for each in judged)),
        tuple((name, *map(plain, values)) for name, values in rows.items()),
    )
