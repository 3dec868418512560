"""Step 7: what the critics look at, their scores, and the size of the patch that one score judges."""

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ugatit.errors import TranslationError
from viz.contact_sheet import enlarge
from viz.display import screen_factor
from viz.i18n.schema import Words
from viz.lesson.critic_judgement import CriticJudgement, judge
from viz.lesson.maps import SIGNED, Limits, draw_map
from viz.lesson.number_format import format_number
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_scale
from viz.lesson.subject import Map, Subject
from viz.lesson.view import ColorScale, Panel, Table, View
from viz.overlay import outline

NAME = "critics"
MIDDLE = 0.5
"""Halfway between the target score of translated pictures, 0, and of real ones, 1."""
MARGIN = 0.1
"""The smallest difference that counts: of a score from the middle, and of two means from each other."""


@dataclass(frozen=True)
class Settings(StepSettings):
    """critic: one of the subject's critics; empty for the first.

    across, down: the position of the framed patch, as shares of the picture in [0, 1].
    Raises TranslationError for other positions.
    """

    critic: str = ""
    across: float = 0.5
    down: float = 0.5

    def __post_init__(self) -> None:
        for name, share in (("across", self.across), ("down", self.down)):
            if not 0 <= share <= 1:
                raise TranslationError(f"{name} is a share of the picture from 0 to 1, got {share}.")


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of both pictures as a critic sees them: the framed patch, the attention map, all patch scores.

    Raises TranslationError for a critic that the subject does not have.
    """
    texts = words.critics
    if not subject.critics:
        return View(heading=texts.heading.title, sentences=(texts.no_attention,))
    settings = replace(settings, critic=settings.critic or subject.critics[0])
    if settings.critic not in subject.critics:
        raise TranslationError(
            f"There is no critic {settings.critic[:40]!r}; choose one of: {', '.join(subject.critics)}."
        )
    pictures = ("translation",) if subject.reference is None else ("reference", "translation")
    judgements = [judge(subject, settings.critic, on, settings.across, settings.down) for on in pictures]
    attention_limits = _common_limits([judgement.attention for judgement in judgements])
    patch_limits = _limits_around_middle([judgement.patches for judgement in judgements])
    return View(
        heading=texts.heading.title,
        sentences=(*_score_sentences(judgements, subject, words), _patch_sentence(judgements[-1], words)),
        formulas=_formulas(subject, settings, judgements, words),
        rows=tuple(
            _panels(judgement, subject, settings, attention_limits, patch_limits, words) for judgement in judgements
        ),
        scales=(
            attention_scale(words),
            ColorScale(
                SIGNED,
                (
                    texts.nearer_translated.format(value=format_number(patch_limits[0])),
                    texts.nearer_real.format(value=format_number(patch_limits[1])),
                ),
            ),
        ),
        charts=(_table(judgements, subject, words),),
    )


def _common_limits(maps: list[Map]) -> Limits:
    return min(float(values.min()) for values in maps), max(float(values.max()) for values in maps)


def _limits_around_middle(maps: list[Map]) -> Limits:
    """Return limits for all scores, symmetric around the middle."""
    reach = max(float(np.abs(values - MIDDLE).max()) for values in maps)
    return MIDDLE - reach, MIDDLE + reach


def _draw_window(judgement: CriticJudgement) -> Image.Image:
    """Draw the picture, enlarged for a screen, with a frame around the patch that the selected score judges."""
    picture = judgement.picture
    inside = np.zeros((picture.height, picture.width), np.bool_)
    inside[judgement.window] = True
    return outline(enlarge(picture, screen_factor(picture)), inside)


def _panels(
    judgement: CriticJudgement,
    subject: Subject,
    settings: Settings,
    attention_limits: Limits,
    patch_limits: Limits,
    words: Words,
) -> tuple[Panel, ...]:
    texts = words.critics
    is_real = judgement.on == "reference"
    on = texts.on_real if is_real else texts.on_translation
    fields = {"name": subject.name, "to": subject.to}
    lowest, highest = (format_number(float(value)) for value in (judgement.patches.min(), judgement.patches.max()))
    grids = subject.grids(settings.critic, judgement.fitted)
    patch_grids = (judgement.rows, judgement.columns)
    return (
        Panel(
            judgement.on,
            _draw_window(judgement),
            (texts.real if is_real else words.lesson.translation).format(**fields),
            (texts.real_alt if is_real else texts.translation_alt).format(**fields),
        ),
        Panel(
            f"{judgement.on}-attention",
            draw_map(judgement.attention, judgement.picture, grids, limits=attention_limits),
            texts.attention,
            texts.attention_alt.format(on=on),
            details=_cell_count(judgement.attention, words),
        ),
        Panel(
            f"{judgement.on}-patches",
            draw_map(judgement.patches, judgement.picture, patch_grids, signed=True, limits=patch_limits),
            texts.patches,
            texts.patches_alt.format(on=on, lowest=lowest, highest=highest),
            details=_cell_count(judgement.patches, words),
        ),
    )


def _cell_count(values: Map, words: Words) -> str:
    rows, columns = values.shape
    return words.lesson.cells.format(columns=columns, rows=rows)


def _patch_sentence(judgement: CriticJudgement, words: Words) -> str:
    width, height = judgement.picture.size
    field = round(judgement.rows.field)
    rows, columns = judgement.patches.shape
    sentence = words.critics.large_patch if field > max(width, height) else words.critics.patch
    return sentence.format(field=field, width=width, height=height, rows=rows, columns=columns)


def _score_sentences(judgements: list[CriticJudgement], subject: Subject, words: Words) -> tuple[str, ...]:
    texts, translation = words.critics, judgements[-1]
    fields = {
        "translated": format_number(translation.score),
        "translated_word": _score_in_words(translation.score, words),
    }
    if len(judgements) == 1:
        mean = texts.no_reference.format(to=subject.to, translated=format_number(translation.mean))
        return texts.in_frame_alone.format(**fields), mean
    real = judgements[0]
    difference = real.mean - translation.mean
    sentence = texts.apart if difference > MARGIN else texts.reversed if difference < -MARGIN else texts.together
    return (
        texts.in_frame.format(real=format_number(real.score), real_word=_score_in_words(real.score, words), **fields),
        sentence.format(real=format_number(real.mean), translated=format_number(translation.mean)),
    )


def _score_in_words(score: float, words: Words) -> str:
    texts = words.critics
    if abs(score - MIDDLE) <= MARGIN:
        return texts.undecided
    return texts.looks_real if score > MIDDLE else texts.looks_translated


def _formulas(subject: Subject, settings: Settings, judgements: list[CriticJudgement], words: Words) -> tuple[str, ...]:
    texts = words.critics
    cell, patch = subject.explainer.grids[settings.critic], subject.explainer.patch_grids[settings.critic]
    more = round((patch.field - cell.field) / cell.stride)
    size = texts.formula_patch.format(
        cell=round(cell.field),
        cells=f"{more + 1}×{more + 1}",
        more=more,
        stride=round(cell.stride),
        field=round(patch.field),
    )
    if len(judgements) == 1:
        return (size,)
    # LSGAN, as the critics were trained (Mao et al. 2017, eq. 9 with a = 0, b = 1).
    real = float(np.square(judgements[0].patches - 1).mean())
    translated = float(np.square(judgements[1].patches).mean())
    return size, texts.formula_loss.format(real=format_number(real, 3), translated=format_number(translated, 3))


def _table(judgements: list[CriticJudgement], subject: Subject, words: Words) -> Table:
    texts = words.critics
    titles = {"reference": texts.real.format(to=subject.to), "translation": words.lesson.translation}
    logits = [judgement.explanation.cam_logits[0].tolist() for judgement in judgements]
    rows = {
        texts.cam_gap.format(): [gap for gap, _ in logits],
        texts.cam_gmp.format(): [gmp for _, gmp in logits],
        texts.patch_mean: [judgement.mean for judgement in judgements],
        texts.patch_in_frame: [judgement.score for judgement in judgements],
    }
    return Table(
        "scores",
        texts.scores,
        (texts.score, *(titles[judgement.on] for judgement in judgements)),
        tuple((name, *map(format_number, values)) for name, values in rows.items()),
    )
