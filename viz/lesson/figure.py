"""Draw a view as a figure for a slide or a paper: PNG at 300 dpi, or SVG."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.contact_sheet import HAIRLINE, INK, MUTED
from viz.i18n.schema import Words
from viz.lesson.figure_charts import ACCENT, SMALL, add_chart
from viz.lesson.page_layout import CONTENT_WIDTH, MARGIN, FigurePage, line_height
from viz.lesson.subject import Subject
from viz.lesson.typesetting import wrap_text
from viz.lesson.view import ColorScale, Panel, View

DPI = 300
GAP, MAX_PANEL_SIDE = 0.22, 2.9
TITLE_SIZE, TEXT_SIZE = 17, 11
"""Font sizes in points."""


def lesson_figure(view: View, source: str = "") -> Figure:
    """Return a figure of the whole view, from title to charts. source: a small line below, from `source_line`."""
    page = FigurePage()
    page.add_paragraph(view.heading, TITLE_SIZE, bold=True)
    page.top += 0.12
    for row in view.rows:
        _row(page, row)
    _scales(page, view.scales)
    for sentence in view.sentences:
        page.add_paragraph(sentence, TEXT_SIZE)
        page.top += 0.04
    _formulas(page, view.formulas)
    for chart in view.charts:
        add_chart(page, chart)
    if source:
        page.top += 0.2
        page.add_paragraph(source, SMALL, color=MUTED)
    return page.to_figure()


def source_line(subject: Subject, words: Words) -> str:
    """Return the line that names a figure's weights, direction and picture."""
    return words.lesson.figure_source.format(
        weights=subject.weights, origin=subject.origin, to=subject.to, picture=subject.name or words.lesson.own_name
    )


def save_figure(view: View, path: Path, source: str = "") -> None:
    """Write a view's figure. path: ends in .png (300 dpi) or in .svg (letters as outlines)."""
    metadata = {"Date": None} if path.suffix == ".svg" else None
    lesson_figure(view, source).savefig(path, dpi=DPI, metadata=metadata)


def _row(page: FigurePage, row: tuple[Panel, ...]) -> None:
    if not row:
        return
    alone = len(row) == 1 and row[0].picture.width > 2 * row[0].picture.height
    side = CONTENT_WIDTH if alone else min(MAX_PANEL_SIDE, (CONTENT_WIDTH - GAP * (len(row) - 1)) / len(row))
    bottom = 0.0
    for column, panel in enumerate(row):
        x = MARGIN + column * (side + GAP)
        top = page.top + page.add_picture(panel.picture, x, page.top, side) + 0.06
        for text, size, color in ((panel.caption, 10, INK), (panel.details, SMALL, MUTED)):
            for line in wrap_text(text, size, side):
                page.add_line(line, x, top, size, color)
                top += line_height(size)
        bottom = max(bottom, top)
    page.top = bottom + 0.12


def _scales(page: FigurePage, scales: tuple[ColorScale, ...], width: float = 2.4) -> None:
    for column, scale in enumerate(scales):
        x = MARGIN + column * (width + 2 * GAP)

        def draw(axis: Axes, colormap: str = scale.colormap) -> None:
            axis.imshow(np.linspace(0, 1, 256)[None], cmap=colormap, aspect="auto")
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_color(HAIRLINE)

        page.add_axes(x, page.top, width, 0.1, draw)
        page.add_line(scale.labels[0], x, page.top + 0.13, SMALL, MUTED)
        page.add_line(scale.labels[1], x + width, page.top + 0.13, SMALL, MUTED, align="right")
    if scales:
        page.top += 0.13 + line_height(SMALL) + 0.12


def _formulas(page: FigurePage, formulas: tuple[str, ...]) -> None:
    if not formulas:
        return
    page.top += 0.1
    start = page.top
    for formula in formulas:
        page.add_paragraph(formula, TEXT_SIZE, x=MARGIN + 0.2, max_width=CONTENT_WIDTH - 0.2)

    def draw(axis: Axes) -> None:
        axis.set_facecolor(ACCENT)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)

    page.add_axes(MARGIN, start, 0.035, page.top - start, draw)
    page.top += 0.1
