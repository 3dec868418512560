"""Step 1: what the auxiliary classifier was asked, what it says, and where it looked."""

from dataclasses import dataclass

from viz.i18n.schema import Words
from viz.lesson.ground_truth import outlined
from viz.lesson.number_format import percent, plain, probability, summed
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_panel, attention_scale, input_panel, translation_panel
from viz.lesson.subject import Subject
from viz.lesson.view import View

NAME = "question"


@dataclass(frozen=True)
class Settings(StepSettings):
    """There is nothing to set."""


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """The picture, the attention map, the translation, and the classifier's verdict in words and numbers."""
    said, explained = words.question, subject.explained
    gap, gmp = explained.cam_logits[0].tolist()
    share = probability((gap + gmp) / 2)
    says = (
        said.verdict.format(percent=percent(share), origin=subject.origin),
        said.scale.format(gap=plain(gap), gmp=plain(gmp), origin=subject.origin, to=subject.to),
        said.looked,
    )
    known = () if subject.truth is None else (words.what_if.outlined.format(origin=subject.origin),)
    return View(
        heading=said.heading.title,
        says=(*says, *known),
        formulas=(said.formula.format(terms=summed((gap, gmp)), probability=plain(share, 3)),),
        rows=(
            (
                input_panel(subject, words),
                outlined(attention_panel(subject, explained.attention_map, words), subject),
                translation_panel(subject, explained.image, words),
            ),
        ),
        scales=(attention_scale(words),),
    )
