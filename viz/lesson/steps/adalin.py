"""Step 6: AdaLIN. How much shape, how much texture each layer keeps, and what the picture becomes if that is pulled."""

from dataclasses import dataclass

from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.explain.interventions import Intervention, ModulationOf, Rho
from viz.i18n.schema import Words
from viz.lesson.number_format import plain
from viz.lesson.settings import StepSettings
from viz.lesson.shared import before_and_after, input_panel, levels_apart
from viz.lesson.subject import Subject
from viz.lesson.view import Bar, Bars, Panel, View

NAME = "adalin"


@dataclass(frozen=True)
class Settings(StepSettings):
    """pull: from -1, all the way to layer norm (keeps shape), over 0, as learned, to 1, instance norm (keeps texture).

    layer: by its name in an explanation's `rho`; empty for all. other: the name of the picture that gamma and beta are
    taken from, one of the subject's `others`; empty for its own.
    """

    pull: float = 0.0
    layer: str = ""
    other: str = ""

    def __post_init__(self) -> None:
        # Negated, so that NaN is refused as well.
        if not -1 <= self.pull <= 1:
            raise TranslationError(f"The pull lies between -1, layer norm, and 1, instance norm, got {self.pull}.")


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """The translation as learned and as changed, over each layer's rho before and after."""
    said, learned = words.adalin, subject.explained
    interventions, given = _interventions(subject, settings, words)
    explained = subject.explain(*interventions)
    _, _, *translations = before_and_after(subject, explained, words)
    usual, pulled = _mean(learned.rho), _mean(explained.rho)
    says = [] if interventions else [said.start.format(usual=plain(usual))]
    if settings.pull:
        says.append(said.pulled.format(usual=plain(usual), now=plain(pulled)))
    if given:
        says.append(said.borrowed.format(other=settings.other))
    if interventions:
        says.append(levels_apart(subject, explained, words))
    return View(
        heading=said.heading.title,
        says=tuple(says),
        formulas=tuple(formula.format(rho=plain(pulled), rest=plain(1 - pulled)) for formula in said.formulas),
        rows=((input_panel(subject, words), *given, *translations),),
        charts=(_bars(learned.rho, explained.rho, words),),
    )


def layer_label(name: str, words: Words) -> str:
    """A layer's name in an explanation's `rho`, `decoder.0.norm1` or `upsampling.1.norm`, as readers call it."""
    part, number, norm = name.split(".")
    said = words.adalin
    if part == "decoder":
        return said.block.format(block=int(number) + 1, half=norm.removeprefix("norm"))
    return said.upsampling.format(number=int(number) + 1)


def _interventions(
    subject: Subject, settings: Settings, words: Words
) -> tuple[tuple[Intervention, ...], tuple[Panel, ...]]:
    """What the settings change, and the picture that gamma and beta come from, if from another."""
    chosen: list[Intervention] = []
    if settings.layer and settings.layer not in subject.explained.rho:
        raise TranslationError(
            f"No layer is named {settings.layer[:40]!r}; those with a rho: {', '.join(subject.explained.rho)}."
        )
    if settings.pull:
        chosen.append(Rho(1.0 if settings.pull > 0 else 0.0, settings.layer or None, abs(settings.pull)))
    if not settings.other:
        return tuple(chosen), ()
    if settings.other not in subject.others:
        offered = ", ".join(subject.others) or "none"
        raise TranslationError(f"There is no picture {settings.other[:40]!r} to borrow from; there are: {offered}.")
    explainer = subject.explainer
    fitted = explainer.fit(subject.others[settings.other])
    chosen.append(ModulationOf(explainer.modulation(explainer.encode(explainer.tensor(fitted)))))
    said = words.adalin
    alt = said.other_alt.format(other=settings.other)
    return tuple(chosen), (Panel("other", fitted.cut(fitted.canvas), said.other_panel, alt, exact=True),)


def _bars(learned: dict[str, Tensor], now: dict[str, Tensor], words: Words) -> Bars:
    """Each layer's rho, averaged over its channels, with a mark where it was learned."""
    said = words.adalin
    bars = []
    for name, values in now.items():
        usual = learned[name]
        note = said.note.format(
            mean=plain(float(usual.mean())), low=plain(float(usual.min())), high=plain(float(usual.max()))
        )
        bars.append(Bar(layer_label(name, words), float(values.mean()), note, was=float(usual.mean())))
    return Bars("rho", said.bars, tuple(bars), (0.0, 1.0), (said.shape, said.texture))


def _mean(rho: dict[str, Tensor]) -> float:
    """Over all layers, each counted once."""
    return sum(float(values.mean()) for values in rho.values()) / len(rho)
