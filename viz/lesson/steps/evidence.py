"""Step 4: the signed evidence map, the attention map, and why they are not the same."""

from dataclasses import dataclass

import torch

from ugatit.errors import TranslationError
from ugatit.explain.interventions import POOLINGS
from viz.i18n.schema import Words
from viz.lesson.ground_truth import outlined, points
from viz.lesson.maps import laid
from viz.lesson.number_format import percent, plain, signed, summed
from viz.lesson.settings import StepSettings
from viz.lesson.shared import (
    agreement,
    attention_panel,
    attention_scale,
    evidence_panel,
    evidence_scale,
    pooled_range,
    pooling_named,
)
from viz.lesson.subject import Map, Subject, of_first
from viz.lesson.view import Panel, Table, View

NAME = "evidence"
MIXED = 2
"""So many of the attended features are shown."""


@dataclass(frozen=True)
class Settings(StepSettings):
    """pooling: whose weights the evidence adds up, `gap` or `gmp`. Raises TranslationError for another."""

    pooling: str = "gap"

    def __post_init__(self) -> None:
        if self.pooling not in POOLINGS:
            raise TranslationError(f"pooling is one of {', '.join(POOLINGS)}, got {self.pooling!r}.")


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Evidence and attention side by side, the channels the attention is the sum of, and why the two differ."""
    said, explained = words.evidence, subject.explained
    evidence = pooling_named(explained, settings.pooling).evidence
    alt = said.map_alt.format(name=subject.name, origin=subject.origin, to=subject.to)
    compared = (
        evidence_panel(subject, evidence, "evidence", said.map, alt),
        attention_panel(subject, explained.attention_map, words),
    )
    return View(
        heading=said.heading.title,
        says=_says(subject, settings, words),
        formulas=_formulas(subject, settings, words),
        rows=((*(outlined(panel, subject) for panel in compared), *_mixed(subject, words)),),
        scales=(evidence_scale(subject), attention_scale(words)),
        charts=() if subject.truth is None else (_pointing(subject, words),),
    )


def _formulas(subject: Subject, settings: Settings, words: Words) -> tuple[str, ...]:
    """The evidence map's mean from its cells, beside the logit from the channels; and what the attention map is."""
    said, pooling = words.evidence, pooling_named(subject.explained, settings.pooling)
    cells = of_first(pooling.evidence).astype("float64")
    mean = said.formulas[POOLINGS.index(settings.pooling)].format(
        terms=summed((float(cells.clip(min=0).sum()), float(cells.clip(max=0).sum())), 1),
        cells=cells.size,
        mean=signed(float(cells.mean())),
        logit=signed(float(pooling.contributions.sum())),
    )
    return mean, said.formulas[-1].format()


def _says(subject: Subject, settings: Settings, words: Words) -> tuple[str, ...]:
    said, explained = words.evidence, subject.explained
    pooling = pooling_named(explained, settings.pooling)
    evidence, attention = of_first(pooling.evidence), of_first(explained.attention_map)
    (gap_low, gap_high), (gmp_low, gmp_high) = map(pooled_range, (explained.gap, explained.gmp))
    agreed = said.agreement.format(correlation=agreement(pooling.evidence, explained.attention_map))
    if subject.truth is not None:
        agreed = f"{_outcome(subject, evidence, attention, words)} {agreed}"
    return (
        agreed,
        said.canceled.format(
            favour=int((evidence > 0).sum()),
            against=int((evidence < 0).sum()),
            plus=plain(float(evidence.clip(min=0).sum()), 1),
            minus=plain(float(evidence.clip(max=0).sum()), 1),
            mean=signed(float(evidence.mean())),
            origin=subject.origin,
            to=subject.to,
        ),
        said.not_canceled.format(
            percent=percent(float(explained.attended.eq(0).float().mean())),
            low=plain(float(attention.min()), 1),
            high=plain(float(attention.max()), 1),
        ),
        said.blind.format(gap_low=gap_low, gap_high=gap_high, gmp_low=gmp_low, gmp_high=gmp_high),
        f"{said.mixed} {said.rank}",
    )


def _outcome(subject: Subject, evidence: Map, attention: Map, words: Words) -> str:
    """Which of the two maps looks at the object that is known to be there."""
    said = words.evidence
    attention_hit, evidence_hit = (points(subject, values)[0] for values in (attention, evidence))
    return {
        (True, True): said.both_hit,
        (True, False): said.attention_only,
        (False, True): said.evidence_only,
        (False, False): said.neither_hit,
    }[attention_hit, evidence_hit]


def _mixed(subject: Subject, words: Words) -> tuple[Panel, ...]:
    """The attended features that are most of the attention map, the strongest first."""
    said, attended = words.evidence, subject.explained.attended[0]
    sums = attended.sum(dim=(1, 2), dtype=torch.float32)
    whole = float(sums.sum())
    return tuple(
        Panel(
            f"mixed-{rank}",
            laid(attended[channel].float().cpu().numpy(), subject.picture, subject.grids()),
            said.attended.format(channel=channel),
            said.attended_alt.format(channel=channel, name=subject.name),
            said.attended_made.format(percent=percent(float(sums[channel]) / whole if whole else 0.0)),
        )
        for rank, channel in enumerate(sums.argsort(descending=True)[:MIXED].tolist(), start=1)
    )


def _pointing(subject: Subject, words: Words) -> Table:
    """Whether each map looks at the object that is known to be there."""
    said, explained = words.evidence, subject.explained
    maps = (explained.attention_map, explained.gap.evidence, explained.gmp.evidence)
    rows = []
    for label, values in zip(said.of_maps, maps, strict=True):
        hit, iou = points(subject, of_first(values))
        rows.append((label, said.hit if hit else said.missed, plain(iou)))
    return Table("pointing", said.pointing, said.pointing_head, tuple(rows))
