"""Step 2: what the encoder's channels show, what each contributes to a logit, and what becomes of it without them."""

from dataclasses import dataclass, replace

from ugatit.errors import TranslationError
from ugatit.explain.interventions import POOLINGS, DropChannels
from ugatit.explain.results import GeneratorExplanation
from viz.i18n.schema import Words
from viz.lesson.channels import thumbnail
from viz.lesson.number_format import percent, plain, probability, signed, summed
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_scale, before_and_after, levels_apart, pooling_named
from viz.lesson.subject import Subject
from viz.lesson.view import Bar, Stack, Tile, Tiles, View

NAME = "encoder"
SHOWN = (12, 24, 48)
MOST = 24
"""So many of the strongest channels can be switched off at once."""
NAMED = 3
"""So many contributions are written out in the formula."""

Ranked = list[tuple[int, float]]


@dataclass(frozen=True)
class Settings(StepSettings):
    """pooling: whose contributions, `gap` or `gmp`. shown: how many tiles. strongest: so many are off.

    off: channels switched by hand: off, or on again where `strongest` had switched them off.
    Raises TranslationError for values that cannot be.
    """

    pooling: str = "gmp"
    shown: int = SHOWN[1]
    strongest: int = 0
    off: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.pooling not in POOLINGS:
            raise TranslationError(f"pooling is one of {', '.join(POOLINGS)}, got {self.pooling!r}.")
        if self.shown not in SHOWN:
            raise TranslationError(f"shown is one of {', '.join(map(str, SHOWN))}, got {self.shown}.")
        if not 0 <= self.strongest <= MOST:
            raise TranslationError(f"strongest lies between 0 and {MOST}, got {self.strongest}.")
        if any(channel < 0 for channel in self.off):
            raise TranslationError(f"A channel in off is a whole number from 0 up, got {min(self.off)}.")


def pick(settings: Settings, channel: int) -> Settings:
    """The settings after a channel's tile was pressed: it is switched."""
    return replace(settings, off=tuple(sorted(set(settings.off) ^ {channel})))


def ranked(subject: Subject, pooling: str) -> Ranked:
    """Every channel and what it contributes to the logit of a pooling, the strongest first."""
    contributions = pooling_named(subject.explained, pooling).contributions[0].tolist()
    return sorted(enumerate(contributions), key=lambda each: -abs(each[1]))


def switched_off(subject: Subject, settings: Settings) -> DropChannels:
    """The channels that are off as an intervention."""
    strongest = {channel for channel, _ in ranked(subject, settings.pooling)[: settings.strongest]}
    return DropChannels(strongest ^ set(settings.off))


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """The strongest channels as tiles, all contributions as a stack, and what came before and comes now."""
    said, name, order = words.encoder, settings.pooling, ranked(subject, settings.pooling)
    drop = switched_off(subject, settings)
    changed = subject.explain(drop) if drop.channels else subject.explained
    kept = [(channel, value) for channel, value in order if channel not in drop.channels]
    # A channel that was switched stays in reach, however weak it is.
    tiled = order[: settings.shown]
    tiled += [each for each in order[settings.shown :] if each[0] in drop.channels.union(settings.off)]
    logit = float(pooling_named(changed, name).logits[0])
    return View(
        heading=said.heading.title,
        says=_says(subject, changed, drop, name, words),
        formulas=(said.formulas[POOLINGS.index(name)].format(terms=_terms(kept, words), logit=plain(logit)),),
        rows=(before_and_after(subject, changed, words),),
        scales=(attention_scale(words),),
        charts=(
            _stack(subject, kept, settings, logit, words),
            Tiles(
                "channels",
                said.tiles[POOLINGS.index(name)].format(all=len(order)),
                tuple(_tile(subject, words, name, *each, each[0] not in drop.channels) for each in tiled),
            ),
        ),
    )


def _terms(kept: Ranked, words: Words) -> str:
    """The strongest contributions one by one, the others as one number."""
    values = [value for _, value in kept]
    named, rest = values[:NAMED], values[NAMED:]
    if not rest:
        return summed(named)
    return words.encoder.rest_of_formula.format(terms=summed([*named, sum(rest)]), count=len(rest))


def _stack(subject: Subject, kept: Ranked, settings: Settings, logit: float, words: Words) -> Stack:
    """The channels that are on, as many by name as there are tiles."""
    said, name, rest = words.encoder, settings.pooling, kept[settings.shown :]
    parts = [
        Bar(_label(words, channel, value), value, _note(subject, words, name, channel))
        for channel, value in kept[: settings.shown]
    ]
    if rest:
        value = sum(value for _, value in rest)
        parts.append(Bar(said.rest.format(count=len(rest)), value))
    total = said.total.format(pooling=name, logit=plain(logit))
    return Stack("contributions", said.stack, tuple(parts), Bar(total, logit, total))


def _label(words: Words, channel: int, contribution: float) -> str:
    return words.encoder.label.format(channel=channel, contribution=signed(contribution))


def _note(subject: Subject, words: Words, name: str, channel: int) -> str:
    pooling = pooling_named(subject.explained, name)
    return words.encoder.notes[POOLINGS.index(name)].format(
        pooled=plain(float(pooling.pooled[0, channel]), 3),
        weight=signed(float(pooling.weights[channel]), 4),
        contribution=signed(float(pooling.contributions[0, channel])),
    )


def _tile(subject: Subject, words: Words, name: str, channel: int, contribution: float, on: bool) -> Tile:
    values = subject.explained.features[0, channel].float().cpu().numpy()
    picture = thumbnail(values, subject.picture, subject.grids(), ring=name == "gmp")
    return Tile(channel, picture, _label(words, channel, contribution), _note(subject, words, name, channel), on)


def _says(
    subject: Subject, changed: GeneratorExplanation, drop: DropChannels, name: str, words: Words
) -> tuple[str, ...]:
    said, count = words.encoder, subject.encoded.features.shape[1]
    before, after = (
        {each: float(pooling_named(explained, each).logits[0]) for each in POOLINGS}
        for explained in (subject.explained, changed)
    )
    verdicts = [percent(probability(sum(logits.values()) / 2)) for logits in (before, after)]
    if not drop.channels:
        untouched = {"all": count, "pooling": name, "logit": plain(before[name])}
        return (said.untouched.format(**untouched, percent=verdicts[0], origin=subject.origin),)
    other = "gap" if name == "gmp" else "gmp"
    logits_moved = [
        template.format(
            count=len(drop.channels), all=count, pooling=each, before=plain(before[each]), after=plain(after[each])
        )
        for template, each in ((said.moved, name), (said.other, other))
    ]
    verdict = said.verdict.format(before=verdicts[0], after=verdicts[1], origin=subject.origin)
    return logits_moved[0], f"{verdict} {logits_moved[1]}", levels_apart(subject, changed, words)
