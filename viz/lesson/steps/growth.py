"""Step 9: how attention grew, in pictures that were kept while the weights were trained. No network runs."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ugatit.errors import TranslationError, WeightsError
from ugatit.explain.snapshots import Growth, Moment
from ugatit.metrics import rank_correlation
from viz.i18n.schema import Words
from viz.lesson.maps import ATTENTION, Limits, laid, limits_of
from viz.lesson.number_format import percent, plain, probability, signed
from viz.lesson.settings import StepSettings
from viz.lesson.shared import attention_scale
from viz.lesson.subject import Map, Subject
from viz.lesson.view import Line, Panel, Plot, View
from viz.overlay import colorize

NAME = "growth"
GENERATOR = "generator"
STRIP_SIDE = 128
STRIP_GAP = 6
UNDERLINE = "#0d9488"


@dataclass(frozen=True)
class Settings(StepSettings):
    """moment: which one, from 0; beyond the newest it is the newest. sample: which picture, likewise.

    Raises TranslationError for negative ones.
    """

    moment: int = 0
    sample: int = 0

    def __post_init__(self) -> None:
        for name, index in (("moment", self.moment), ("sample", self.sample)):
            if index < 0:
                raise TranslationError(f"{name} counts from 0, got {index}.")


@dataclass(frozen=True)
class Grown:
    """One picture's way through training. number: of the chosen moment. values: each moment's attention map."""

    growth: Growth
    number: int
    sample: int

    @property
    def moment(self) -> Moment:
        return self.growth.moments[self.number]

    @property
    def name(self) -> str:
        return self.growth.names[self.sample]

    @property
    def picture(self) -> Image.Image:
        return Image.fromarray(self.growth.pictures[self.sample])

    @property
    def translation(self) -> Image.Image:
        return Image.fromarray(self.moment.translations[self.sample])

    @property
    def maps(self) -> list[Map]:
        """The picture's attention map at each moment, raw."""
        return [moment.maps[GENERATOR][self.sample] for moment in self.growth.moments]

    def likenesses(self) -> Map:
        """(moments, N): each map's rank correlation with the newest one of its picture."""
        newest = torch.from_numpy(self.growth.moments[-1].maps[GENERATOR])
        each = [rank_correlation(torch.from_numpy(m.maps[GENERATOR]), newest) for m in self.growth.moments]
        return torch.stack(each).float().numpy()

    def shares(self) -> Map:
        """(moments, N): how sure the classifier was that a picture is of its own domain, in [0, 1]."""
        return np.array(
            [[probability(float(logit)) for logit in moment.cam_logits.mean(axis=1)] for moment in self.growth.moments],
            np.float32,
        )


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """A kept picture at one moment of training, and where that moment lies in all of them."""
    said = words.growth
    try:
        growth = subject.growth
    except WeightsError as error:
        return View(heading=said.heading.title, says=(str(error),))
    if growth is None:
        return View(heading=said.heading.title, says=(said.none,))
    grown = Grown(growth, min(settings.moment, len(growth.moments) - 1), min(settings.sample, len(growth.names) - 1))
    likenesses, shares = grown.likenesses(), grown.shares()
    return View(
        heading=said.heading.title,
        says=_says(grown, likenesses, shares, words),
        rows=(_panels(grown, subject, words), (_strip(grown, words),)),
        scales=(attention_scale(words),),
        charts=_plots(grown, likenesses, shares, words),
    )


def choices(subject: Subject) -> tuple[int, tuple[str, ...]]:
    """How many moments there are to choose from, and the names of the pictures; none where they cannot be read."""
    try:
        growth = subject.growth
    except WeightsError:
        growth = None
    return (0, ()) if growth is None else (len(growth.moments), growth.names)


def _says(grown: Grown, likenesses: Map, shares: Map, words: Words) -> tuple[str, ...]:
    said, growth = words.growth, grown.growth
    count = len(growth.moments)
    sentences = [said.at_step.format(number=grown.number + 1, count=count, step=f"{grown.moment.step:,}")]
    share, likeness = (float(values[grown.number, grown.sample]) for values in (shares, likenesses))
    if np.isfinite(share):
        sentences.append(said.verdict.format(percent=percent(share), origin=growth.origin))
    if grown.number == count - 1:
        sentences.append(said.newest)
    elif np.isfinite(likeness):
        sentences.append(said.likeness.format(correlation=signed(likeness)))
    return (*sentences, said.fixed)


