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


def compose(tiles: Sequence[Tile], columns: int, heading: str, aside: str = "", note: str = "",
            bar: Image.Image | None = None) -> Image.Image:
    """Tiles of one size in `columns`, under a heading with a muted aside, over a muted note and a colour bar."""
    width, height = tiles[0].picture.size
    title, says, made = font(17, bold=True), font(15), font(13)
    said = [(wrapped(tile.says, says, width), wrapped(tile.made, made, width)) for tile in tiles]
    text_height = max(len(dark) * 22 + len(muted) * 19 for dark, muted in said) + 12
    row_height = 30 + height + text_height
    rows = -(-len(tiles) // columns)
    columns = min(columns, len(tiles))
    sheet_width = 2 * MARGIN + columns * width + (columns - 1) * GUTTER
    inner = sheet_width - 2 * MARGIN
    notes = wrapped(note, made, inner - (bar.width + GUTTER if bar else 0))
    foot = max(bar.height if bar else 0, 19 * len(notes))
    sheet_height = MARGIN + 52 + rows * row_height + (rows - 1) * GUTTER + (GUTTER + foot if foot else 0) + MARGIN
    sheet = Image.new("RGB", (sheet_width, sheet_height), PAPER)
    draw = ImageDraw.Draw(sheet)

    headline = font(24, bold=True)
    aside = fitted(aside, made, inner / 2) if columns > 1 else ""
    room = inner - (made.getlength(aside) + GUTTER if aside else 0)
    draw.text((MARGIN, MARGIN + 24), fitted(heading, headline, room), fill=INK, font=headline, anchor="ls")
    draw.text((sheet_width - MARGIN, MARGIN + 24), aside, fill=MUTED, font=made, anchor="rs")
    for index, (tile, (dark, muted)) in enumerate(zip(tiles, said, strict=True)):
        row, column = divmod(index, columns)
        x, y = MARGIN + column * (width + GUTTER), MARGIN + 52 + row * (row_height + GUTTER)
        draw.text((x, y + 18), fitted(tile.title, title, width), fill=INK, font=title, anchor="ls")
        room = width - title.getlength(tile.title) - 12
        if tile.aside and room >= made.getlength(tile.aside):
            draw.text((x + width, y + 18), tile.aside, fill=MUTED, font=made, anchor="rs")
        sheet.paste(tile.picture, (x, y + 30))
        draw.rectangle((x - 1, y + 29, x + width, y + 30 + height), outline=HAIRLINE)
        y += 30 + height + 12
        for face, ink, pitch, lines in ((says, INK, 22, dark), (made, MUTED, 19, muted)):
            for line in lines:
                draw.text((x, y), line, fill=ink, font=face)
                y += pitch
    foot_top = sheet_height - MARGIN - foot
    for index, line in enumerate(notes):
        draw.text((MARGIN, foot_top + 19 * index - 2), line, fill=MUTED, font=made)
    if bar:
        sheet.paste(bar, (sheet_width - MARGIN - bar.width, foot_top))
    return sheet
