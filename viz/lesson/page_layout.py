"""A figure page that grows with its content: elements are stacked, then drawn as one matplotlib figure."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from viz.contact_sheet import BACKGROUND, HAIRLINE, INK
from viz.lesson.typesetting import wrap_text, write_line

WIDTH, MARGIN = 10.0, 0.45
"""In inches, as all lengths here; font sizes are in points."""
CONTENT_WIDTH = WIDTH - 2 * MARGIN
LEADING = 1.4
"""The line height as a multiple of the font size."""


def line_height(size: float) -> float:
    """Return the line height of a font size, in inches."""
    return size * LEADING / 72


class FigurePage:
    """A page of fixed width whose height grows. top: the position of the next element, in inches from the top edge."""

    def __init__(self) -> None:
        self.top = MARGIN
        self._drawings: list[Callable[[Figure], None]] = []

    def add_line(
        self, text: str, x: float, top: float, size: float, color: str = INK, bold: bool = False, align: str = "left"
    ) -> None:
        """Add one line of text at (x, top); does not move `self.top`."""

        def draw_on(figure: Figure) -> None:
            write_line(figure, x / WIDTH, self._figure_y(top), text, size, color, bold, align)

        self._drawings.append(draw_on)

    def add_paragraph(
        self,
        text: str,
        size: float,
        x: float = MARGIN,
        max_width: float = CONTENT_WIDTH,
        color: str = INK,
        bold: bool = False,
    ) -> None:
        """Add a wrapped paragraph at `top` and move `top` below it."""
        for line in wrap_text(text, size, max_width, bold):
            self.add_line(line, x, self.top, size, color, bold)
            self.top += line_height(size)

    def add_axes(self, x: float, top: float, width: float, height: float, draw: Callable[[Axes], object]) -> None:
        """Add axes at (x, top) that `draw` fills; does not move `self.top`."""

        def draw_on(figure: Figure) -> None:
            box = (x / WIDTH, self._figure_y(top + height), width / WIDTH, height / self._height)
            draw(figure.add_axes(box))

        self._drawings.append(draw_on)

    def add_picture(self, picture: Image.Image, x: float, top: float, width: float) -> float:
        """Add a picture, RGB or RGBA, with a thin frame at (x, top), and return its height; the aspect is kept."""
        height = width * picture.height / picture.width

        def draw(axis: Axes) -> None:
            # By default matplotlib smooths the pixels of a small picture.
            axis.imshow(np.asarray(picture), interpolation="nearest", aspect="auto")
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_color(HAIRLINE)

        self.add_axes(x, top, width, height, draw)
        return height

    def to_figure(self) -> Figure:
        """Return a figure with all elements on a white background."""
        figure = Figure(figsize=(WIDTH, self._height), facecolor=BACKGROUND)
        FigureCanvasAgg(figure)
        for draw in self._drawings:
            draw(figure)
        return figure

    @property
    def _height(self) -> float:
        return self.top + MARGIN

    def _figure_y(self, top: float) -> float:
        return 1 - top / self._height
