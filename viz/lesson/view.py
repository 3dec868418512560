"""The content of a lesson step, independent of its output: a web page (`html`), a figure (`figure`) or a notebook.

Texts are plain, never markup; a subscript is written `w_{k}`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Panel:
    """A picture with its texts.

    name: unique within the view. alt: the alternative text. details: how the picture was drawn.
    lossless: the pixels are a network's own output and must reach the page unchanged; a map drawn over a picture may
    be compressed.
    """

    name: str
    picture: Image.Image
    caption: str
    alt: str
    details: str = ""
    lossless: bool = False


@dataclass(frozen=True)
class Bar:
    """A labelled value. note: its tooltip. before: the value before an intervention, marked on the bar's track."""

    label: str
    value: float
    note: str = ""
    before: float | None = None


@dataclass(frozen=True)
class Bars:
    """A bar chart whose bars start at 0. limits: the values at the ends of the axis. end_labels: the texts there."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    limits: tuple[float, float]
    end_labels: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Stack:
    """A stacked bar: positive parts from 0 to the right, then negative parts back to the total."""

    name: str
    title: str
    parts: tuple[Bar, ...]
    total: Bar


@dataclass(frozen=True)
class Tile:
    """A channel that can be switched on and off. note: its arithmetic, as tooltip and for screen readers."""

    channel: int
    picture: Image.Image
    label: str
    note: str
    on: bool = True


@dataclass(frozen=True)
class Tiles:
    """A grid of channels."""

    name: str
    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Line:
    """A curve. detail: its main number as text, for the legend."""

    label: str
    x: Numbers
    y: Numbers
    detail: str = ""


@dataclass(frozen=True)
class Plot:
    """A line plot."""

    name: str
    title: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """A table. header: one cell for each column. rows: the first cell of each row is its header."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ColorScale:
    """A colour bar. colormap: one of `viz.overlay.COLORMAPS`. labels: the texts at its low and its high end."""

    colormap: str
    labels: tuple[str, str]


Chart = Bars | Stack | Tiles | Plot | Table


@dataclass(frozen=True)
class View:
    """The content of a step. sentences: the answer in words. formulas: filled in with the numbers shown.

    rows: panels, each row side by side. charts: in order, below the panels.
    """

    heading: str
    sentences: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    rows: tuple[tuple[Panel, ...], ...] = ()
    scales: tuple[ColorScale, ...] = ()
    charts: tuple[Chart, ...] = ()

    def panel(self, name: str) -> Panel:
        """Return the panel of that name. Raises KeyError if there is none."""
        return {panel.name: panel for row in self.rows for panel in row}[name]
