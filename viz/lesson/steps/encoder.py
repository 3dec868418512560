"""Step 2: what the encoder's channels show, what each contributes to a logit, and the effect of switching them off."""

from dataclasses import dataclass, replace

from ugatit.errors import TranslationError
from ugatit.explain.interventions import POOLINGS, DropChannels
from ugatit.explain.results import GeneratorExplanation
from viz.i18n.schema import Words
from viz.lesson.channels import channel_thumbnail
from viz.lesson.number_format import format_number, format_percent, format_signed, format_sum, sigmoid
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_scale, before_and_after_panels, change_sentence, get_pooling
from viz.lesson.subject import Subject
from viz.lesson.view import Bar, Stack, Tile, Tiles, View

NAME = "encoder"
TILE_COUNTS = (12, 24, 48)
MAX_STRONGEST = 24
"""The largest number of the strongest channels that can be switched off at once."""
FORMULA_TERMS = 3
"""The number of contributions that the formula shows one by one."""

RankedChannels = list[tuple[int, float]]


@dataclass(frozen=True)
class Settings(StepSettings):
    """pooling: the pooling whose contributions are shown, `gap` or `gmp`. shown: the number of tiles.

    strongest: the number of the strongest channels that are off. off: channels toggled one by one: off, or on again if
    `strongest` switches them off. Raises TranslationError for invalid values.
    """

    pooling: str = "gmp"
    shown: int = TILE_COUNTS[1]
    strongest: int = 0
    off: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.pooling not in POOLINGS:
            raise TranslationError(f"pooling is one of {', '.join(POOLINGS)}, got {self.pooling!r}.")
        if self.shown not in TILE_COUNTS:
            raise TranslationError(f"shown is one of {', '.join(map(str, TILE_COUNTS))}, got {self.shown}.")
        if not 0 <= self.strongest <= MAX_STRONGEST:
            raise TranslationError(f"strongest lies between 0 and {MAX_STRONGEST}, got {self.strongest}.")
        if any(channel < 0 for channel in self.off):
            raise TranslationError(f"A channel in off is a whole number from 0 up, got {min(self.off)}.")


def toggle_channel(settings: Settings, channel: int) -> Settings:
    """Return the settings with one channel switched on or off."""
    return replace(settings, off=tuple(sorted(set(settings.off) ^ {channel})))


def rank_channels(subject: Subject, pooling: str) -> RankedChannels:
    """Return every channel with its contribution to the logit of a pooling, the strongest first."""
    contributions = get_pooling(subject.explanation, pooling).contributions[0].tolist()
    return sorted(enumerate(contributions), key=lambda pair: -abs(pair[1]))


def dropped_channels(subject: Subject, settings: Settings) -> DropChannels:
    """Return the intervention that drops the channels that are off."""
    strongest = {channel for channel, _ in rank_channels(subject, settings.pooling)[: settings.strongest]}
    return DropChannels(strongest ^ set(settings.off))


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of the strongest channels, all contributions, and the pictures before and after the change."""
    texts, name, order = words.encoder, settings.pooling, rank_channels(subject, settings.pooling)
    drop = dropped_channels(subject, settings)
    changed = subject.explain(drop) if drop.channels else subject.explanation
    kept = [(channel, value) for channel, value in order if channel not in drop.channels]
    # A toggled channel always has a tile, even if its contribution is weak.
    tiled = order[: settings.shown]
    tiled += [pair for pair in order[settings.shown :] if pair[0] in drop.channels.union(settings.off)]
    logit = float(get_pooling(changed, name).logits[0])
    return View(
        heading=texts.heading.title,
        sentences=_sentences(subject, changed, drop, name, words),
        formulas=(texts.formulas[POOLINGS.index(name)].format(terms=_terms(kept, words), logit=format_number(logit)),),
        rows=(before_and_after_panels(subject, changed, words),),
        scales=(attention_scale(words),),
        charts=(
            _stack(subject, kept, settings, logit, words),
            Tiles(
                "channels",
                texts.tiles[POOLINGS.index(name)].format(all=len(order)),
                tuple(
                    _tile(subject, words, name, channel, value, channel not in drop.channels)
                    for channel, value in tiled
                ),
            ),
        ),
    )


def _terms(kept: RankedChannels, words: Words) -> str:
    """Return the strongest contributions one by one and the sum of the others."""
    values = [value for _, value in kept]
    strongest, rest = values[:FORMULA_TERMS], values[FORMULA_TERMS:]
    if not rest:
        return format_sum(strongest)
    return words.encoder.rest_of_formula.format(terms=format_sum([*strongest, sum(rest)]), count=len(rest))


def _stack(subject: Subject, kept: RankedChannels, settings: Settings, logit: float, words: Words) -> Stack:
    """Return the contributions of the channels that are on: one part for each tile, one for the rest."""
    texts, name, rest = words.encoder, settings.pooling, kept[settings.shown :]
    parts = [
        Bar(_label(words, channel, value), value, _note(subject, words, name, channel))
        for channel, value in kept[: settings.shown]
    ]
    if rest:
        value = sum(value for _, value in rest)
        parts.append(Bar(texts.rest.format(count=len(rest)), value))
    total = texts.total.format(pooling=name, logit=format_number(logit))
    return Stack("contributions", texts.stack, tuple(parts), Bar(total, logit, total))


def _label(words: Words, channel: int, contribution: float) -> str:
    return words.encoder.label.format(channel=channel, contribution=format_signed(contribution))


def _note(subject: Subject, words: Words, name: str, channel: int) -> str:
    pooling = get_pooling(subject.explanation, name)
    return words.encoder.notes[POOLINGS.index(name)].format(
        pooled=format_number(float(pooling.pooled[0, channel]), 3),
        weight=format_signed(float(pooling.weights[channel]), 4),
        contribution=format_signed(float(pooling.contributions[0, channel])),
    )


def _tile(subject: Subject, words: Words, name: str, channel: int, contribution: float, on: bool) -> Tile:
    values = subject.explanation.features[0, channel].float().cpu().numpy()
    picture = channel_thumbnail(values, subject.picture, subject.grids(), ring=name == "gmp")
    return Tile(channel, picture, _label(words, channel, contribution), _note(subject, words, name, channel), on)


def _sentences(
    subject: Subject, changed: GeneratorExplanation, drop: DropChannels, name: str, words: Words
) -> tuple[str, ...]:
    texts, count = words.encoder, subject.encoded.features.shape[1]
    before, after = (
        {each: float(get_pooling(explanation, each).logits[0]) for each in POOLINGS}
        for explanation in (subject.explanation, changed)
    )
    verdicts = [format_percent(sigmoid(sum(logits.values()) / 2)) for logits in (before, after)]
    if not drop.channels:
        fields = {"all": count, "pooling": name, "logit": format_number(before[name])}
        return (texts.untouched.format(**fields, percent=verdicts[0], origin=subject.origin),)
    other = "gap" if name == "gmp" else "gmp"
    changes = [
        template.format(
            count=len(drop.channels),
            all=count,
            pooling=each,
            before=format_number(before[each]),
            after=format_number(after[each]),
        )
        for template, each in ((texts.moved, name), (texts.other, other))
    ]
    verdict = texts.verdict.format(before=verdicts[0], after=verdicts[1], origin=subject.origin)
    return changes[0], f"{verdict} {changes[1]}", change_sentence(subject, changed, words)
