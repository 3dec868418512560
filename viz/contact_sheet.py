"""Compose labelled pictures on a white sheet, with text in DejaVu Sans, which comes with matplotlib."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from viz.overlay import colorize

INK = "#1b1f27"
MUTED = "#687080"
HAIRLINE = "#dfe3e9"
BACKGROUND = "#ffffff"
MARGIN = 36
GUTTER = 28
HEADING_HEIGHT = 52
TITLE_HEIGHT = 30
LINE_HEIGHT = 22
SMALL_LINE_HEIGHT = 19
CRISP_BELOW = 128
"""Pictures with a shorter side below this, in pixels, are enlarged without smoothing."""


@dataclass(frozen=True)
class Tile:
    """A picture with a title above it, and text (dark) and details (muted) below it.

    aside: a few muted words at the right end of the title's line.
    """

    picture: Image.Image
    title: str
    aside: str = ""
    text: str = ""
    details: str = ""


@cache
def load_font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return DejaVu Sans at `size` pixels."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), size)


def truncate(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """Return the text on one line of at most `width` pixels, cut with an ellipsis if necessary."""
    text = " ".join(text.split())
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap_text(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break a text into lines of at most `width` pixels, at middle dots if possible, else between words."""
    return [
        truncate(line, font, width)
        for part in _fill_lines(text.split(" · "), " · ", font, width)
        for line in _fill_lines(part.split(), " ", font, width)
    ]


def _fill_lines(parts: Sequence[str], separator: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for part in parts:
        longer = separator.join((lines[-1], part)) if lines else part
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def enlarge(picture: Image.Image, factor: float) -> Image.Image:
    """Return the picture `factor` times as large: a tiny one by a whole factor without smoothing, others smoothed."""
    if factor == 1:
        return picture
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    crisp = min(picture.size) < CRISP_BELOW and float(factor).is_integer()
    return picture.resize(size, Image.Resampling.NEAREST if crisp else Image.Resampling.LANCZOS)


def fit_in_square(picture: Image.Image, side: int) -> Image.Image:
    """Return the picture fitted into a white square of `side` pixels, centred."""
    factor = side / max(picture.size)
    inner = enlarge(picture.convert("RGB"), factor)
    square = Image.new("RGB", (side, side), BACKGROUND)
    square.paste(inner, ((side - inner.width) // 2, (side - inner.height) // 2))
    return square


def color_bar(width: int, colormap: str, labels: Sequence[str], height: int = 12) -> Image.Image:
    """Draw a horizontal colour bar with `labels` spread evenly below it, from the low to the high end."""
    font = load_font(13)
    ramp = colorize(np.broadcast_to(np.linspace(0, 1, width, dtype=np.float32), (height, width)), colormap)
    bar = Image.new("RGB", (width, height + 24), BACKGROUND)
    bar.paste(Image.fromarray(ramp))
    draw = ImageDraw.Draw(bar)
    for index, label in enumerate(labels):
        share = index / max(1, len(labels) - 1)
        x = share * (width - font.getlength(label))
        draw.text((x, height + 7), label, fill=MUTED, font=font)
    return bar


def compose(
    tiles: Sequence[Tile],
    columns: int,
    heading: str,
    aside: str = "",
    note: str = "",
    bar: Image.Image | None = None,
) -> Image.Image:
    """Compose tiles of equal size in `columns`, with a heading and an aside above, a note and a colour bar below."""
    width, height = tiles[0].picture.size
    font = load_font(13)
    texts = [_draw_text(tile, width) for tile in tiles]
    row_height = TITLE_HEIGHT + height + max(text.height for text in texts)
    rows, columns = -(-len(tiles) // columns), min(columns, len(tiles))
    content_width = columns * width + (columns - 1) * GUTTER
    notes = wrap_text(note, font, content_width - (bar.width + GUTTER if bar else 0))
    footer_height = max(bar.height if bar else 0, SMALL_LINE_HEIGHT * len(notes))
    body = HEADING_HEIGHT + rows * row_height + (rows - 1) * GUTTER
    content_height = body + (GUTTER + footer_height if footer_height else 0)
    sheet = Image.new("RGB", (content_width + 2 * MARGIN, content_height + 2 * MARGIN), BACKGROUND)
    draw = ImageDraw.Draw(sheet)

    aside = truncate(aside, font, content_width / 2) if columns > 1 else ""
    heading_width = content_width - (font.getlength(aside) + GUTTER if aside else 0)
    heading_font = load_font(24, bold=True)
    draw.text(
        (MARGIN, MARGIN + 24), truncate(heading, heading_font, heading_width), fill=INK, font=heading_font, anchor="ls"
    )
    draw.text((MARGIN + content_width, MARGIN + 24), aside, fill=MUTED, font=font, anchor="rs")
    for index, (tile, text) in enumerate(zip(tiles, texts, strict=True)):
        row, column = divmod(index, columns)
        x, y = MARGIN + column * (width + GUTTER), MARGIN + HEADING_HEIGHT + row * (row_height + GUTTER)
        sheet.paste(_draw_title(tile, width), (x, y))
        draw.rectangle((x - 1, y + TITLE_HEIGHT - 1, x + width, y + TITLE_HEIGHT + height), outline=HAIRLINE)
        sheet.paste(tile.picture, (x, y + TITLE_HEIGHT))
        sheet.paste(text, (x, y + TITLE_HEIGHT + height + 1))
    footer_top = MARGIN + content_height - footer_height
    for index, line in enumerate(notes):
        draw.text((MARGIN, footer_top + SMALL_LINE_HEIGHT * index), line, fill=MUTED, font=font)
    if bar:
        sheet.paste(bar, (MARGIN + content_width - bar.width, footer_top))
    return sheet


def _draw_title(tile: Tile, width: int) -> Image.Image:
    """Draw a tile's title, and its aside if there is room."""
    font, small = load_font(17, bold=True), load_font(13)
    title = truncate(tile.title, font, width)
    strip = Image.new("RGB", (width, TITLE_HEIGHT), BACKGROUND)
    draw = ImageDraw.Draw(strip)
    draw.text((0, TITLE_HEIGHT - 12), title, fill=INK, font=font, anchor="ls")
    if font.getlength(title) + 12 + small.getlength(tile.aside) <= width:
        draw.text((width, TITLE_HEIGHT - 12), tile.aside, fill=MUTED, font=small, anchor="rs")
    return strip


def _draw_text(tile: Tile, width: int) -> Image.Image:
    """Draw a tile's text and details, wrapped to the width of its picture."""
    lines = [(line, load_font(15), INK, LINE_HEIGHT) for line in wrap_text(tile.text, load_font(15), width)]
    lines += [(line, load_font(13), MUTED, SMALL_LINE_HEIGHT) for line in wrap_text(tile.details, load_font(13), width)]
    strip = Image.new("RGB", (width, 12 + sum(line_height for *_, line_height in lines)), BACKGROUND)
    draw = ImageDraw.Draw(strip)
    y = 11
    for line, font, color, line_height in lines:
        draw.text((0, y), line, fill=color, font=font)
        y += line_height
    return strip
