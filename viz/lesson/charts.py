"""A view's plots as matplotlib figures, never pyplot's."""

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from viz.contact_sheet import HAIRLINE, INK, MUTED
from viz.lesson.typesetting import font_properties
from viz.lesson.view import Plot

COLORS = ("#0f766e", "#b45309", "#6d28d9", "#687080", "#be185d")
STYLES = ("-", "--", ":", "-.", "-")


def plot_figure(shown: Plot, width: float = 5.2, height: float = 2.8) -> Figure:
    """One plot alone. width, height: in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    draw_plot(figure.subplots(), shown)
    return figure


def draw_plot(axis: Axes, shown: Plot, size: float = 8) -> None:
    """Draw a plot's lines, told apart by colour and by dashes, with a legend that says their figures.

    size: of its letters, in points.
    """
    for index, line in enumerate(shown.lines):
        label = f"{line.label} · {line.says}" if line.says else line.label
        axis.plot(line.x, line.y, COLORS[index % 5], linestyle=STYLES[index % 5], label=label, linewidth=1.8)
    axis.set_xlabel(shown.x_label, color=MUTED)
    axis.set_ylabel(shown.y_label, color=MUTED)
    axis.grid(color=HAIRLINE, linewidth=0.6)
    axis.set_axisbelow(True)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axis.spines[side].set_color(HAIRLINE)
    axis.tick_params(colors=MUTED)
    # A page has its own ground, light or dark.
    axis.set_facecolor("none")
    legend = axis.legend(frameon=False, labelcolor=INK) if shown.lines else None
    words = [axis.xaxis.label, axis.yaxis.label, *axis.get_xticklabels(), *axis.get_yticklabels()]
    for each in [*words, *(legend.get_texts() if legend else [])]:
        each.set_fontproperties(font_properties(size))
