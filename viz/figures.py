"""Plot a run's losses and rho as matplotlib figures, without pyplot's global state."""

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

from viz.contact_sheet import BACKGROUND, HAIRLINE, INK, MUTED

Event = Mapping[str, Any]
Curve = tuple[NDArray[np.float64], NDArray[np.float64]]

MAX_LABEL = 24
"""The maximum number of letters of a name in a legend."""
DASHES = ("-", "--", ":", "-.")


@dataclass(frozen=True)
class Layout:
    """The layout of a figure.

    width: of the figure, in inches. height: of each of its axes, in inches. size: the font size in points.
    max_points: the maximum number of points of a curve. legend_beside: place the legend beside its axis, not below.
    """

    width: float
    height: float
    size: float
    max_points: int
    legend_beside: bool


CARD = Layout(width=10, height=3.4, size=10, max_points=1000, legend_beside=True)
"""For a model card."""
PHONE = Layout(width=4.4, height=3.6, size=10, max_points=250, legend_beside=False)
"""For a column of a page that is as narrow as a phone."""


def loss_figure(events: Iterable[Event], layout: Layout = CARD) -> Figure:
    """Plot the unweighted loss terms of a run over its steps, the critics' above the generators'.

    events: the events of a run folder, or a `RunState`'s losses. Events of kind `loss`, or without a kind, have `step`,
    and `generator` and `discriminator`, dicts of term name to value. A term's colour stands for its kind (`cycle` in
    `cycle.flat`), its dashes for its domain. Smoothed lines are drawn over faint originals; the axis is logarithmic if
    all values are positive.
    """
    rows = _loss_events(events)
    figure, axes = _figure(2, layout)
    for axis, title, key in zip(axes, ("Critics", "Generators"), ("discriminator", "generator"), strict=True):
        curves = _curves(rows, key)
        _draw(axis, curves, title, "unweighted loss", layout)
        values = np.concatenate([[1.0], *(values for _, values in curves.values())])
        if (values[np.isfinite(values)] > 0).all():
            axis.set_yscale("log")
            _label_logarithms(axis)
    return figure


def rho_figure(events: Iterable[Event], layout: Layout = CARD, titles: Sequence[str] = ()) -> Figure:
    """Plot the mean rho of each AdaLIN and LIN layer over a run's steps: 1 is instance, 0 layer normalisation.

    events: as for `loss_figure`; events of kind `loss` have `rho`, a dict of layer name to value in [0, 1].
    There is one axis for each network, which is the part of a layer's name before the first dot. titles: the networks'
    titles in the order of their axes; used only if there is one for each.
    """
    networks: dict[str, dict[str, Curve]] = {}
    for name, curve in _curves(_loss_events(events), "rho").items():
        network, _, layer = name.partition(".")
        networks.setdefault(network, {})[layer or name] = curve
    figure, axes = _figure(max(1, len(networks)), layout)
    names = titles if len(titles) == len(networks) else list(networks)
    for axis, title, curves in zip(axes, names or ["rho"], networks.values() or [{}], strict=True):
        _draw(axis, curves, title, "rho: 0 layer, 1 instance", layout)
        axis.set_ylim(-0.03, 1.03)
    return figure


def _loss_events(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.get("kind", "loss") == "loss"]


def _curves(rows: Sequence[Event], key: str) -> dict[str, Curve]:
    """Return steps and values by name, in order of first appearance; a name may be missing from some rows."""
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
    figure = Figure(figsize=size, dpi=100, layout="constrained", facecolor=BACKGROUND)
    FigureCanvasAgg(figure)
    axes = list(np.atleast_1d(figure.subplots(count, 1, sharex=layout.legend_beside)))
    for axis in axes[-1:] if layout.legend_beside else axes:
        axis.set_xlabel("step", color=MUTED, fontsize=layout.size)
    return figure, axes


