"""What a reader painted over a picture: where the network shall look harder, and where not at all."""

import re
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.images.placement import place
from viz.contact_sheet import enlarged
from viz.display import screen_factor
from viz.lesson.maps import Grids
from viz.lesson.subject import Map

UNTOUCHED, HARDER, AWAY = "uha"
FACTORS = {UNTOUCHED: 1.0, HARDER: 3.0, AWAY: 0.0}
"""What the attended features are multiplied by."""
MOST_CELLS = 16
"""Along either side."""

_WRITTEN = re.compile(r"([0-9]{1,2})x([0-9]{1,2})-((?:[uha][0-9]{1,3})*)")

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Painting:
    """Equal cells over the whole picture, each of which is one of the letters of FACTORS.

    rows, columns: 1 to MOST_CELLS. cells: rows * columns letters, row by row. Raises TranslationError for others.
    """

    rows: int
    columns: int
    cells: str

    def __post_init__(self) -> None:
        for name, count in (("rows", self.rows), ("columns", self.columns)):
            if not 1 <= count <= MOST_CELLS:
                raise TranslationError(f"A painting has 1 to {MOST_CELLS} {name}, got {count}.")
        if len(self.cells) != self.rows * self.columns or set(self.cells) - set(FACTORS):
            raise TranslationError(
                f"A painting of {self.rows}x{self.columns} cells is as many letters of {', '.join(FACTORS)}, "
                f"got {len(self.cells)}: {self.cells[:20]!r}."
            )

    @classmethod
    def blank(cls, rows: int, columns: int) -> "Painting":
        return cls(rows, columns, UNTOUCHED * (rows * columns))

    @classmethod
    def chosen(cls, where: Mask, inside: str, outside: str = UNTOUCHED) -> "Painting":
        """One letter where a (rows, columns) mask says so, another where not."""
        rows, columns = where.shape
        return cls(rows, columns, "".join(np.where(where, inside, outside).ravel()))

    @classmethod
    def read(cls, text: str) -> "Painting":
        """Read back what `text` wrote, `16x16-u40h3…`. Raises TranslationError."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise TranslationError(f"The painting {text[:40]!r} cannot be read: take the link from the page.")
        rows, columns, runs = int(found[1]), int(found[2]), re.findall("([uha])([0-9]+)", found[3])
        cells = "".join(letter * int(length) for letter, length in runs)
        return cls(rows, columns, cells.ljust(rows * columns, UNTOUCHED))

    @property
    def text(self) -> str:
        """As a link carries it: size, then runs of one letter, the last untouched run left out; empty if all are."""
        if not self.touched.any():
            return ""
        runs = "".join(f"{letter}{len(list(run))}" for letter, run in groupby(self.cells.rstrip(UNTOUCHED)))
        return f"{self.rows}x{self.columns}-{runs}"

    @property
    def touched(self) -> Mask:
        """(rows, columns): which cells are painted."""
        return np.array([letter != UNTOUCHED for letter in self.cells]).reshape(self.rows, self.columns)

    def mask(self, shape: tuple[int, int], grids: Grids, size: tuple[int, int]) -> Tensor:
        """For `Paint`: each cell of a map takes the factor of the painted cell under its centre; (h, w).

        shape: (h, w) of the map. grids: where its rows and columns lie on the picture; cells on cut padding take the
        nearest painted cell. size: (width, height) of the picture.
        """
        height, width = size[1], size[0]
        rows = _cells(grids[0].centers(shape[0]), height, self.rows)
        columns = _cells(grids[1].centers(shape[1]), width, self.columns)
        factors = np.array([FACTORS[letter] for letter in self.cells], np.float32).reshape(self.rows, self.columns)
        return torch.from_numpy(factors[np.ix_(rows, columns)])

    def pixels(self, size: tuple[int, int]) -> Mask:
        """Which pixels of a picture lie on painted cells; (height, width). size: (width, height)."""
        rows, columns = (
            _cells(list(range(side)), side, count)
            for side, count in zip(size[::-1], (self.rows, self.columns), strict=True)
        )
        return self.touched[np.ix_(rows, columns)]

    def over(self, picture: Image.Image) -> Image.Image:
        """The painting on its picture, enlarged for a screen; RGB. Signs as well as colours tell the cells apart."""
        below = enlarged(picture, screen_factor(picture)).convert("RGB")
        veil = Image.new("RGBA", below.size)
        pen = ImageDraw.Draw(veil)
        height, width = below.height / self.rows, below.width / self.columns
        for index, letter in enumerate(self.cells):
            row, column = divmod(index, self.columns)
            left, top = column * width, row * height
            inner = (left, top, left + width - 1, top + height - 1)
            x, y, arm = left + width / 2, top + height / 2, min(width, height) / 4
            line = max(1, round(arm / 3))
            if letter == HARDER:
                pen.rectangle(inner, fill=(255, 200, 0, 120))
                pen.line((x - arm, y, x + arm, y), fill=(60, 40, 0, 255), width=line)
                pen.line((x, y - arm, x, y + arm), fill=(60, 40, 0, 255), width=line)
            elif letter == AWAY:
                pen.rectangle(inner, fill=(10, 14, 24, 180))
                pen.line((x - arm, y + arm, x + arm, y - arm), fill=(235, 238, 245, 150), width=line)
        below.paste(veil, mask=veil)
        return below


def cells_for(size: tuple[int, int], grids: Grids) -> tuple[int, int]:
    """(rows, columns) to paint on a picture with: nearly square, no finer than a map's cells.

    size: (width, height). grids: where the map's rows and columns lie.
    """
    side = max(grids[0].stride, max(size) / MOST_CELLS)
    rows, columns = (max(1, min(MOST_CELLS, round(pixels / side))) for pixels in (size[1], size[0]))
    return rows, columns


def brightest(values: Map, grids: Grids, size: tuple[int, int], cells: tuple[int, int]) -> Mask:
    """Which of (rows, columns) cells over a picture lie in the upper half of a map's range."""
    rows, columns = (grid.scaled(count / pixels) for grid, count, pixels in zip(grids, cells, size[::-1], strict=True))
    placed = place(values, rows, columns, cells)
    found: Mask = placed > (placed.min() + placed.max()) / 2
    return found


def _cells(pixels: list[float] | list[int], side: int, count: int) -> NDArray[np.int64]:
    """In which of `count` cells along a side each pixel's centre lies."""
    cells: NDArray[np.int64] = np.floor((np.asarray(pixels) + 0.5) * count / side).astype(np.int64).clip(0, count - 1)
    return cells
