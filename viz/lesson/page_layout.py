"""A sheet of paper that grows: things are laid one below the other, then drawn at once as a matplotlib figure."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from viz.contact_sheet import HAIRLINE, INK, PAPER
from viz.lesson.typesetting import wrapped, write

WIDTH, MARGIN = 10.0, 0.45
"""In inches, as all lengths here; sizes of letters are in points."""
INNER = WIDTH - 2 * MARGIN
LEADING = 1.4
"""From line to line, in sizes of the letters."""


def pitch(size: float) -> float:
    """From line to line, in inches."""
    return size * LEADING / 72


class FigurePage:
    """top: where the next thing goes, in inches from the upper edge."""

    def __init__(self) -> None:
        self.top = MARGIN
        self._drawings: list[Callable[[Figure], None]] = []

    def line(
        self, words: str, x: float, top: float, size: float, color: str = INK, bold: bool = False, align: str = "left"
    ) -> None:
        """One line of words at a place, which does not move `top`."""

        def drawn(figure: Figure) -> None:
            write(figure, x / WIDTH, self._up(top), words, size, color, bold, align)

        self._drawings.append(drawn)

    def lines(
        self,
        words: str,
        size: float,
        x: float = MARGIN,
        room: float = INNER,
        color: str = INK,
        bold: bool = False,
    ) -> None:
        """A paragraph below what is there."""
        for line in wrapped(words, size, room, bold):
            self.line(line, x, self.top, size, color, bold)
            self.top += pitch(size)

    def axes(self, x: float, top: float, width: float, height: float, draw: Callable[[Axes], object]) -> None:
        """Room for a drawing at a place, which does not move `top`."""

        def drawn(figure: Figure) -> None:
            box = (x / WIDTH, self._up(top + height), width / WIDTH, height / self._height)
            draw(figure.add_axes(box))

        self._drawings.append(drawn)

    def picture(self, picture: Image.Image, x: float, top: float, width: float) -> float:
        """A picture, RGB or RGBA, in a hairline at a place, its aspect kept; returns its height."""
        height = width * picture.height / picture.width

        def draw(axis: Axes) -> None:
            # matplotlib would blend the pixels of a small picture; on paper they are sharp.
            axis.imshow(np.asarray(picture), interpolation="nearest", aspect="auto")
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_color(HAIRLINE)

        self.axes(x, top, width, height, draw)
        return height

    def figure(self) -> Figure:
        """Everything that was laid, on white."""
        figure = Figure(figsize=(WIDTH, self._height), facecolor=PAPER)
        FigureCanvasAgg(figure)
        for draw in self._drawings:
            draw(figure)
        return figure

    @property
    def _height(self) -> float:
        return self.top + MARGIN

    def _up(self, top: float) -> float:
        return 1 - top / self._height
