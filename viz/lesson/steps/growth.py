"""Step 9: how attention developed, in snapshots saved while the weights were trained. No network runs."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ugatit.errors import TranslationError, WeightsError
from ugatit.explain.snapshots import Growth, Moment
from ugatit.metrics import rank_correlation
from viz.i18n.schema import Words
from viz.lesson.maps import ATTENTION, Limits, draw_map, value_limits
from viz.lesson.number_format import format_number, format_percent, format_signed, sigmoid
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
    """moment, sample: the index of a moment of training and of a picture; too large an index means the last one.

    Raises TranslationError for negative indices.
    """

    moment: int = 0
    sample: int = 0

    def __post_init__(self) -> None:
        for name, index in (("moment", self.moment), ("sample", self.sample)):
            if index < 0:
                raise TranslationError(f"{name} counts from 0, got {index}.")


@dataclass(frozen=True)
class SelectedSample:
    """One picture at one moment of a training's snapshots."""

    growth: Growth
    moment_index: int
    sample_index: int

    @property
    def moment(self) -> Moment:
        """The selected moment."""
        return self.growth.moments[self.moment_index]

    @property
    def name(self) -> str:
        """The picture's name."""
        return self.growth.names[self.sample_index]

    @property
    def picture(self) -> Image.Image:
        """The picture itself."""
        return Image.fromarray(self.growth.pictures[self.sample_index])

    @property
    def translation(self) -> Image.Image:
        """The picture's translation at the selected moment."""
        return Image.fromarray(self.moment.translations[self.sample_index])

    @property
    def maps(self) -> list[Map]:
        """The picture's attention map at each moment, raw."""
        return [moment.maps[GENERATOR][self.sample_index] for moment in self.growth.moments]

    def similarities(self) -> Map:
        """Return each map's rank correlation with the newest map of its picture, (moments, N)."""
        newest = torch.from_numpy(self.growth.moments[-1].maps[GENERATOR])
        maps = (torch.from_numpy(moment.maps[GENERATOR]) for moment in self.growth.moments)
        return torch.stack([rank_correlation(values, newest) for values in maps]).float().numpy()

    def verdicts(self) -> Map:
        """Return the classifier's probability that a picture is of its own domain, (moments, N) in [0, 1]."""
        return np.array(
            [[sigmoid(float(logit)) for logit in moment.cam_logits.mean(axis=1)] for moment in self.growth.moments],
            np.float32,
        )


def view(subject: Subject, settings: Settings, words: Words) -> View:
    """Return the view of a saved picture at one moment of training, among all moments."""
    texts = words.growth
    try:
        growth = subject.growth
    except WeightsError as error:
        return View(heading=texts.heading.title, sentences=(str(error),))
    if growth is None:
        return View(heading=texts.heading.title, sentences=(texts.none,))
    selected = SelectedSample(
        growth, min(settings.moment, len(growth.moments) - 1), min(settings.sample, len(growth.names) - 1)
    )
    similarities, verdicts = selected.similarities(), selected.verdicts()
    return View(
        heading=texts.heading.title,
        sentences=_sentences(selected, similarities, verdicts, words),
        rows=(_panels(selected, subject, words), (_strip_panel(selected, words),)),
        scales=(attention_scale(words),),
        charts=_plots(selected, similarities, verdicts, words),
    )


def choices(subject: Subject) -> tuple[int, tuple[str, ...]]:
    """Return the number of moments and the names of the pictures; none if there are no readable snapshots."""
    try:
        growth = subject.growth
    except WeightsError:
        growth = None
    return (0, ()) if growth is None else (len(growth.moments), growth.names)


def _sentences(selected: SelectedSample, similarities: Map, verdicts: Map, words: Words) -> tuple[str, ...]:
    texts, growth = words.growth, selected.growth
    count = len(growth.moments)
    sentences = [texts.at_step.format(number=selected.moment_index + 1, count=count, step=f"{selected.moment.step:,}")]
    verdict, similarity = (
        float(values[selected.moment_index, selected.sample_index]) for values in (verdicts, similarities)
    )
    if np.isfinite(verdict):
        sentences.append(texts.verdict.format(percent=format_percent(verdict), origin=growth.origin))
    if selected.moment_index == count - 1:
        sentences.append(texts.newest)
    elif np.isfinite(similarity):
        sentences.append(texts.likeness.format(correlation=format_signed(similarity)))
    return (*sentences, texts.fixed)