def _draw(axis: Axes, curves: Mapping[str, Curve], title: str, unit: str, layout: Layout) -> None:
    axis.set_title(
        _label(title, 3 * MAX_LABEL // 2), loc="left", fontsize=1.2 * layout.size, fontweight="bold", color=INK
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
    for name, (color, dashes) in styles.items():
        steps, values = _thin_out(*curves[name], layout.max_points)
        axis.plot(steps, values, color=color, linewidth=0.8, alpha=0.18)
        # A single point has no line.
        marker = "o" if len(steps) == 1 else ""
        axis.plot(steps, _smooth(values), color=color, linestyle=dashes, linewidth=1.6, marker=marker, markersize=4)
    position: dict[str, Any] = (
        {"loc": "upper left", "bbox_to_anchor": (1.01, 1)}
        if layout.legend_beside
        else {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2), "ncols": 2, "columnspacing": 1.2}
    )
    axis.legend(handles=_legend(styles), frameon=False, fontsize=0.9 * layout.size, labelcolor=INK, **position)


def _label_logarithms(axis: Axes) -> None:
    """Set ticks at 1, 2 and 5 times each power of ten, on a long range at the powers only, on a short one evenly.

    Labels are plain numbers.
    """
    low, high = axis.get_ylim()
    powers = LogLocator(subs=(1, 2, 5) if high < 1000 * low else (1,), numticks=8)
    axis.yaxis.set_major_locator(MaxNLocator(4) if high < 5 * low else powers)
    axis.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.yaxis.set_minor_formatter(NullFormatter())


def _legend(styles: Mapping[str, tuple[Any, Any]]) -> list[Line2D]:
    """Return a line for each kind of term in its colour, and one for each of several domains in its dashes."""
    kinds: dict[str, Any] = {}
    domains: dict[str, Any] = {}
    for name, (color, dashes) in styles.items():
        kind, domain = _split_name(name)
        kinds.setdefault(kind, color)
        domains.setdefault(domain, dashes)
    if len(domains) == 1:
        return [
            Line2D([], [], color=color, linestyle=dashes, label=_label(name))
            for name, (color, dashes) in styles.items()
        ]
    return [
        *(Line2D([], [], color=color, label=_label(kind)) for kind, color in kinds.items()),
        *(
            Line2D([], [], color=MUTED, linestyle=dashes, label=_label(name))
            for name, dashes in domains.items()
            if name
        ),
    ]


def _label(name: str, max_length: int = MAX_LABEL) -> str:
    """Return a user-defined name as a label: shortened, not parsed as a formula, and never hidden."""
    short = name if len(name) <= max_length else f"{name[: max_length - 1]}…"
    # matplotlib parses text between dollar signs as a formula, and hides labels that start with an underscore.
    return (" " if short.startswith("_") else "") + short.replace("$", r"\$")


def _split_name(name: str) -> tuple[str, str]:
    """Split `cycle.flat` into the kind `cycle` and the domain `flat`; a name without a dot is a kind."""
    kind, dot, domain = name.rpartition(".")
    return (kind, domain) if dot else (domain, "")


def _styles(names: Sequence[str]) -> dict[str, tuple[Any, str]]:
    """Return a colour for the part of each name before its last dot, and dashes for the part after it."""
    parts = {name: _split_name(name) for name in names}
    kinds = list(dict.fromkeys(kind for kind, _ in parts.values()))
    colors = matplotlib.colormaps["tab10" if len(kinds) <= 10 else "turbo"]
    palette = [colors(i) if len(kinds) <= 10 else colors(i / (len(kinds) - 1)) for i in range(len(kinds))]
    domains = list(dict.fromkeys(domain for _, domain in parts.values()))
    return {
        name: (palette[kinds.index(kind)], DASHES[domains.index(domain) % len(DASHES)])
        for name, (kind, domain) in parts.items()
    }


def _thin_out(steps: NDArray[np.float64], values: NDArray[np.float64], max_points: int) -> Curve:
    """Return at most `max_points` points, each the mean of equally many neighbours."""
    width = -(-len(steps) // max_points)
    if width == 1:
        return steps, values
    starts = np.arange(0, len(steps), width)
    counts = np.diff([*starts, len(steps)])
    return np.add.reduceat(steps, starts) / counts, np.add.reduceat(values, starts) / counts


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of finite values over a trailing window of a thirtieth of the run."""
    window = max(1, len(values) // 30)
    finite = np.isfinite(values)
    sums = np.cumsum(np.where(finite, values, 0.0))
    counts = np.cumsum(finite.astype(np.float64))
    sums[window:] -= sums[:-window].copy()
    counts[window:] -= counts[:-window].copy()
    means = np.full_like(sums, np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means
