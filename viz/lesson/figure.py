"""A view as a figure for a slide or a paper: PNG at 300 dpi, SVG."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.contact_sheet import HAIRLINE, INK, MUTED
from viz.i18n.schema import Words
from viz.lesson.figure_charts import ACCENT, SMALL, lay_chart
from viz.lesson.page_layout import INNER, MARGIN, FigurePage, pitch
from viz.lesson.subject import Subject
from viz.lesson.typesetting import wrapped
from viz.lesson.view import ColorScale, Panel, View

DPI = 300
GAP, LARGEST_PANEL = 0.22, 2.9
TITLE, TEXT = 17, 11
"""Sizes of letters."""


def lesson_figure(view: View, source: str = "") -> Figure:
    """A view from its title to its charts. source: a small line below, of what it was made from."""
    paper = FigurePage()
    paper.lines(view.heading, TITLE, bold=True)
    paper.top += 0.12
    for row in view.rows:
        _row(paper, row)
    _scales(paper, view.scales)
    for sentence in view.says:
        paper.lines(sentence, TEXT)
        paper.top += 0.04
    _formulas(paper, view.formulas)
    for chart in view.charts:
        lay_chart(paper, chart)
    if source:
        paper.top += 0.2
        paper.lines(source, SMALL, color=MUTED)
    return paper.figure()


def source_line(subject: Subject, words: Words) -> str:
    """What a figure was made from: weights, direction and picture."""
    return words.lesson.figure_source.format(
        weights=subject.weights, origin=subject.origin, to=subject.to, picture=subject.name or words.lesson.own_name
    )


def save(view: View, path: Path, source: str = "") -> None:
    """Write a view's figure. path: ends in .png, which has 300 dpi, or in .svg, whose letters are outlines."""
    metadata = {"Date": None} if path.suffix == ".svg" else None
    lesson_figure(view, source).savefig(path, dpi=DPI, metadata=metadata)


def _row(paper: FigurePage, row: tuple[Panel, ...]) -> None:
    if not row:
        return
    alone = len(row) == 1 and row[0].picture.width > 2 * row[0].picture.height
    side = INNER if alone else min(LARGEST_PANEL, (INNER - GAP * (len(row) - 1)) / len(row))
    below = 0.0
    for column, panel in enumerate(row):
        x = MARGIN + column * (side + GAP)
        top = paper.top + paper.picture(panel.picture, x, paper.top, side) + 0.06
        for words, size, color in ((panel.caption, 10, INK), (panel.made, SMALL, MUTED)):
            for line in wrapped(words, size, side):
                paper.line(line, x, top, size, color)
                top += pitch(size)
        below = max(below, top)
    paper.top = below + 0.12


def _scales(paper: FigurePage, scales: tuple[ColorScale, ...], long: float = 2.4) -> None:
    for column, scale in enumerate(scales):
        x = MARGIN + column * (long + 2 * GAP)

        def draw(axis: Axes, colormap: str = scale.colormap) -> None:
            axis.imshow(np.linspace(0, 1, 256)[None], cmap=colormap, aspect="auto")
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_color(HAIRLINE)

        paper.axes(x, paper.top, long, 0.1, draw)
        paper.line(scale.ends[0], x, paper.top + 0.13, SMALL, MUTED)
        paper.line(scale.ends[1], x + long, paper.top + 0.13, SMALL, MUTED, align="right")
    if scales:
        paper.top += 0.13 + pitch(SMALL) + 0.12


def _formulas(paper: FigurePage, formulas: tuple[str, ...]) -> None:
    if not formulas:
        return
    paper.top += 0.1
    begin = paper.top
    for formula in formulas:
        paper.lines(formula, TEXT, x=MARGIN + 0.2, room=INNER - 0.2)

    def draw(axis: Axes) -> None:
        axis.set_facecolor(ACCENT)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)

    paper.axes(MARGIN, begin, 0.035, paper.top - begin, draw)
    paper.top += 0.1
