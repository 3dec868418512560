"""What a step of the lesson shows, whoever draws it: a page (`html`), a figure on paper (`figure`), a notebook.

Texts are plain, never markup; a subscript is written `w_{k}`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Panel:
    """A picture. name: its own within the view. alt: what it shows, for who cannot see it. made: how it was drawn.

    exact: its pixels are a network's own and arrive unchanged; a map laid over a picture may be compressed.
    """

    name: str
    picture: Image.Image
    caption: str
    alt: str
    made: str = ""
    exact: bool = False


@dataclass(frozen=True)
class Bar:
    """note: what a reader is told who points at it. was: where it stood before it was changed, marked on its track."""

    label: str
    value: float
    note: str = ""
    was: float | None = None


@dataclass(frozen=True)
class Bars:
    """Bars that begin at 0. limits: what the ends of the axis stand for in value. ends: and in words."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    limits: tuple[float, float]
    ends: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Stack:
    """Parts that add up: positive ones from 0 to the right, then negative ones back to the total."""

    name: str
    title: str
    parts: tuple[Bar, ...]
    total: Bar


@dataclass(frozen=True)
class Tile:
    """One channel that can be switched. note: its arithmetic, for who points at it or hears it."""

    channel: int
    picture: Image.Image
    label: str
    note: str
    on: bool = True


@dataclass(frozen=True)
class Tiles:
    name: str
    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Line:
    """A curve. says: its figure in words, for the legend."""

    label: str
    x: Numbers
    y: Numbers
    says: str = ""


@dataclass(frozen=True)
class Plot:
    name: str
    title: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """head: of each column. rows: the first cell of each is its head."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ColorScale:
    """colormap: one of `viz.overlay.COLORMAPS`. ends: what its low and high end stand for."""

    colormap: str
    ends: tuple[str, str]


Chart = Bars | Stack | Tiles | Plot | Table


@dataclass(frozen=True)
class View:
    """One step as it stands. says: the answer, in sentences. formulas: with the numbers on screen.

    rows: of pictures, each of them side by side. charts: in their order, below the pictures.
    """

    heading: str
    says: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    rows: tuple[tuple[Panel, ...], ...] = ()
    scales: tuple[ColorScale, ...] = ()
    charts: tuple[Chart, ...] = ()

    def panel(self, name: str) -> Panel:
        """The picture of that name. Raises KeyError."""
        return {panel.name: panel for row in self.rows for panel in row}[name]
