"""Render a view as HTML for the page's style sheet."""

import html
import re

from viz.data_urls import data_url, figure_svg, png_data_url
from viz.display import is_tiny
from viz.lesson.charts import plot_figure
from viz.lesson.number_format import format_number
from viz.lesson.view import Bars, Chart, ColorScale, Panel, Plot, Stack, Table, Tile, Tiles, View
from viz.overlay import color_stops

_SUBSCRIPT = re.compile(r"_\{([^{}]*)\}")


def view_to_html(view: View) -> str:
    """Return the view in reading order: pictures, sentences, formulas, charts."""
    pictures = "".join(_row(row) for row in view.rows if row)
    if view.scales:
        pictures += f'<div class="scales">{"".join(map(_scale, view.scales))}</div>'
    # The live region is always present, so that a screen reader announces changes of its text.
    texts = f'<div class="says" aria-live="polite">{_paragraphs(view.sentences)}</div>'
    if view.formulas:
        texts += f'<div class="formulas">{_paragraphs(view.formulas)}</div>'
    content = f'<div class="pictures">{pictures}</div><div class="told">{texts}</div>'
    return f'<div class="view"><div class="seen">{content}</div>{"".join(map(chart_to_html, view.charts))}</div>'


def text_to_html(text: str) -> str:
    """Escape plain text for HTML and turn `w_{k}` into a subscript."""
    return _SUBSCRIPT.sub(r"<sub>\1</sub>", html.escape(text))


def chart_to_html(chart: Chart) -> str:
    """Return a chart as a `<section>`."""
    match chart:
        case Bars():
            return _bars(chart)
        case Stack():
            return _stack(chart)
        case Tiles():
            return _tiles(chart)
        case Plot():
            return _plot(chart)
        case Table():
            return _table(chart)


def _paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text_to_html(text)}</p>" for text in texts)


def _row(row: tuple[Panel, ...]) -> str:
    return f'<div class="panels">{"".join(map(_panel, row))}</div>'


def _panel(panel: Panel) -> str:
    url = png_data_url(panel.picture) if panel.lossless else data_url(panel.picture)
    tiny = ' class="pixels"' if is_tiny(panel.picture) else ""
    details = f"<small>{text_to_html(panel.details)}</small>" if panel.details else ""
    return (
        f'<figure data-panel="{html.escape(panel.name)}"><img{tiny} src="{url}" alt="{html.escape(panel.alt)}" '
        f'width="{panel.picture.width}" height="{panel.picture.height}">'
        f"<figcaption>{text_to_html(panel.caption)}{details}</figcaption></figure>"
    )


def _scale(scale: ColorScale) -> str:
    low, high = map(text_to_html, scale.labels)
    colors = ", ".join(color_stops(scale.colormap))
    return (
        f'<div class="scale"><span>{low}</span>'
        f'<i style="background: linear-gradient(90deg, {colors})"></i><span>{high}</span></div>'
    )


def _section(name: str, kind: str, title: str, body: str) -> str:
    heading = f"<h3>{text_to_html(title)}</h3>"
    return f'<section class="chart {kind}" data-chart="{html.escape(name)}">{heading}{body}</section>'


def _bars(chart: Bars) -> str:
    low, high = chart.limits
    span = (high - low) or 1.0
    zero = -low / span
    rows = []
    for bar in chart.bars:
        end = (min(max(bar.value, low), high) - low) / span
        left, width = min(end, zero), abs(end - zero)
        before = "" if bar.before is None else f'<u class="was" style="left:{(bar.before - low) / span:.2%}"></u>'
        rows.append(
            f'<div class="bar" title="{html.escape(bar.note)}"><span>{text_to_html(bar.label)}</span>'
            f'<i class="track"><i class="{_sign(bar.value)}" style="left:{left:.2%};width:{width:.2%}"></i>{before}</i>'
            f"<b>{format_number(bar.value)}</b></div>"
        )
    ends = ""
    if any(chart.end_labels):
        low_label, high_label = map(text_to_html, chart.end_labels)
        ends = f'<p class="ends"><span>← {low_label}</span><span>{high_label} →</span></p>'
    return _section(chart.name, "bars", chart.title, ends + "".join(rows))


def _stack(chart: Stack) -> str:
    high = max(sum(part.value for part in chart.parts if part.value > 0), 1e-9)
    low = min(0.0, chart.total.value)
    span = high - low
    pieces, x = [], 0.0
    for part in sorted(chart.parts, key=lambda part: part.value < 0):
        left, width = (min(x, x + part.value) - low) / span, abs(part.value) / span
        row = "up" if part.value >= 0 else "down"
        pieces.append(
            f'<i class="{row} {_sign(part.value)}" style="left:{left:.3%};width:{width:.3%}" '
            f'title="{html.escape(part.note or part.label)}"></i>'
        )
        x += part.value
    mark = (chart.total.value - low) / span
    zero = -low / span
    return _section(
        chart.name,
        "stack",
        chart.title,
        f'<div class="track" role="img" aria-label="{html.escape(chart.total.note or chart.total.label)}">'
        f"{''.join(pieces)}"
        f'<u style="left:{zero:.3%}"></u><u class="total" style="left:{mark:.3%}"></u></div>'
        f'<p class="total">{text_to_html(chart.total.label)}</p>',
    )


def _tiles(chart: Tiles) -> str:
    return _section(chart.name, "tiles", chart.title, f'<div class="grid">{"".join(map(_tile, chart.tiles))}</div>')


def _tile(tile: Tile) -> str:
    return (
        f'<button type="button" data-channel="{tile.channel}" aria-pressed="{str(tile.on).lower()}" '
        f'aria-label="{html.escape(tile.label + ": " + tile.note)}">'
        f'<img src="{data_url(tile.picture)}" alt=""><span>{text_to_html(tile.label)}</span>'
        f"<em>{text_to_html(tile.note)}</em></button>"
    )


def _plot(chart: Plot) -> str:
    description = "; ".join(f"{line.label}: {line.detail}" for line in chart.lines)
    image = f'<div role="img" aria-label="{html.escape(description)}">{figure_svg(plot_figure(chart))}</div>'
    return _section(chart.name, "plot", chart.title, image)


def _table(chart: Table) -> str:
    # An empty corner cell is no header.
    header = "".join(f'<th scope="col">{text_to_html(cell)}</th>' if cell else "<td></td>" for cell in chart.header)
    rows = "".join(
        f'<tr><th scope="row">{text_to_html(name)}</th>'
        f"{''.join(f'<td>{text_to_html(cell)}</td>' for cell in cells)}</tr>"
        for name, *cells in chart.rows
    )
    return _section(
        chart.name, "table", chart.title, f"<table><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _sign(value: float) -> str:
    return "negative" if value < 0 else "positive"
