"""Words on a figure: DejaVu Sans, Hangul in NanumGothic, subscripts, and lines that end where the paper does."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.text import Text
from PIL import ImageFont

from viz.contact_sheet import INK, font

HANGUL = Path(__file__).resolve().parent.parent / "fonts" / "NanumGothic-Regular.ttf"

_SUBSCRIPT = re.compile(r"_\{([^{}]*)\}")
_MEASURED = 100


@cache
def font_families() -> tuple[str, ...]:
    """What letters are drawn with: each by the first of these fonts that has it."""
    # The list of fonts that matplotlib knows; none of its settings.
    fontManager.addfont(str(HANGUL))
    return ("DejaVu Sans", "NanumGothic")


def font_properties(size: float, bold: bool = False, hangul: bool = False) -> FontProperties:
    """size: in points. hangul: for formulas among Hangul, which are drawn with one font alone."""
    latin, korean = font_families()
    # NanumGothic has no bold, which matplotlib would say on stderr.
    family = [korean] if hangul else [latin] if bold else [latin, korean]
    return FontProperties(family=family, size=size, weight="bold" if bold else "normal")


def width(words: str, size: float, bold: bool = False) -> float:
    """How long a line is, in inches."""
    total = 0.0
    for index, part in enumerate(_SUBSCRIPT.split(words)):
        # Every second part is a subscript, which matplotlib draws at 0.7.
        total += sum(_advance(letter, bold) for letter in part) * (0.7 if index % 2 else 1)
    return total / _MEASURED * size / 72


def wrapped(words: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Lines of at most `room` inches, broken between words; a longer word stands alone."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def write(
    figure: Figure,
    x: float,
    y: float,
    words: str,
    size: float,
    color: str = INK,
    bold: bool = False,
    align: str = "left",
) -> Text:
    """One line whose top is at (x, y), in parts of the figure; `w_{k}` becomes a subscript."""
    hangul = any(map(_is_hangul, words))
    formula = _SUBSCRIPT.search(words) is not None
    return figure.text(
        x, y, _as_formula(words, hangul) if formula else words, va="top", ha=align, color=color, parse_math=formula,
        # One weight for a line: NanumGothic has no bold.
        fontproperties=font_properties(size, bold and not hangul, hangul and formula),
    )  # fmt: skip


def _as_formula(words: str, hangul: bool) -> str:
    """matplotlib's notation: subscripts alone are mathematics, so that all else keeps its font."""
    parts = _SUBSCRIPT.split(words.replace("$", r"\$"))
    for index in range(0, len(parts), 2):
        if hangul:
            # NanumGothic has no minus.
            parts[index] = parts[index].replace("−", "${-}$")
    for index in range(1, len(parts), 2):
        letters = re.sub(r"[\\$#%&~^_]", "", parts[index]).replace(" ", r"\ ")
        parts[index] = rf"${{}}_{{\mathrm{{{letters}}}}}$"
    return "".join(parts)


@cache
def _advance(letter: str, bold: bool) -> float:
    return float((_hangul() if _is_hangul(letter) else font(_MEASURED, bold)).getlength(letter))


def _is_hangul(letter: str) -> bool:
    return ord(letter) >= 0x1100 and "HANGUL" in unicodedata.name(letter, "")


@cache
def _hangul() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(HANGUL), _MEASURED)
