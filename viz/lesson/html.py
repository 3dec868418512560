"""A view as a part of a page: HTML that needs nothing but the page's style sheet."""

import html
import re
from base64 import b64encode
from io import BytesIO

from PIL import Image

from viz.data_urls import data_address, figure_element
from viz.display import is_tiny
from viz.lesson.charts import plot_figure
from viz.lesson.number_format import plain
from viz.lesson.view import Bars, Chart, ColorScale, Panel, Plot, Stack, Table, Tile, Tiles, View
from viz.overlay import stops

_SUBSCRIPT = re.compile(r"_\{([^{}]*)\}")


def element(view: View) -> str:
    """All of a view, in reading order: pictures, what they say, the formulas, the charts."""
    pictures = "".join(_row(row) for row in view.rows if row)
    if view.scales:
        pictures += f'<div class="scales">{"".join(map(_scale, view.scales))}</div>'
    # The region stays where it is, so that a screen reader hears its words change.
    told = f'<div class="says" aria-live="polite">{"".join(f"<p>{text(each)}</p>" for each in view.says)}</div>'
    if view.formulas:
        told += f'<div class="formulas">{"".join(f"<p>{text(each)}</p>" for each in view.formulas)}</div>'
    seen = f'<div class="pictures">{pictures}</div><div class="told">{told}</div>'
    return f'<div class="view"><div class="seen">{seen}</div>{"".join(map(chart, view.charts))}</div>'


def text(words: str) -> str:
    """Plain text with `w_{k}` for subscripts, safe in HTML."""
    return _SUBSCRIPT.sub(r"<sub>\1</sub>", html.escape(words))


def exact_address(picture: Image.Image) -> str:
    """A picture as a `data:` address that keeps every pixel: PNG."""
    encoded = BytesIO()
    picture.save(encoded, "PNG")
    return f"data:image/png;base64,{b64encode(encoded.getvalue()).decode()}"


def chart(shown: Chart) -> str:
    match shown:
        case Bars():
            return _bars(shown)
        case Stack():
            return _stack(shown)
        case Tiles():
            return _tiles(shown)
        case Plot():
            return _plot(shown)
        case Table():
            return _table(shown)


def _row(row: tuple[Panel, ...]) -> str:
    return f'<div class="panels">{"".join(map(_panel, row))}</div>'


def _panel(panel: Panel) -> str:
    address = exact_address(panel.picture) if panel.exact else data_address(panel.picture)
    tiny = ' class="pixels"' if is_tiny(panel.picture) else ""
    made = f"<small>{text(panel.made)}</small>" if panel.made else ""
    return (
        f'<figure data-panel="{html.escape(panel.name)}"><img{tiny} src="{address}" alt="{html.escape(panel.alt)}" '
        f'width="{panel.picture.width}" height="{panel.picture.height}">'
        f"<figcaption>{text(panel.caption)}{made}</figcaption></figure>"
    )


def _scale(scale: ColorScale) -> str:
    low, high = map(text, scale.ends)
    colors = ", ".join(stops(scale.colormap))
    return (
        f'<div class="scale"><span>{low}</span>'
        f'<i style="background: linear-gradient(90deg, {colors})"></i><span>{high}</span></div>'
    )


def _titled(name: str, kind: str, title: str, body: str) -> str:
    return f'<section class="chart {kind}" data-chart="{html.escape(name)}"><h3>{text(title)}</h3>{body}</section>'


def _bars(shown: Bars) -> str:
    low, high = shown.limits
    span = (high - low) or 1.0
    zero = -low / span
    rows = []
    for bar in shown.bars:
        at = (min(max(bar.value, low), high) - low) / span
        left, width = min(at, zero), abs(at - zero)
        was = "" if bar.was is None else f'<u class="was" style="left:{(bar.was - low) / span:.2%}"></u>'
        rows.append(
            f'<div class="bar" title="{html.escape(bar.note)}"><span>{text(bar.label)}</span>'
            f'<i class="track"><i class="{_sign(bar.value)}" style="left:{left:.2%};width:{width:.2%}"></i>{was}</i>'
            f"<b>{plain(bar.value)}</b></div>"
        )
    ends = ""
    if any(shown.ends):
        ends = f'<p class="ends"><span>← {text(shown.ends[0])}</span><span>{text(shown.ends[1])} →</span></p>'
    return _titled(shown.name, "bars", shown.title, ends + "".join(rows))


def _stack(shown: Stack) -> str:
    reach = max(sum(part.value for part in shown.parts if part.value > 0), 1e-9)
    low = min(0.0, shown.total.value)
    span = reach - low
    pieces, at = [], 0.0
    for part in sorted(shown.parts, key=lambda each: each.value < 0):
        left, width = (min(at, at + part.value) - low) / span, abs(part.value) / span
        row = "up" if part.value >= 0 else "down"
        pieces.append(
            f'<i class="{row} {_sign(part.value)}" style="left:{left:.3%};width:{width:.3%}" '
            f'title="{html.escape(part.note or part.label)}"></i>'
        )
        at += part.value
    mark = (shown.total.value - low) / span
    zero = -low / span
    return _titled(
        shown.name,
        "stack",
        shown.title,
        f'<div class="track" role="img" aria-label="{html.escape(shown.total.note or shown.total.label)}">'
        f"{''.join(pieces)}"
        f'<u style="left:{zero:.3%}"></u><u class="total" style="left:{mark:.3%}"></u></div>'
        f'<p class="total">{text(shown.total.label)}</p>',
    )


def _tiles(shown: Tiles) -> str:
    return _titled(shown.name, "tiles", shown.title, f'<div class="grid">{"".join(map(_tile, shown.tiles))}</div>')


def _tile(tile: Tile) -> str:
    return (
        f'<button type="button" data-channel="{tile.channel}" aria-pressed="{str(tile.on).lower()}" '
        f'aria-label="{html.escape(tile.label + ": " + tile.note)}">'
        f'<img src="{data_address(tile.picture)}" alt=""><span>{text(tile.label)}</span>'
        f"<em>{text(tile.note)}</em></button>"
    )


def _plot(shown: Plot) -> str:
    said = "; ".join(f"{line.label}: {line.says}" for line in shown.lines)
    drawn = figure_element(plot_figure(shown))
    return _titled(shown.name, "plot", shown.title, f'<div role="img" aria-label="{html.escape(said)}">{drawn}</div>')


def _table(shown: Table) -> str:
    # A corner that heads nothing is no head.
    head = "".join(f'<th scope="col">{text(cell)}</th>' if cell else "<td></td>" for cell in shown.head)
    rows = "".join(
        f'<tr><th scope="row">{text(row[0])}</th>{"".join(f"<td>{text(cell)}</td>" for cell in row[1:])}</tr>'
        for row in shown.rows
    )
    return _titled(
        shown.name, "table", shown.title, f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _sign(value: float) -> str:
    return "negative" if value < 0 else "positive"
