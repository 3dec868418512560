"""Step 3: what average and max pooling find, and the attention with one of them or with neither."""

from dataclasses import dataclass

from ugatit.errors import TranslationError
from ugatit.explain.interventions import AttentionOff, Intervention, OnlyPooling
from viz.i18n.schema import Words
from viz.lesson.channels import draw_peaks, peak_cells, peak_contributions
from viz.lesson.ground_truth import cell_on_object, outline_object
from viz.lesson.number_format import format_number, format_percent, format_signed, sigmoid
from viz.lesson.settings import StepSettings
from viz.lesson.shared import (
    attention_scale,
    before_and_after_panels,
    change_sentence,
    correlation_text,
    evidence_panel,
    evidence_scale,
    input_panel,
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
"""The interventions by choice of the poolings that weight the channels."""


@dataclass(frozen=True)
class Settings(StepSettings):
    """attend: one of CHOICES. Raises TranslationError for another value."""

    attend: str = "both"

    def __post_init__(self) -> None:
        if self.attend not in CHOICES:
            raise TranslationError(f"attend is one of {', '.join(CHOICES)}, got {self.attend!r}.")


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of both poolings' evidence and the maxima; attention and translation with the chosen pooling."""
    texts, explanation = words.pooling, subject.explanation
    changed = subject.explain(*CHOICES[settings.attend])
    peaks = peak_contributions(explanation.features, explanation.gmp.contributions)
    fields = {"name": subject.name, "origin": subject.origin, "to": subject.to}
    dots = Panel(
        "peaks",
        draw_peaks(peaks, subject.picture, subject.grids()),
        texts.peaks,
        texts.peaks_alt.format(**fields),
        texts.peaks_made,
    )
    gap, gmp = explanation.cam_logits[0].tolist()
    pooling_panels = (
        evidence_panel(
            subject, explanation.gap.evidence, "gap-evidence", texts.gap_map, texts.gap_alt.format(**fields)
        ),
        evidence_panel(
            subject, explanation.gmp.evidence, "gmp-evidence", texts.gmp_map, texts.gmp_alt.format(**fields)
        ),
        dots,
    )
    return View(
        heading=texts.heading.title,
        sentences=(*_change_sentences(subject, settings, words), *_peak_sentences(subject, words)),
        formulas=(
            texts.formulas[0].format(cells=peaks.size, logit=format_number(gap)),
            texts.formulas[1].format(cells=len(set(peak_cells(explanation.features))), logit=format_number(gmp)),
        ),
        rows=(
            (input_panel(subject, words), *(outline_object(panel, subject) for panel in pooling_panels)),
            before_and_after_panels(subject, changed, words),
        ),
        scales=(evidence_scale(subject), attention_scale(words)),
        charts=(_table(subject, words),),
    )


def _peak_sentences(subject: Subject, words: Words) -> tuple[str, ...]:
    """Return sentences on the positions of the channels' maxima, and how many are on the object."""
    texts, explanation = words.pooling, subject.explanation
    cells = peak_cells(explanation.features)
    cell_count = explanation.attention_map[0].numel()
    positions = texts.peaked.format(channels=len(cells), cells=len(set(cells)), all=cell_count)
    if subject.truth is None:
        return (positions,)
    hits = sum(cell_on_object(subject, *cell) for cell in cells)
    share = format_percent(float(subject.truth.mean()))
    return positions, texts.peaked_on_object.format(hits=hits, channels=len(cells), percent=share)


def _change_sentences(subject: Subject, settings: Settings, words: Words) -> tuple[str, ...]:
    texts, interventions = words.pooling, CHOICES[settings.attend]
    if not interventions:
        return (texts.untouched,)
    changed = subject.explain(*interventions)
    after, before = changed.attention_map, subject.explanation.attention_map
    fields = {
        "low": format_number(float(after.min()), 1),
        "high": format_number(float(after.max()), 1),
        "low_before": format_number(float(before.min()), 1),
        "high_before": format_number(float(before.max()), 1),
    }
    choice = texts.choices[list(CHOICES).index(settings.attend)]
    return (
        texts.changed.format(choice=choice, correlation=correlation_text(after, before)),
        f"{texts.stay} {texts.reach.format(**fields)} {change_sentence(subject, changed, words)}",
    )


def _table(subject: Subject, words: Words) -> Table:
    """Return a table of each logit with its parts, and the verdict with that logit alone."""
    texts, explanation = words.pooling, subject.explanation
    poolings = (explanation.gap, explanation.gmp)
    contributions = [pooling.contributions[0] for pooling in poolings]
    logits = [float(pooling.logits[0]) for pooling in poolings]
    fields = {"origin": subject.origin, "to": subject.to}
    rows = (
        (
            texts.pooled_between,
            *(texts.between.format(low=low, high=high) for low, high in map(pooled_range, poolings)),
        ),
        (texts.weights, *(format_number(float(pooling.weights.abs().mean()), 3) for pooling in poolings)),
        (
            texts.in_favour.format(**fields),
            *(format_signed(float(values.clamp(min=0).sum())) for values in contributions),
        ),
        (
            texts.against.format(**fields),
            *(format_signed(float(values.clamp(max=0).sum())) for values in contributions),
        ),
        (texts.logit, *map(format_signed, logits)),
        (texts.alone, *(texts.share.format(percent=format_percent(sigmoid(logit)), **fields) for logit in logits)),
    )
    return Table("figures", texts.figures, texts.figures_head, rows)