def _panels(grown: Grown, subject: Subject, words: Words) -> tuple[Panel, ...]:
    said, values = words.lesson, grown.maps[grown.number]
    rows, columns = values.shape
    grid = subject.explainer.grids[GENERATOR]
    names = {"name": grown.name, "to": grown.growth.to}
    return (
        Panel("input", grown.picture, said.input, said.input_alt.format(**names), exact=True),
        Panel(
            "attention",
            laid(values, grown.picture, (grid, grid), limits=limits_of(grown.maps[-1])),
            said.attention_map,
            said.attention_alt.format(**names),
            made=words.growth.attention_made.format(columns=columns, rows=rows),
        ),
        Panel("translation", grown.translation, said.translation, said.translation_alt.format(**names), exact=True),
    )


def _strip(grown: Grown, words: Words) -> Panel:
    """All moments' maps side by side on one scale, the chosen one underlined; RGBA, clear between them."""
    said, maps = words.growth, grown.maps
    limits = limits_of(maps[-1])
    pitch = STRIP_SIDE + STRIP_GAP
    strip = Image.new("RGBA", (len(maps) * pitch - STRIP_GAP, STRIP_SIDE + 2 * STRIP_GAP))
    for number, values in enumerate(maps):
        strip.paste(_small(values, limits), (number * pitch, 0))
    left, top = grown.number * pitch, STRIP_SIDE + STRIP_GAP
    strip.paste(UNDERLINE, (left, top, left + STRIP_SIDE, top + STRIP_GAP))
    alt = said.strip_alt.format(count=len(maps), name=grown.name, number=grown.number + 1)
    return Panel("strip", strip, said.strip, alt)


def _small(values: Map, limits: Limits) -> Image.Image:
    low, high = limits
    unit = (values - low) / (high - low) if high > low else np.zeros_like(values)
    cells = Image.fromarray(colorize(unit, ATTENTION))
    return cells.resize((STRIP_SIDE, STRIP_SIDE), Image.Resampling.BILINEAR)


def _plots(grown: Grown, likenesses: Map, shares: Map, words: Words) -> tuple[Plot, ...]:
    said, growth = words.growth, grown.growth
    found = []
    if _known(shares).sum() > 1:
        label = said.verdicts_y.format(origin=growth.origin)
        found.append(_plot("verdicts", said.verdicts, label, 100 * shares, (0, 100), grown, words))
    if np.isfinite(likenesses).all():
        label = said.likenesses_y
        low = min(0.0, float(likenesses.min()))
        found.append(_plot("likenesses", said.likenesses, label, likenesses, (low, 1), grown, words))
    return tuple(found)


def _known(values: Map) -> NDArray[np.bool_]:
    """(moments, N) to (moments,): where the values of all pictures are known."""
    known: NDArray[np.bool_] = np.isfinite(values.sum(axis=1))
    return known


def _plot(
    name: str, title: str, y_label: str, values: Map, ends: tuple[float, float], grown: Grown, words: Words
) -> Plot:
    """values: (moments, N), those that are known are drawn. ends: of the upright line at the chosen moment."""
    said, steps = words.growth, np.array([moment.step for moment in grown.growth.moments], np.float32)
    known, digits = _known(values), 0 if ends[1] > 1 else 2
    own, mean = values[:, grown.sample], values.mean(axis=1)
    here = steps[[grown.number, grown.number]]

    def line(label: str, each: Map) -> Line:
        says = plain(float(each[grown.number]), digits) if known[grown.number] else said.unknown
        return Line(label, steps[known], each[known], says)

    return Plot(
        name,
        title,
        said.step,
        y_label,
        (
            line(said.this_picture, own),
            line(said.all_pictures.format(count=len(grown.growth.names)), mean),
            Line(said.chosen, here, np.array(ends, np.float32), said.chosen_says.format(step=f"{grown.moment.step:,}")),
        ),
    )
