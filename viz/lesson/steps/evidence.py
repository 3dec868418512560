"""Step 4: the signed evidence map, the attention map, and why they differ."""

from dataclasses import dataclass

import torch

from ugatit.errors import TranslationError
from ugatit.explain.interventions import POOLINGS
from viz.i18n.schema import Words
from viz.lesson.ground_truth import outline_object, pointing_result
from viz.lesson.maps import draw_map
from viz.lesson.number_format import format_number, format_percent, format_signed, format_sum
from viz.lesson.settings import StepSettings
from viz.lesson.shared import (
    attention_panel,
    attention_scale,
    correlation_text,
    evidence_panel,
    evidence_scale,
    get_pooling,
    pooled_range,
)
from viz.lesson.subject import Map, Subject, first_map
from viz.lesson.view import Panel, Table, View

NAME = "evidence"
ATTENDED_COUNT = 2
"""The number of attended features that are shown."""


@dataclass(frozen=True)
class Settings(StepSettings):
    """pooling: the pooling whose evidence is shown, `gap` or `gmp`. Raises TranslationError for another."""

    pooling: str = "gap"

    def __post_init__(self) -> None:
        if self.pooling not in POOLINGS:
            raise TranslationError(f"pooling is one of {', '.join(POOLINGS)}, got {self.pooling!r}.")


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of evidence and attention side by side, and of the channels that the attention sums up."""
    texts, explanation = words.evidence, subject.explanation
    evidence = get_pooling(explanation, settings.pooling).evidence
    alt = texts.map_alt.format(name=subject.name, origin=subject.origin, to=subject.to)
    map_panels = (
        evidence_panel(subject, evidence, "evidence", texts.map, alt),
        attention_panel(subject, explanation.attention_map, words),
    )
    return View(
        heading=texts.heading.title,
        sentences=_sentences(subject, settings, words),
        formulas=_formulas(subject, settings, words),
        rows=((*(outline_object(panel, subject) for panel in map_panels), *_attended_panels(subject, words)),),
        scales=(evidence_scale(subject), attention_scale(words)),
        charts=() if subject.truth is None else (_pointing_table(subject, words),),
    )


def _formulas(subject: Subject, settings: Settings, words: Words) -> tuple[str, ...]:
    """Return the evidence map's mean over cells beside the logit over channels, and the attention map's definition."""
    texts, pooling = words.evidence, get_pooling(subject.explanation, settings.pooling)
    cells = first_map(pooling.evidence).astype("float64")
    mean = texts.formulas[POOLINGS.index(settings.pooling)].format(
        terms=format_sum((float(cells.clip(min=0).sum()), float(cells.clip(max=0).sum())), 1),
        cells=cells.size,
        mean=format_signed(float(cells.mean())),
        logit=format_signed(float(pooling.contributions.sum())),
    )
    return mean, texts.formulas[-1].format()


def _sentences(subject: Subject, settings: Settings, words: Words) -> tuple[str, ...]:
    texts, explanation = words.evidence, subject.explanation
    pooling = get_pooling(explanation, settings.pooling)
    evidence, attention = first_map(pooling.evidence), first_map(explanation.attention_map)
    (gap_low, gap_high), (gmp_low, gmp_high) = map(pooled_range, (explanation.gap, explanation.gmp))
    agreement = texts.agreement.format(correlation=correlation_text(pooling.evidence, explanation.attention_map))
    if subject.truth is not None:
        agreement = f"{_pointing_sentence(subject, evidence, attention, words)} {agreement}"
    return (
        agreement,
        texts.canceled.format(
            favour=int((evidence > 0).sum()),
            against=int((evidence < 0).sum()),
            plus=format_number(float(evidence.clip(min=0).sum()), 1),
            minus=format_number(float(evidence.clip(max=0).sum()), 1),
            mean=format_signed(float(evidence.mean())),
            origin=subject.origin,
            to=subject.to,
        ),
        texts.not_canceled.format(
            percent=format_percent(float(explanation.attended.eq(0).float().mean())),
            low=format_number(float(attention.min()), 1),
            high=format_number(float(attention.max()), 1),
        ),
        texts.blind.format(gap_low=gap_low, gap_high=gap_high, gmp_low=gmp_low, gmp_high=gmp_high),
        f"{texts.mixed} {texts.rank}",
    )


def _pointing_sentence(subject: Subject, evidence: Map, attention: Map, words: Words) -> str:
    """Return a sentence on which of the two maps has its maximum on the object."""
    texts = words.evidence
    attention_hit, evidence_hit = (pointing_result(subject, values)[0] for values in (attention, evidence))
    return {
        (True, True): texts.both_hit,
        (True, False): texts.attention_only,
        (False, True): texts.evidence_only,
        (False, False): texts.neither_hit,
    }[attention_hit, evidence_hit]


def _attended_panels(subject: Subject, words: Words) -> tuple[Panel, ...]:
    """Return the attended features that contribute most to the attention map, the strongest first."""
    texts, attended = words.evidence, subject.explanation.attended[0]
    sums = attended.sum(dim=(1, 2), dtype=torch.float32)
    total = float(sums.sum())
    return tuple(
        Panel(
            f"mixed-{rank}",
            draw_map(attended[channel].float().cpu().numpy(), subject.picture, subject.grids()),
            texts.attended.format(channel=channel),
            texts.attended_alt.format(channel=channel, name=subject.name),
            texts.attended_made.format(percent=format_percent(float(sums[channel]) / total if total else 0.0)),
        )
        for rank, channel in enumerate(sums.argsort(descending=True)[:ATTENDED_COUNT].tolist(), start=1)
    )


def _pointing_table(subject: Subject, words: Words) -> Table:
    """Return whether each map has its maximum on the object, and its overlap with it."""
    texts, explanation = words.evidence, subject.explanation
    maps = (explanation.attention_map, explanation.gap.evidence, explanation.gmp.evidence)
    rows = []
    for label, values in zip(texts.of_maps, maps, strict=True):
        hit, iou = pointing_result(subject, first_map(values))
        rows.append((label, texts.hit if hit else texts.missed, format_number(iou)))
    return Table("pointing", texts.pointing, texts.pointing_head, tuple(rows))
