"""Step 8: there and back again, what was lost on the way, and where either generator looked."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viz.contact_sheet import enlarged
from viz.display import screen_factor
from viz.i18n.schema import Words
from viz.lesson.difference import change
from viz.lesson.maps import ATTENTION, laid
from viz.lesson.number_format import percent, plain, probability
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_panel, attention_scale, input_panel, translation_panel
from viz.lesson.subject import Map, Subject, of_first
from viz.lesson.view import ColorScale, Panel, View
from viz.overlay import colorize

NAME = "cycle"
THIRDS = 3
LEVELS_A_UNIT = 127.5
"""Grey levels of 255 to one of the networks' scale from -1 to 1."""


@dataclass(frozen=True)
class Settings(StepSettings):
    """There is nothing to set."""


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """The input, the translation, the returned picture, their difference, and the attention of either way."""
    said, there, back = words.cycle, subject.explained, subject.returned
    translation, returned = subject.drawn(there.image), subject.drawn(back.image)
    lost = change(subject.picture, returned)
    changed = change(subject.picture, translation)
    place, levels = most(lost)
    share = probability(float(back.cam_logits[0].mean()))
    # Where nothing changed and nothing was lost, there is nothing to say of either.
    judged = [said.kept if lost.mean() < changed.mean() else said.farther] if changed.any() or lost.any() else []
    if lost.any():
        judged.append(said.most_lost.format(place=said.places[place], levels=plain(levels, 1)))
    return View(
        heading=said.heading.title,
        says=(
            said.lost.format(lost=plain(float(lost.mean()), 1), changed=plain(float(changed.mean()), 1)),
            *judged,
            said.back_verdict.format(percent=percent(share), to=subject.to),
        ),
        # Two digits, so that dividing what is shown gives what is shown.
        formulas=(
            said.formula.format(lost=plain(float(lost.mean())), scaled=plain(float(lost.mean()) / LEVELS_A_UNIT, 3)),
        ),
        # Below each picture what belongs to it.
        rows=(
            (
                input_panel(subject, words),
                translation_panel(subject, there.image, words),
                _returned_panel(subject, returned, words),
            ),
            (
                replace(
                    attention_panel(subject, there.attention_map, words, "attention-there"),
                    caption=said.attention_there,
                ),
                _back_panel(subject, translation, of_first(back.attention_map), words),
                _difference_panel(subject, lost, said.places[place], words),
            ),
        ),
        scales=(
            attention_scale(words),
            ColorScale(ATTENTION, (said.equal, said.different.format(levels=plain(float(lost.max()), 0)))),
        ),
    )


def most(values: Map) -> tuple[int, float]:
    """Which ninth of a map has the highest mean, counted row by row, and that mean; on a sliver some are empty."""
    ninths: NDArray[np.float64] = np.array(
        [
            part.mean() if part.size else -np.inf
            for band in np.array_split(values, THIRDS, axis=0)
            for part in np.array_split(band, THIRDS, axis=1)
        ]
    )
    place = int(ninths.argmax())
    return place, float(ninths[place])


def _returned_panel(subject: Subject, returned: Image.Image, words: Words) -> Panel:
    said = words.cycle
    alt = said.returned_alt.format(name=subject.name, origin=subject.origin, to=subject.to)
    return Panel("returned", returned, said.returned, alt, exact=True)


def _difference_panel(subject: Subject, lost: Map, place: str, words: Words) -> Panel:
    said, highest = words.cycle, float(lost.max())
    unit = lost / highest if highest > 0 else lost
    drawn = Image.fromarray(colorize(unit, ATTENTION))
    return Panel(
        "difference",
        enlarged(drawn, screen_factor(drawn)),
        said.difference,
        said.difference_alt.format(name=subject.name, place=place),
        made=said.difference_made,
    )


def _back_panel(subject: Subject, translation: Image.Image, values: Map, words: Words) -> Panel:
    rows, columns = values.shape
    left, top = subject.fitted.box[:2]
    grid = subject.back.grids["generator"]
    return Panel(
        "attention-back",
        laid(values, translation, (grid.shifted(top), grid.shifted(left))),
        words.cycle.attention_back,
        words.cycle.attention_back_alt.format(name=subject.name),
        made=words.lesson.cells.format(columns=columns, rows=rows),
    )
