"""matplotlib Figures, never pyplot's state: what a run's events tell, and grids for model cards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from viz.contact_sheet import GUTTER, HAIRLINE, INK, MARGIN, MUTED, PAPER, contained, fitted, font

Event = Mapping[str, Any]
Curve = tuple[NDArray[np.float64], NDArray[np.float64]]

LONGEST_LABEL = 24
"""Letters of a name in a legend."""
LINES = ("-", "--", ":", "-.")


@dataclass(frozen=True)
class Layout:
    """How a figure is laid out. width, height: inches of the figure, and of each of its axes. size: of its letters.

    points: at most, of a curve. beside: the legend stands beside its axis, not below.
    """

    width: float
    height: float
    size: float
    points: int
    beside: bool


SHEET = Layout(width=10, height=3.4, size=10, points=1000, beside=True)
"""For a model card."""
PHONE = Layout(width=4.4, height=3.6, size=10, points=250, beside=False)
"""For a column of a page, as wide as a phone."""


def loss_figure(events: Iterable[Event], layout: Layout = SHEET) -> Figure:
    """The unweighted loss terms of a run over its steps, the critics' above the generators'.

    events: those of a run folder, or a `RunState`'s losses; of kind `loss`, or of none, they carry `step`,
    `generator` and `discriminator`, dicts of term name to value. A term's colour is that of its kind (`cycle` of
    `cycle.flat`), its line that of its domain. Smoothed lines over faint originals; logarithmic where no
    value is 0 or less.
    """
    rows = _losses(events)
    figure, axes = _figure(2, layout)
    for axis, title, key in zip(axes, ("Critics", "Generators"), ("discriminator", "generator"), strict=True):
        curves = _curves(rows, key)
        _draw(axis, curves, title, "unweighted loss", layout)
        values = np.concatenate([[1.0], *(values for _, values in curves.values())])
        if (values[np.isfinite(values)] > 0).all():
            axis.set_yscale("log")
            _label_logarithms(axis)
    return figure


def rho_figure(events: Iterable[Event], layout: Layout = SHEET, titles: Sequence[str] = ()) -> Figure:
    """The mean rho of each AdaLIN and LIN layer over a run's steps: 1 is instance, 0 layer normalisation.

    events: as for `loss_figure`; those of kind `loss` carry `rho`, a dict of layer name to value in [0, 1].
    One axis for each network, the part of the layers' names before the first dot; titles: what to call the networks,
    in the order of their axes, where there is one for each.
    """
    networks: dict[str, dict[str, Curve]] = {}
    for name, curve in _curves(_losses(events), "rho").items():
        network, _, layer = name.partition(".")
        networks.setdefault(network, {})[layer or name] = curve
    figure, axes = _figure(max(1, len(networks)), layout)
    names = titles if len(titles) == len(networks) else list(networks)
    for axis, title, curves in zip(axes, names or ["rho"], networks.values() or [{}], strict=True):
        _draw(axis, curves, title, "rho: 0 layer, 1 instance", layout)
        axis.set_ylim(-0.03, 1.03)
    return figure


def grid_picture(
    rows: Sequence[Sequence[Image.Image]], titles: Sequence[str], side: int = 128, abreast: int = 1
) -> Image.Image:
    """Pictures in rows under column titles, each within a square of `side` pixels; RGB.

    abreast: how many rows stand beside each other, each group under its own titles; for long grids.
    Raises ValueError where a row does not have one picture for each title.
    """
    for row in rows:
        if len(row) != len(titles):
            raise ValueError(f"A row has {len(row)} pictures for {len(titles)} titles.")
    if not rows or not titles:
        raise ValueError("A grid needs at least one row and one column.")
    face, gap, head = font(max(11, side // 9)), max(4, side // 16), max(24, side // 4)
    group = len(titles) * (side + gap) - gap
    width = 2 * MARGIN + abreast * (group + GUTTER) - GUTTER
    height = 2 * MARGIN + head + -(-len(rows) // abreast) * (side + gap) - gap
    sheet = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    for part in range(min(abreast, len(rows))):
        for column, title in enumerate(titles):
            x = MARGIN + part * (group + GUTTER) + column * (side + gap)
            draw.text((x, MARGIN), fitted(title, face, side), fill=INK, font=face)
    for index, row in enumerate(rows):
        y = MARGIN + head + index // abreast * (side + gap)
        for column, picture in enumerate(row):
            x = MARGIN + index % abreast * (group + GUTTER) + column * (side + gap)
            sheet.paste(contained(picture, side), (x, y))
            draw.rectangle((x - 1, y - 1, x + side, y + side), outline=HAIRLINE)
    return sheet


def _losses(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.get("kind", "loss") == "loss"]


def _curves(rows: Sequence[Event], key: str) -> dict[str, Curve]:
    """Steps and values by name, in order of first appearance; a name may be missing from some rows."""
    points: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        for name, value in row.get(key, {}).items():
            points.setdefault(name, []).append((row["step"], np.nan if value is None else value))
    return {name: _split(pairs) for name, pairs in points.items()}


def _split(pairs: Sequence[tuple[float, float]]) -> Curve:
    steps, values = np.asarray(pairs, np.float64).T
    return steps, values


def _figure(count: int, layout: Layout) -> tuple[Figure, list[Axes]]:
    size = (layout.width, 0.6 + layout.height * count)
    figure = Figure(figsize=size, dpi=100, layout="constrained", facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = list(np.atleast_1d(figure.subplots(count, 1, sharex=layout.beside)))
    for axis in axes[-1:] if layout.beside else axes:
        axis.set_xlabel("step", color=MUTED, fontsize=layout.size)
    return figure, axes


def _draw(axis: Axes, curves: Mapping[str, Curve], title: str, unit: str, layout: Layout) -> None:
    axis.set_title(
        _label(title, 3 * LONGEST_LABEL // 2), loc="left", fontsize=1.2 * layout.size, fontweight="bold", color=INK
    )
    axis.set_ylabel(unit, color=MUTED, fontsize=layout.size)
    axis.tick_params(colors=MUTED, which="both", labelsize=layout.size)
    axis.set_facecolor("none")
    axis.grid(color=HAIRLINE, linewidth=0.8)
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)
    axis.spines[["left", "bottom"]].set_color(HAIRLINE)
    if not curves:
        axis.text(0.5, 0.5, "nothing logged yet", transform=axis.transAxes, ha="center", color=MUTED)
        return
    styles = _styles(list(curves))
    for name, (color, line) in styles.items():
        steps, values = _thinned(*curves[name], layout.points)
        axis.plot(steps, values, color=color, linewidth=0.8, alpha=0.18)
        # One point makes no line.
        point = "o" if len(steps) == 1 else ""
        axis.plot(steps, _smoothed(values), color=color, linestyle=line, linewidth=1.6, marker=point, markersize=4)
    place: dict[str, Any] = (
        {"loc": "upper left", "bbox_to_anchor": (1.01, 1)}
        if layout.beside
        else {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2), "ncols": 2, "columnspacing": 1.2}
    )
    axis.legend(handles=_legend(styles), frameon=False, fontsize=0.9 * layout.size, labelcolor=INK, **place)


def _label_logarithms(axis: Axes) -> None:
    """Ticks at 1, 2 and 5 of each power of ten, over a long range at the powers alone, over a short one evenly; as
    plain numbers."""
    low, high = axis.get_ylim()
    powers = LogLocator(subs=(1, 2, 5) if high < 1000 * low else (1,), numticks=8)
    axis.yaxis.set_major_locator(MaxNLocator(4) if high < 5 * low else powers)
    axis.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.yaxis.set_minor_formatter(NullFormatter())


def _legend(styles: Mapping[str, tuple[Any, Any]]) -> list[Line2D]:
    """A line for each kind of term in its colour, then one for each domain in its dashes, where there are several."""
    kinds: dict[str, Any] = {}
    variants: dict[str, Any] = {}
    for name, (color, line) in styles.items():
        kind, variant = _parts(name)
        kinds.setdefault(kind, color)
        variants.setdefault(variant, line)
    if len(variants) == 1:
        return [
            Line2D([], [], color=color, linestyle=line, label=_label(name)) for name, (color, line) in styles.items()
        ]
    return [
        *(Line2D([], [], color=color, label=_label(kind)) for kind, color in kinds.items()),
        *(Line2D([], [], color=MUTED, linestyle=line, label=_label(name)) for name, line in variants.items() if name),
    ]


def _label(name: str, longest: int = LONGEST_LABEL) -> str:
    """A name, which strangers may have chosen, as a label: short enough, no formula, and never hidden."""
    short = name if len(name) <= longest else f"{name[: longest - 1]}…"
    # matplotlib sets what stands between two dollars as a formula, and leaves a name that begins with _ out.
    return (" " if short.startswith("_") else "") + short.replace("$", r"\$")


def _parts(name: str) -> tuple[str, str]:
    """`cycle.flat` is of the kind `cycle`, for `flat`; a name without a dot is a kind."""
    kind, dot, variant = name.rpartition(".")
    return (kind, variant) if dot else (variant, "")


def _styles(names: Sequence[str]) -> dict[str, tuple[Any, str]]:
    """A colour for what stands before a name's last dot, a line for what stands after it."""
    parts = {name: _parts(name) for name in names}
    kinds = list(dict.fromkeys(kind for kind, _ in parts.values()))
    colors = matplotlib.colormaps["tab10" if len(kinds) <= 10 else "turbo"]
    palette = [colors(i) if len(kinds) <= 10 else colors(i / (len(kinds) - 1)) for i in range(len(kinds))]
    variants = list(dict.fromkeys(variant for _, variant in parts.values()))
    return {
        name: (palette[kinds.index(kind)], LINES[variants.index(variant) % len(LINES)])
        for name, (kind, variant) in parts.items()
    }


def _thinned(steps: NDArray[np.float64], values: NDArray[np.float64], most: int) -> Curve:
    """At most that many points, each the mean of equally many neighbours: no figure shows more."""
    each = -(-len(steps) // most)
    if each == 1:
        return steps, values
    starts = np.arange(0, len(steps), each)
    counts = np.diff([*starts, len(steps)])
    return np.add.reduceat(steps, starts) / counts, np.add.reduceat(values, starts) / counts


def _smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean over the last thirtieth of the run, of what is finite; no value looks ahead."""
    window = max(1, len(values) // 30)
    finite = np.isfinite(values)
    sums = np.cumsum(np.where(finite, values, 0.0))
    counts = np.cumsum(finite.astype(np.float64))
    sums[window:] -= sums[:-window].copy()
    counts[window:] -= counts[:-window].copy()
    means = np.full_like(sums, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means
