"""Step 8: cycle consistency. The picture translated and back, what was lost, and both generators' attention."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viz.contact_sheet import enlarge
from viz.display import screen_factor
from viz.i18n.schema import Words
from viz.lesson.difference import pixel_difference
from viz.lesson.maps import ATTENTION, draw_map
from viz.lesson.number_format import format_number, format_percent, sigmoid
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_panel, attention_scale, input_panel, translation_panel
from viz.lesson.subject import Map, Subject, first_map
from viz.lesson.view import ColorScale, Panel, View
from viz.overlay import colorize

NAME = "cycle"
THIRDS = 3
LEVELS_PER_UNIT = 127.5
"""Grey levels of 255 for one unit of the networks' scale from -1 to 1."""


@dataclass(frozen=True)
class Settings(StepSettings):
    """This step has no settings."""


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of the input, the translation, the reconstruction, their difference, and both attention maps."""
    texts, forward, backward = words.cycle, subject.explanation, subject.reconstruction
    translation, reconstruction = subject.render(forward.image), subject.render(backward.image)
    lost = pixel_difference(subject.picture, reconstruction)
    changed = pixel_difference(subject.picture, translation)
    place, levels = most_changed_ninth(lost)
    mean_lost = float(lost.mean())
    share = sigmoid(float(backward.cam_logits[0].mean()))
    # If nothing changed and nothing was lost, there is nothing to compare.
    comparison = [texts.kept if lost.mean() < changed.mean() else texts.farther] if changed.any() or lost.any() else []
    if lost.any():
        comparison.append(texts.most_lost.format(place=texts.places[place], levels=format_number(levels, 1)))
    return View(
        heading=texts.heading.title,
        sentences=(
            texts.lost.format(lost=format_number(mean_lost, 1), changed=format_number(float(changed.mean()), 1)),
            *comparison,
            texts.back_verdict.format(percent=format_percent(share), to=subject.to),
        ),
        # Two digits, so that the numbers shown divide to the result shown.
        formulas=(
            texts.formula.format(lost=format_number(mean_lost), scaled=format_number(mean_lost / LEVELS_PER_UNIT, 3)),
        ),
        # Below each picture, its map.
        rows=(
            (
                input_panel(subject, words),
                translation_panel(subject, forward.image, words),
                _reconstruction_panel(subject, reconstruction, words),
            ),
            (
                replace(
                    attention_panel(subject, forward.attention_map, words, "attention-there"),
                    caption=texts.attention_there,
                ),
                _back_panel(subject, translation, first_map(backward.attention_map), words),
                _difference_panel(subject, lost, texts.places[place], words),
            ),
        ),
        scales=(
            attention_scale(words),
            ColorScale(ATTENTION, (texts.equal, texts.different.format(levels=format_number(float(lost.max()), 0)))),
        ),
    )


def most_changed_ninth(values: Map) -> tuple[int, float]:
    """Return the ninth of a map with the highest mean, counted row by row, and that mean.

    On a very narrow map some ninths are empty and never chosen.
    """
    ninths: NDArray[np.float64] = np.array(
        [
            part.mean() if part.size else -np.inf
            for band in np.array_split(values, THIRDS, axis=0)
            for part in np.array_split(band, THIRDS, axis=1)
        ]
    )
    place = int(ninths.argmax())
    return place, float(ninths[place])


def _reconstruction_panel(subject: Subject, reconstruction: Image.Image, words: Words) -> Panel:
    texts = words.cycle
    alt = texts.returned_alt.format(name=subject.name, origin=subject.origin, to=subject.to)
    return Panel("returned", reconstruction, texts.returned, alt, lossless=True)


def _difference_panel(subject: Subject, lost: Map, place: str, words: Words) -> Panel:
    texts, highest = words.cycle, float(lost.max())
    unit = lost / highest if highest > 0 else lost
    picture = Image.fromarray(colorize(unit, ATTENTION))
    return Panel(
        "difference",
        enlarge(picture, screen_factor(picture)),
        texts.difference,
        texts.difference_alt.format(name=subject.name, place=place),
        details=texts.difference_made,
    )


def _back_panel(subject: Subject, translation: Image.Image, values: Map, words: Words) -> Panel:
    rows, columns = values.shape
    left, top = subject.fitted.box[:2]
    grid = subject.back_explainer.grids["generator"]
    return Panel(
        "attention-back",
        draw_map(values, translation, (grid.shifted(top), grid.shifted(left))),
        words.cycle.attention_back,
        words.cycle.attention_back_alt.format(name=subject.name),
        details=words.lesson.cells.format(columns=columns, rows=rows),
    )
