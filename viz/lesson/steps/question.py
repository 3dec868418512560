"""Step 1: the auxiliary classifier's question, its verdict, and where it looked."""

from dataclasses import dataclass

from viz.i18n.schema import Words
from viz.lesson.ground_truth import outline_object
from viz.lesson.number_format import format_number, format_percent, format_sum, sigmoid
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_panel, attention_scale, input_panel, translation_panel
from viz.lesson.subject import Subject
from viz.lesson.view import View

NAME = "question"


@dataclass(frozen=True)
class Settings(StepSettings):
    """This step has no settings."""


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of the picture, the attention map, the translation and the classifier's verdict."""
    texts, explanation = words.question, subject.explanation
    gap, gmp = explanation.cam_logits[0].tolist()
    share = sigmoid((gap + gmp) / 2)
    sentences = (
        texts.verdict.format(percent=format_percent(share), origin=subject.origin),
        texts.scale.format(gap=format_number(gap), gmp=format_number(gmp), origin=subject.origin, to=subject.to),
        texts.looked,
    )
    outlined = () if subject.truth is None else (words.what_if.outlined.format(origin=subject.origin, to=subject.to),)
    return View(
        heading=texts.heading.title,
        sentences=(*sentences, *outlined),
        formulas=(texts.formula.format(terms=format_sum((gap, gmp)), probability=format_number(share, 3)),),
        rows=(
            (
                input_panel(subject, words),
                outline_object(attention_panel(subject, explanation.attention_map, words), subject),
                translation_panel(subject, explanation.image, words),
            ),
        ),
        scales=(attention_scale(words),),
    )
