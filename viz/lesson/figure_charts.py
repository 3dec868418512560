"""A view's charts on paper."""

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from viz.contact_sheet import HAIRLINE, INK, MUTED
from viz.lesson.charts import draw_plot
from viz.lesson.number_format import plain
from viz.lesson.page_layout import INNER, MARGIN, FigurePage, pitch
from viz.lesson.typesetting import width, wrapped
from viz.lesson.view import Bars, Chart, Plot, Stack, Table, Tiles

SIZE, SMALL = 10, 8
UP, DOWN, ACCENT = "#b2182b", "#2166ac", "#0f766e"
"""Of what speaks for and against, and of what merely is."""
LABEL, NUMBER = 2.4, 0.7
"""Room for a bar's label and for its number."""


def lay_chart(paper: FigurePage, shown: Chart) -> None:
    """A chart with its title below what is there."""
    paper.top += 0.18
    paper.lines(shown.title, SIZE + 1, bold=True)
    paper.top += 0.06
    match shown:
        case Bars():
            _bars(paper, shown)
        case Stack():
            _stack(paper, shown)
        case Tiles():
            _tiles(paper, shown)
        case Plot():
            _plot(paper, shown)
        case Table():
            _table(paper, shown)


def _bars(paper: FigurePage, shown: Bars) -> None:
    room = INNER - LABEL - NUMBER
    if any(shown.ends):
        paper.line(f"← {shown.ends[0]}", MARGIN + LABEL, paper.top, SMALL, MUTED)
        paper.line(f"{shown.ends[1]} →", MARGIN + LABEL + room, paper.top, SMALL, MUTED, align="right")
        paper.top += pitch(SMALL) + 0.04
    for bar in shown.bars:

        def draw(axis: Axes, value: float = bar.value, was: float | None = bar.was) -> None:
            _bare(axis, shown.limits)
            axis.add_patch(Rectangle((shown.limits[0], 0), shown.limits[1] - shown.limits[0], 1, color=HAIRLINE, lw=0))
            axis.add_patch(Rectangle((min(value, 0), 0), abs(value), 1, color=ACCENT if value >= 0 else DOWN, lw=0))
            if was is not None:
                axis.axvline(was, color=INK, linewidth=1.5)

        lines = wrapped(bar.label, SIZE, LABEL - 0.15)
        for index, line in enumerate(lines):
            paper.line(line, MARGIN, paper.top + index * pitch(SIZE), SIZE)
        paper.axes(MARGIN + LABEL, paper.top + 0.012, room, 0.13, draw)
        paper.line(plain(bar.value), MARGIN + INNER, paper.top, SIZE, align="right")
        paper.top += max(1, len(lines)) * pitch(SIZE) + 0.03


def _stack(paper: FigurePage, shown: Stack) -> None:
    reach = max(sum(part.value for part in shown.parts if part.value > 0), 1e-9)
    low = min(0.0, shown.total.value)

    def draw(axis: Axes) -> None:
        _bare(axis, (low, reach))
        at = 0.0
        for part in sorted(shown.parts, key=lambda each: each.value < 0):
            above, color = (1.05, UP) if part.value >= 0 else (0.0, DOWN)
            axis.add_patch(Rectangle((at, above), part.value, 0.95, facecolor=color, edgecolor="white", linewidth=0.5))
            at += part.value
        axis.set_ylim(0, 2)
        axis.axvline(0, color=MUTED, linewidth=1)
        axis.axvline(shown.total.value, color=INK, linewidth=2.5)

    paper.axes(MARGIN, paper.top, INNER, 0.4, draw)
    paper.top += 0.46
    paper.lines(shown.total.label, SIZE)


def _tiles(paper: FigurePage, shown: Tiles, columns: int = 8) -> None:
    side = (INNER - 0.12 * (columns - 1)) / columns
    for begin in range(0, len(shown.tiles), columns):
        tallest = 0.0
        for column, tile in enumerate(shown.tiles[begin : begin + columns]):
            x = MARGIN + column * (side + 0.12)
            lines = wrapped(tile.label, SMALL, side)
            height = paper.picture(tile.picture, x, paper.top, side)
            for index, line in enumerate(lines):
                place = paper.top + height + 0.03 + index * pitch(SMALL)
                paper.line(line, x, place, SMALL, INK if tile.on else MUTED)
            if not tile.on:
                paper.axes(x, paper.top, side, height, _crossed)
            tallest = max(tallest, height + 0.05 + len(lines) * pitch(SMALL))
        paper.top += tallest + 0.06


def _plot(paper: FigurePage, shown: Plot) -> None:
    def draw(axis: Axes) -> None:
        draw_plot(axis, shown, SMALL)

    paper.axes(MARGIN + 0.6, paper.top, INNER * 0.72, 3.0, draw)
    paper.top += 3.5


def _table(paper: FigurePage, shown: Table) -> None:
    rows = [shown.head, *shown.rows]
    widths = [max(width(row[index], SIZE) for row in rows) for index in range(len(shown.head))]
    ends = [MARGIN + sum(widths[: index + 1]) + 0.35 * index for index in range(len(widths))]
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            color = MUTED if number == 0 else INK
            place, align = (MARGIN, "left") if index == 0 else (ends[index], "right")
            paper.line(cell, place, paper.top + 0.04, SIZE, color, align=align)
        paper.top += pitch(SIZE) + 0.08
        paper.axes(MARGIN, paper.top, ends[-1] - MARGIN, 0.01, _rule)


def _bare(axis: Axes, limits: tuple[float, float]) -> None:
    axis.set(xlim=limits, ylim=(0, 1))
    axis.axis("off")


def _rule(axis: Axes) -> None:
    _bare(axis, (0, 1))
    axis.axhline(0.5, color=HAIRLINE, linewidth=0.8)


def _crossed(axis: Axes) -> None:
    _bare(axis, (0, 1))
    axis.add_patch(Rectangle((0, 0), 1, 1, color="white", alpha=0.7, lw=0))
    axis.plot((0.1, 0.9), (0.1, 0.9), color=MUTED, linewidth=1.5)
