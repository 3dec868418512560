"""Pictures that several steps show, captioned alike."""

from torch import Tensor

from viz.lesson.maps import ATTENTION, Limits, laid
from viz.lesson.subject import Subject, of_first
from viz.lesson.view import ColorScale, Shot
from viz.words import Words


def input_shot(subject: Subject, words: Words) -> Shot:
    """The picture as the networks see it."""
    said = words.lesson
    return Shot("input", subject.picture, said.input, said.input_alt.format(name=subject.name), exact=True)


def translation_shot(subject: Subject, image: Tensor, words: Words, name: str = "translation") -> Shot:
    """What the generator drew. image: (1, 3, H, W) in [-1, 1]."""
    said = words.lesson
    alt = said.translation_alt.format(name=subject.name, to=subject.to)
    return Shot(name, subject.drawn(image), said.translation, alt, exact=True)


def attention_shot(
    subject: Subject, attention_map: Tensor, words: Words, name: str = "attention", limits: Limits | None = None
) -> Shot:
    """The generator's attention over the input. attention_map: (1, 1, h, w), raw."""
    said, values = words.lesson, of_first(attention_map)
    rows, columns = values.shape
    return Shot(
        name,
        laid(values, subject.picture, subject.grids(), limits=limits),
        said.attention_map,
        said.attention_alt.format(name=subject.name),
        made=said.cells.format(columns=columns, rows=rows),
    )


def attention_scale(words: Words) -> ColorScale:
    return ColorScale(ATTENTION, (words.lesson.lowest, words.lesson.highest))
