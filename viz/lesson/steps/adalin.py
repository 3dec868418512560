"""Step 6: AdaLIN. How each layer normalises, and the translation with a changed rho or modulation."""

from dataclasses import dataclass

from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.explain.interventions import Intervention, ModulationOf, Rho
from viz.i18n.schema import Words
from viz.lesson.number_format import format_number
from viz.lesson.settings import StepSettings
from viz.lesson.shared import before_and_after_panels, change_sentence, input_panel
from viz.lesson.subject import Subject
from viz.lesson.view import Bar, Bars, Panel, View

NAME = "adalin"


@dataclass(frozen=True)
class Settings(StepSettings):
    """pull: -1 moves rho to layer norm, 1 to instance norm, 0 leaves it as learned.

    layer: a layer's name in an explanation's `rho`; empty for all layers. other: the name of the picture whose gamma
    and beta are used, one of the subject's `others`; empty for the picture's own.
    Raises TranslationError for a pull outside [-1, 1].
    """

    pull: float = 0.0
    layer: str = ""
    other: str = ""

    def __post_init__(self) -> None:
        # The negation also rejects NaN.
        if not -1 <= self.pull <= 1:
            raise TranslationError(f"The pull lies between -1, layer norm, and 1, instance norm, got {self.pull}.")


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of the translation as learned and with the changes, and of each layer's rho before and after."""
    texts, learned = words.adalin, subject.explanation
    interventions, other_panels = _interventions(subject, settings, words)
    explanation = subject.explain(*interventions)
    _, _, *translations = before_and_after_panels(subject, explanation, words)
    learned_mean, mean = _mean_rho(learned.rho), _mean_rho(explanation.rho)
    sentences = [] if interventions else [_start(learned.rho, words)]
    if settings.pull:
        sentences.append(texts.pulled.format(usual=format_number(learned_mean), now=format_number(mean)))
    if other_panels:
        sentences.append(texts.borrowed.format(other=settings.other))
    if interventions:
        sentences.append(change_sentence(subject, explanation, words))
    return View(
        heading=texts.heading.title,
        sentences=tuple(sentences),
        formulas=tuple(
            formula.format(rho=format_number(mean), rest=format_number(1 - mean)) for formula in texts.formulas
        ),
        rows=((input_panel(subject, words), *other_panels, *translations),),
        charts=(_bars(learned.rho, explanation.rho, words),),
    )


def _start(rho: dict[str, Tensor], words: Words) -> str:
    """Return the sentence on rho as it was learned, in the blocks and in upsampling: the two begin training apart."""
    blocks, upsampling = (
        format_number(_mean_rho({name: values for name, values in rho.items() if name.startswith(part)}))
        for part in ("decoder.", "upsampling.")
    )
    return words.adalin.start.format(blocks=blocks, upsampling=upsampling)


def layer_label(name: str, words: Words) -> str:
    """Return a readable label for a layer's name in an explanation's `rho`: `decoder.0.norm1`, `upsampling.1.norm`."""
    part, number, norm = name.split(".")
    texts = words.adalin
    if part == "decoder":
        return texts.block.format(block=int(number) + 1, half=norm.removeprefix("norm"))
    return texts.upsampling.format(number=int(number) + 1)


def _interventions(
    subject: Subject, settings: Settings, words: Words
) -> tuple[tuple[Intervention, ...], tuple[Panel, ...]]:
    """Return the interventions of the settings, and the panel of the picture whose gamma and beta are used, if any."""
    interventions: list[Intervention] = []
    if settings.layer and settings.layer not in subject.explanation.rho:
        raise TranslationError(
            f"No layer is named {settings.layer[:40]!r}; those with a rho: {', '.join(subject.explanation.rho)}."
        )
    if settings.pull:
        interventions.append(Rho(1.0 if settings.pull > 0 else 0.0, settings.layer or None, abs(settings.pull)))
    if not settings.other:
        return tuple(interventions), ()
    if settings.other not in subject.others:
        offered = ", ".join(subject.others) or "none"
        raise TranslationError(f"There is no picture {settings.other[:40]!r} to borrow from; there are: {offered}.")
    explainer = subject.explainer
    fitted = explainer.fit(subject.others[settings.other])
    interventions.append(ModulationOf(explainer.modulation(explainer.encode(explainer.tensor(fitted)))))
    texts = words.adalin
    alt = texts.other_alt.format(other=settings.other)
    return tuple(interventions), (Panel("other", fitted.crop(fitted.canvas), texts.other_panel, alt, lossless=True),)


def _bars(learned: dict[str, Tensor], current: dict[str, Tensor], words: Words) -> Bars:
    """Return each layer's rho, averaged over its channels, with a mark at the learned value."""
    texts = words.adalin
    bars = []
    for name, values in current.items():
        before = learned[name]
        note = texts.note.format(
            mean=format_number(float(before.mean())),
            low=format_number(float(before.min())),
            high=format_number(float(before.max())),
        )
        bars.append(Bar(layer_label(name, words), float(values.mean()), note, before=float(before.mean())))
    return Bars("rho", texts.bars, tuple(bars), (0.0, 1.0), (texts.layer_norm, texts.instance_norm))


def _mean_rho(rho: dict[str, Tensor]) -> float:
    """Return the mean over all layers, each with the same weight."""
    return sum(float(values.mean()) for values in rho.values()) / len(rho)
