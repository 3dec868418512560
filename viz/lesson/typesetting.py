"""Measure, wrap and draw text on a figure: DejaVu Sans, Hangul in NanumGothic, subscripts."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.text import Text
from PIL import ImageFont

from viz.contact_sheet import INK, load_font

HANGUL_FONT = Path(__file__).resolve().parent.parent / "fonts" / "NanumGothic-Regular.ttf"

_SUBSCRIPT = re.compile(r"_\{([^{}]*)\}")
_MEASURED_SIZE = 100


@cache
def font_families() -> tuple[str, ...]:
    """Return the font families; matplotlib draws each letter with the first family that has it."""
    # This only extends the list of fonts that matplotlib knows.
    fontManager.addfont(str(HANGUL_FONT))
    return ("DejaVu Sans", "NanumGothic")


def font_properties(size: float, bold: bool = False, hangul: bool = False) -> FontProperties:
    """Return the font for a text. size: in points. hangul: for a formula with Hangul, which must use one font."""
    latin, korean = font_families()
    # NanumGothic has no bold weight, and matplotlib would warn about that on stderr.
    family = [korean] if hangul else [latin] if bold else [latin, korean]
    return FontProperties(family=family, size=size, weight="bold" if bold else "normal")


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the length of a line in inches. size: in points."""
    total = 0.0
    for index, part in enumerate(_SUBSCRIPT.split(text)):
        # Every second part is a subscript, which matplotlib draws at 0.7 of the size.
        total += sum(_advance(letter, bold) for letter in part) * (0.7 if index % 2 else 1)
    return total / _MEASURED_SIZE * size / 72


def wrap_text(text: str, size: float, max_width: float, bold: bool = False) -> list[str]:
    """Break a text between words into lines of at most `max_width` inches; a longer word gets a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold) <= max_width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def write_line(
    figure: Figure,
    x: float,
    y: float,
    text: str,
    size: float,
    color: str = INK,
    bold: bool = False,
    align: str = "left",
) -> Text:
    """Write one line with its top at (x, y), in fractions of the figure; `w_{k}` becomes a subscript."""
    hangul = any(map(_is_hangul, text))
    formula = _SUBSCRIPT.search(text) is not None
    return figure.text(
        x, y, _as_formula(text, hangul) if formula else text, va="top", ha=align, color=color, parse_math=formula,
        # A line has one weight, and NanumGothic has no bold.
        fontproperties=font_properties(size, bold and not hangul, hangul and formula),
    )  # fmt: skip


def _as_formula(text: str, hangul: bool) -> str:
    """Return a line in matplotlib's math notation; only subscripts are math, so that the rest keeps its font."""
    parts = _SUBSCRIPT.split(text.replace("$", r"\$"))
    for index in range(0, len(parts), 2):
        if hangul:
            # NanumGothic has no minus sign.
            parts[index] = parts[index].replace("−", "${-}$")
    for index in range(1, len(parts), 2):
        letters = re.sub(r"[\\$#%&~^_]", "", parts[index]).replace(" ", r"\ ")
        parts[index] = rf"${{}}_{{\mathrm{{{letters}}}}}$"
    return "".join(parts)


@cache
def _advance(letter: str, bold: bool) -> float:
    return float((_hangul_font() if _is_hangul(letter) else load_font(_MEASURED_SIZE, bold)).getlength(letter))


def _is_hangul(letter: str) -> bool:
    return ord(letter) >= 0x1100 and "HANGUL" in unicodedata.name(letter, "")


@cache
def _hangul_font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(HANGUL_FONT), _MEASURED_SIZE)
