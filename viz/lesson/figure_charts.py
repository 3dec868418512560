"""Draw a view's charts on a figure page."""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from viz.contact_sheet import HAIRLINE, INK, MUTED
from viz.lesson.charts import draw_plot
from viz.lesson.number_format import format_number
from viz.lesson.page_layout import CONTENT_WIDTH, MARGIN, FigurePage, line_height
from viz.lesson.typesetting import text_width, wrap_text
from viz.lesson.view import Bars, Chart, Plot, Stack, Table, Tiles

SIZE, SMALL = 10, 8
UP, DOWN, ACCENT = "#b2182b", "#2166ac", "#0f766e"
"""Colours of positive and of negative parts, and of plain values."""
LABEL_WIDTH, NUMBER_WIDTH = 2.4, 0.7
"""Widths of the columns for a bar's label and for its number, in inches."""


def add_chart(page: FigurePage, chart: Chart) -> None:
    """Add a chart with its title at the bottom of the page."""
    page.top += 0.18
    page.add_paragraph(chart.title, SIZE + 1, bold=True)
    page.top += 0.06
    match chart:
        case Bars():
            _bars(page, chart)
        case Stack():
            _stack(page, chart)
        case Tiles():
            _tiles(page, chart)
        case Plot():
            _plot(page, chart)
        case Table():
            _table(page, chart)


def _bars(page: FigurePage, chart: Bars) -> None:
    track = CONTENT_WIDTH - LABEL_WIDTH - NUMBER_WIDTH
    if any(chart.end_labels):
        page.add_line(f"← {chart.end_labels[0]}", MARGIN + LABEL_WIDTH, page.top, SMALL, MUTED)
        page.add_line(f"{chart.end_labels[1]} →", MARGIN + LABEL_WIDTH + track, page.top, SMALL, MUTED, align="right")
        page.top += line_height(SMALL) + 0.04
    for bar in chart.bars:

        def draw(axis: Axes, value: float = bar.value, before: float | None = bar.before) -> None:
            _hide_frame(axis, chart.limits)
            axis.add_patch(Rectangle((chart.limits[0], 0), chart.limits[1] - chart.limits[0], 1, color=HAIRLINE, lw=0))
            axis.add_patch(Rectangle((min(value, 0), 0), abs(value), 1, color=ACCENT if value >= 0 else DOWN, lw=0))
            if before is not None:
                axis.axvline(before, color=INK, linewidth=1.5)

        lines = wrap_text(bar.label, SIZE, LABEL_WIDTH - 0.15)
        for index, line in enumerate(lines):
            page.add_line(line, MARGIN, page.top + index * line_height(SIZE), SIZE)
        page.add_axes(MARGIN + LABEL_WIDTH, page.top + 0.012, track, 0.13, draw)
        page.add_line(format_number(bar.value), MARGIN + CONTENT_WIDTH, page.top, SIZE, align="right")
        page.top += max(1, len(lines)) * line_height(SIZE) + 0.03


def _stack(page: FigurePage, chart: Stack) -> None:
    high = max(sum(part.value for part in chart.parts if part.value > 0), 1e-9)
    low = min(0.0, chart.total.value)

    def draw(axis: Axes) -> None:
        _hide_frame(axis, (low, high))
        x = 0.0
        for part in sorted(chart.parts, key=lambda part: part.value < 0):
            y, color = (1.05, UP) if part.value >= 0 else (0.0, DOWN)
            axis.add_patch(Rectangle((x, y), part.value, 0.95, facecolor=color, edgecolor="white", linewidth=0.5))
            x += part.value
        axis.set_ylim(0, 2)
        axis.axvline(0, color=MUTED, linewidth=1)
        axis.axvline(chart.total.value, color=INK, linewidth=2.5)

    page.add_axes(MARGIN, page.top, CONTENT_WIDTH, 0.4, draw)
    page.top += 0.46
    page.add_paragraph(chart.total.label, SIZE)


def _tiles(page: FigurePage, chart: Tiles, columns: int = 8) -> None:
    side = (CONTENT_WIDTH - 0.12 * (columns - 1)) / columns
    for start in range(0, len(chart.tiles), columns):
        row_height = 0.0
        for column, tile in enumerate(chart.tiles[start : start + columns]):
            x = MARGIN + column * (side + 0.12)
            lines = wrap_text(tile.label, SMALL, side)
            height = page.add_picture(tile.picture, x, page.top, side)
            for index, line in enumerate(lines):
                line_top = page.top + height + 0.03 + index * line_height(SMALL)
                page.add_line(line, x, line_top, SMALL, INK if tile.on else MUTED)
            if not tile.on:
                page.add_axes(x, page.top, side, height, _cross_out)
            row_height = max(row_height, height + 0.05 + len(lines) * line_height(SMALL))
        page.top += row_height + 0.06


def _plot(page: FigurePage, chart: Plot) -> None:
    def draw(axis: Axes) -> None:
        draw_plot(axis, chart, SMALL)

    page.add_axes(MARGIN + 0.6, page.top, CONTENT_WIDTH * 0.72, 3.0, draw)
    page.top += 3.5


def _table(page: FigurePage, chart: Table) -> None:
    rows = [chart.header, *chart.rows]
    widths = [max(text_width(row[index], SIZE) for row in rows) for index in range(len(chart.header))]
    ends = [MARGIN + sum(widths[: index + 1]) + 0.35 * index for index in range(len(widths))]
    for row_index, row in enumerate(rows):
        for index, cell in enumerate(row):
            color = MUTED if row_index == 0 else INK
            x, align = (MARGIN, "left") if index == 0 else (ends[index], "right")
            page.add_line(cell, x, page.top + 0.04, SIZE, color, align=align)
        page.top += line_height(SIZE) + 0.08
        page.add_axes(MARGIN, page.top, ends[-1] - MARGIN, 0.01, _draw_rule)


def _hide_frame(axis: Axes, limits: tuple[float, float]) -> None:
    axis.set(xlim=limits, ylim=(0, 1))
    axis.axis("off")


def _draw_rule(axis: Axes) -> None:
    _hide_frame(axis, (0, 1))
    axis.axhline(0.5, color=HAIRLINE, linewidth=0.8)


def _cross_out(axis: Axes) -> None:
    _hide_frame(axis, (0, 1))
    axis.add_patch(Rectangle((0, 0), 1, 1, color="white", alpha=0.7, lw=0))
    axis.plot((0.1, 0.9), (0.1, 0.9), color=MUTED, linewidth=1.5)
