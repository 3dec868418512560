"""Step 3: what average and maximum each find, and what the attention is with one of them, or with neither."""

from dataclasses import dataclass

from ugatit.errors import TranslationError
from ugatit.explain.interventions import AttentionOff, Intervention, OnlyPooling
from viz.i18n.schema import Words
from viz.lesson.channels import dotted, peak_cells, peaks
from viz.lesson.ground_truth import cell_on_object, outlined
from viz.lesson.number_format import percent, plain, probability, signed
from viz.lesson.settings import StepSettings
from viz.lesson.shared import (
    agreement,
    attention_scale,
    before_and_after,
    evidence_panel,
    evidence_scale,
    input_panel,
    levels_apart,
    pooled_range,
)
from viz.lesson.subject import Subject
from viz.lesson.view import Panel, Table, View

NAME = "pooling"
CHOICES: dict[str, tuple[Intervention, ...]] = {
    "both": (),
    "gap": (OnlyPooling("gap"),),
    "gmp": (OnlyPooling("gmp"),),
    "off": (AttentionOff(),),
}
"""What the attention may weigh the channels by."""


@dataclass(frozen=True)
class Settings(StepSettings):
    """attend: one of CHOICES. Raises TranslationError for another."""

    attend: str = "both"

    def __post_init__(self) -> None:
        if self.attend not in CHOICES:
            raise TranslationError(f"attend is one of {', '.join(CHOICES)}, got {self.attend!r}.")


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Both poolings' evidence and the maxima; attention and translation with the chosen pooling."""
    said, explained = words.pooling, subject.explained
    changed = subject.explain(*CHOICES[settings.attend])
    found = peaks(explained.features, explained.gmp.contributions)
    named = {"name": subject.name, "origin": subject.origin, "to": subject.to}
    dots = Panel(
        "peaks",
        dotted(found, subject.picture, subject.grids()),
        said.peaks,
        said.peaks_alt.format(**named),
        said.peaks_made,
    )
    gap, gmp = explained.cam_logits[0].tolist()
    by_pooling = (
        evidence_panel(subject, explained.gap.evidence, "gap-evidence", said.gap_map, said.gap_alt.format(**named)),
        evidence_panel(subject, explained.gmp.evidence, "gmp-evidence", said.gmp_map, said.gmp_alt.format(**named)),
        dots,
    )
    return View(
        heading=said.heading.title,
        says=(*_changed(subject, settings, words), *_found(subject, words)),
        formulas=(
            said.formulas[0].format(cells=found.size, logit=plain(gap)),
            said.formulas[1].format(cells=len(set(peak_cells(explained.features))), logit=plain(gmp)),
        ),
        rows=(
            (input_panel(subject, words), *(outlined(panel, subject) for panel in by_pooling)),
            before_and_after(subject, changed, words),
        ),
        scales=(evidence_scale(subject), attention_scale(words)),
        charts=(_figures(subject, words),),
    )


def _found(subject: Subject, words: Words) -> tuple[str, ...]:
    """What averages and maxima are, and where the maxima lie."""
    said, explained = words.pooling, subject.explained
    cells = peak_cells(explained.features)
    everywhere = explained.attention_map[0].numel()
    peaked = said.peaked.format(channels=len(cells), cells=len(set(cells)), all=everywhere)
    if subject.truth is None:
        return (peaked,)
    hits = sum(cell_on_object(subject, *cell) for cell in cells)
    share = percent(float(subject.truth.mean()))
    return peaked, said.peaked_on_object.format(hits=hits, channels=len(cells), percent=share)


def _changed(subject: Subject, settings: Settings, words: Words) -> tuple[str, ...]:
    said, interventions = words.pooling, CHOICES[settings.attend]
    if not interventions:
        return (said.untouched,)
    changed = subject.explain(*interventions)
    now, before = changed.attention_map, subject.explained.attention_map
    reach = {
        "low": plain(float(now.min()), 1),
        "high": plain(float(now.max()), 1),
        "low_before": plain(float(before.min()), 1),
        "high_before": plain(float(before.max()), 1),
    }
    choice = said.choices[list(CHOICES).index(settings.attend)]
    return (
        said.changed.format(choice=choice, correlation=agreement(now, before)),
        f"{said.stay} {said.reach.format(**reach)} {levels_apart(subject, changed, words)}",
    )


def _figures(subject: Subject, words: Words) -> Table:
    """Each logit with its parts, and what it would say alone."""
    said, explained = words.pooling, subject.explained
    poolings = (explained.gap, explained.gmp)
    contributions = [pooling.contributions[0] for pooling in poolings]
    logits = [float(pooling.logits[0]) for pooling in poolings]
    named = {"origin": subject.origin, "to": subject.to}
    rows = (
        (said.pooled_between, *(said.between.format(low=low, high=high) for low, high in map(pooled_range, poolings))),
        (said.weights, *(plain(float(each.weights.abs().mean()), 3) for each in poolings)),
        (said.in_favour.format(**named), *(signed(float(each.clamp(min=0).sum())) for each in contributions)),
        (said.against.format(**named), *(signed(float(each.clamp(max=0).sum())) for each in contributions)),
        (said.logit, *map(signed, logits)),
        (said.alone, *(said.share.format(percent=percent(probability(each)), **named) for each in logits)),
    )
    return Table("figures", said.figures, said.figures_head, rows)