def _panels(selected: SelectedSample, subject: Subject, words: Words) -> tuple[Panel, ...]:
    texts, values = words.lesson, selected.maps[selected.moment_index]
    rows, columns = values.shape
    grid = subject.explainer.grids[GENERATOR]
    fields = {"name": selected.name, "to": selected.growth.to}
    return (
        Panel("input", selected.picture, texts.input, texts.input_alt.format(**fields), lossless=True),
        Panel(
            "attention",
            draw_map(values, selected.picture, (grid, grid), limits=value_limits(selected.maps[-1])),
            texts.attention_map,
            texts.attention_alt.format(**fields),
            details=words.growth.attention_made.format(columns=columns, rows=rows),
        ),
        Panel(
            "translation",
            selected.translation,
            texts.translation,
            texts.translation_alt.format(**fields),
            lossless=True,
        ),
    )


def _strip_panel(selected: SelectedSample, words: Words) -> Panel:
    """Return the maps of all moments side by side on one scale, the selected one underlined; RGBA, transparent gaps."""
    texts, maps = words.growth, selected.maps
    limits = value_limits(maps[-1])
    step_width = STRIP_SIDE + STRIP_GAP
    strip = Image.new("RGBA", (len(maps) * step_width - STRIP_GAP, STRIP_SIDE + 2 * STRIP_GAP))
    for index, values in enumerate(maps):
        strip.paste(_strip_cell(values, limits), (index * step_width, 0))
    left, top = selected.moment_index * step_width, STRIP_SIDE + STRIP_GAP
    strip.paste(UNDERLINE, (left, top, left + STRIP_SIDE, top + STRIP_GAP))
    alt = texts.strip_alt.format(count=len(maps), name=selected.name, number=selected.moment_index + 1)
    return Panel("strip", strip, texts.strip, alt)


def _strip_cell(values: Map, limits: Limits) -> Image.Image:
    low, high = limits
    unit = (values - low) / (high - low) if high > low else np.zeros_like(values)
    cells = Image.fromarray(colorize(unit, ATTENTION))
    return cells.resize((STRIP_SIDE, STRIP_SIDE), Image.Resampling.BILINEAR)


def _plots(selected: SelectedSample, similarities: Map, verdicts: Map, words: Words) -> tuple[Plot, ...]:
    texts, growth = words.growth, selected.growth
    plots = []
    if _is_known(verdicts).sum() > 1:
        label = texts.verdicts_y.format(origin=growth.origin)
        plots.append(_plot("verdicts", texts.verdicts, label, 100 * verdicts, (0, 100), selected, words))
    if np.isfinite(similarities).all():
        label = texts.likenesses_y
        low = min(0.0, float(similarities.min()))
        plots.append(_plot("likenesses", texts.likenesses, label, similarities, (low, 1), selected, words))
    return tuple(plots)


def _is_known(values: Map) -> NDArray[np.bool_]:
    """Return at which moments the values of all pictures are known, (moments,). values: (moments, N)."""
    known: NDArray[np.bool_] = np.isfinite(values.sum(axis=1))
    return known


def _plot(
    name: str, title: str, y_label: str, values: Map, limits: Limits, selected: SelectedSample, words: Words
) -> Plot:
    """Return a plot of the known values, (moments, N). limits: the ends of the vertical line at the selected moment."""
    texts, steps = words.growth, np.array([moment.step for moment in selected.growth.moments], np.float32)
    known, digits, index = _is_known(values), 0 if limits[1] > 1 else 2, selected.moment_index
    own, mean = values[:, selected.sample_index], values.mean(axis=1)
    selected_step = steps[[index, index]]

    def line(label: str, curve: Map) -> Line:
        detail = (
            format_number(float(curve[selected.moment_index]), digits)
            if known[selected.moment_index]
            else texts.unknown
        )
        return Line(label, steps[known], curve[known], detail)

    return Plot(
        name,
        title,
        texts.step,
        y_label,
        (
            line(texts.this_picture, own),
            line(texts.all_pictures.format(count=len(selected.growth.names)), mean),
            Line(
                texts.chosen,
                selected_step,
                np.array(limits, np.float32),
                texts.chosen_says.format(step=f"{selected.moment.step:,}"),
            ),
        ),
    )
