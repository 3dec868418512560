"""Draw line plots with matplotlib figures, without pyplot's global state."""

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from viz.contact_sheet import HAIRLINE, INK, MUTED
from viz.lesson.typesetting import font_properties
from viz.lesson.view import Plot

COLORS = ("#0f766e", "#b45309", "#6d28d9", "#687080", "#be185d")
STYLES = ("-", "--", ":", "-.", "-")


def plot_figure(plot: Plot, width: float = 5.2, height: float = 2.8) -> Figure:
    """Return a figure with one plot. width, height: in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    draw_plot(figure.subplots(), plot)
    return figure


def draw_plot(axis: Axes, plot: Plot, size: float = 8) -> None:
    """Draw a plot's lines, distinguished by colour and dashes, with a legend that shows their details.

    size: font size in points.
    """
    for index, line in enumerate(plot.lines):
        label = f"{line.label} · {line.detail}" if line.detail else line.label
        axis.plot(line.x, line.y, COLORS[index % 5], linestyle=STYLES[index % 5], label=label, linewidth=1.8)
    axis.set_xlabel(plot.x_label, color=MUTED)
    axis.set_ylabel(plot.y_label, color=MUTED)
    axis.grid(color=HAIRLINE, linewidth=0.6)
    axis.set_axisbelow(True)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axis.spines[side].set_color(HAIRLINE)
    axis.tick_params(colors=MUTED)
    # The page has its own background, light or dark.
    axis.set_facecolor("none")
    legend = axis.legend(frameon=False, labelcolor=INK) if plot.lines else None
    texts = [axis.xaxis.label, axis.yaxis.label, *axis.get_xticklabels(), *axis.get_yticklabels()]
    for text in [*texts, *(legend.get_texts() if legend else [])]:
        text.set_fontproperties(font_properties(size))
