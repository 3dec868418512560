"""Sheets: labelled pictures composed on white, set in the DejaVu Sans that matplotlib brings along."""

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
PAPER = "#ffffff"
MARGIN = 36
GUTTER = 28
HEADING = 52
TITLE = 30
INK_PITCH = 22
MUTED_PITCH = 19
CRISP_BELOW = 128


@dataclass(frozen=True)
class Tile:
    """A picture with its title above it, and below it what it says (dark) and how it was made (muted).

    aside: a few muted words at the right end of the title's line.
    """

    picture: Image.Image
    title: str
    aside: str = ""
    says: str = ""
    made: str = ""


@cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans at `size` pixels."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), size)


def fitted(text: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    """One line of text that is at most `width` pixels long, cut with an ellipsis if it must be."""
    text = " ".join(text.split())
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Text in lines of at most `width` pixels, broken at a middle dot if that does, else between words."""
    return [
        fitted(line, face, width)
        for part in _joined(text.split(" · "), " · ", face, width)
        for line in _joined(part.split(), " ", face, width)
    ]


def _joined(parts: Sequence[str], glue: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for part in parts:
        longer = glue.join((lines[-1], part)) if lines else part
        if lines and face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def enlarged(picture: Image.Image, factor: float) -> Image.Image:
    """The picture `factor` times as large: whole pixels where it is tiny, else smooth."""
    if factor == 1:
        return picture
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    whole = min(picture.size) < CRISP_BELOW and float(factor).is_integer()
    return picture.resize(size, Image.Resampling.NEAREST if whole else Image.Resampling.LANCZOS)


def contained(picture: Image.Image, side: int) -> Image.Image:
    """The picture within a square of `side` pixels, centred on white."""
    factor = side / max(picture.size)
    inner = enlarged(picture.convert("RGB"), factor)
    square = Image.new("RGB", (side, side), PAPER)
    square.paste(inner, ((side - inner.width) // 2, (side - inner.height) // 2))
    return square


def color_bar(width: int, colormap: str, labels: Sequence[str], height: int = 12) -> Image.Image:
    """A horizontal ramp of the colour map, `labels` spread evenly beneath it from its low to its high end."""
    face = font(13)
    ramp = colorize(np.broadcast_to(np.linspace(0, 1, width, dtype=np.float32), (height, width)), colormap)
    bar = Image.new("RGB", (width, height + 24), PAPER)
    bar.paste(Image.fromarray(ramp))
    draw = ImageDraw.Draw(bar)
    for index, label in enumerate(labels):
        share = index / max(1, len(labels) - 1)
        x = share * (width - face.getlength(label))
        draw.text((x, height + 7), label, fill=MUTED, font=face)
    return bar


def compose(
    tiles: Sequence[Tile],
    columns: int,
    heading: str,
    aside: str = "",
    note: str = "",
    bar: Image.Image | None = None,
) -> Image.Image:
    """Tiles of one size in `columns`, under a heading with a muted aside, over a muted note and a bar."""
    width, height = tiles[0].picture.size
    face = font(13)
    texts = [_below(tile, width) for tile in tiles]
    row_height = TITLE + height + max(text.height for text in texts)
    rows, columns = -(-len(tiles) // columns), min(columns, len(tiles))
    inner = columns * width + (columns - 1) * GUTTER
    notes = wrapped(note, face, inner - (bar.width + GUTTER if bar else 0))
    foot = max(bar.height if bar else 0, MUTED_PITCH * len(notes))
    body = HEADING + rows * row_height + (rows - 1) * GUTTER
    whole = body + (GUTTER + foot if foot else 0)
    sheet = Image.new("RGB", (inner + 2 * MARGIN, whole + 2 * MARGIN), PAPER)
    draw = ImageDraw.Draw(sheet)

    aside = fitted(aside, face, inner / 2) if columns > 1 else ""
    room = inner - (face.getlength(aside) + GUTTER if aside else 0)
    headline = font(24, bold=True)
    draw.text((MARGIN, MARGIN + 24), fitted(heading, headline, room), fill=INK, font=headline, anchor="ls")
    draw.text((MARGIN + inner, MARGIN + 24), aside, fill=MUTED, font=face, anchor="rs")
    for index, (tile, text) in enumerate(zip(tiles, texts, strict=True)):
        row, column = divmod(index, columns)
        x, y = MARGIN + column * (width + GUTTER), MARGIN + HEADING + row * (row_height + GUTTER)
        sheet.paste(_above(tile, width), (x, y))
        draw.rectangle((x - 1, y + TITLE - 1, x + width, y + TITLE + height), outline=HAIRLINE)
        sheet.paste(tile.picture, (x, y + TITLE))
        sheet.paste(text, (x, y + TITLE + height + 1))
    foot_top = MARGIN + whole - foot
    for index, line in enumerate(notes):
        draw.text((MARGIN, foot_top + MUTED_PITCH * index), line, fill=MUTED, font=face)
    if bar:
        sheet.paste(bar, (MARGIN + inner - bar.width, foot_top))
    return sheet


def _above(tile: Tile, width: int) -> Image.Image:
    """A tile's title, and its aside where there is room for it."""
    face, small = font(17, bold=True), font(13)
    title = fitted(tile.title, face, width)
    strip = Image.new("RGB", (width, TITLE), PAPER)
    draw = ImageDraw.Draw(strip)
    draw.text((0, TITLE - 12), title, fill=INK, font=face, anchor="ls")
    if face.getlength(title) + 12 + small.getlength(tile.aside) <= width:
        draw.text((width, TITLE - 12), tile.aside, fill=MUTED, font=small, anchor="rs")
    return strip


def _below(tile: Tile, width: int) -> Image.Image:
    """What a tile says and how it was made, in lines as wide as its picture."""
    lines = [(line, font(15), INK, INK_PITCH) for line in wrapped(tile.says, font(15), width)]
    lines += [(line, font(13), MUTED, MUTED_PITCH) for line in wrapped(tile.made, font(13), width)]
    strip = Image.new("RGB", (width, 12 + sum(pitch for *_, pitch in lines)), PAPER)
    draw = ImageDraw.Draw(strip)
    y = 11
    for line, face, ink, pitch in lines:
        draw.text((0, y), line, fill=ink, font=face)
        y += pitch
    return strip
