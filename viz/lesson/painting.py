"""A reader's painting over a picture: where the attended features are amplified or suppressed."""

import re
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.images.placement import place_map
from viz.contact_sheet import enlarge
from viz.display import screen_factor
from viz.lesson.maps import Grids
from viz.lesson.subject import Map

UNTOUCHED, AMPLIFY, SUPPRESS = "uha"
FACTORS = {UNTOUCHED: 1.0, AMPLIFY: 3.0, SUPPRESS: 0.0}
"""The factors that the attended features are multiplied by."""
MAX_CELLS = 16
"""The maximum number of cells along either side."""

_PATTERN = re.compile(r"([0-9]{1,2})x([0-9]{1,2})-((?:[uha][0-9]{1,3})*)")

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Painting:
    """A grid of equal cells over the whole picture; each cell is a letter of FACTORS.

    rows, columns: 1 to MAX_CELLS. cells: rows * columns letters, row by row.
    Raises TranslationError for other sizes or letters.
    """

    rows: int
    columns: int
    cells: str

    def __post_init__(self) -> None:
        for name, count in (("rows", self.rows), ("columns", self.columns)):
            if not 1 <= count <= MAX_CELLS:
                raise TranslationError(f"A painting has 1 to {MAX_CELLS} {name}, got {count}.")
        if len(self.cells) != self.rows * self.columns or set(self.cells) - set(FACTORS):
            raise TranslationError(
                f"A painting of {self.rows}x{self.columns} cells is as many letters of {', '.join(FACTORS)}, "
                f"got {len(self.cells)}: {self.cells[:20]!r}."
            )

    @classmethod
    def blank(cls, rows: int, columns: int) -> "Painting":
        """Return a painting with no painted cells."""
        return cls(rows, columns, UNTOUCHED * (rows * columns))

    @classmethod
    def from_mask(cls, mask: Mask, inside: str, outside: str = UNTOUCHED) -> "Painting":
        """Return the letter `inside` where a (rows, columns) mask is True, `outside` elsewhere."""
        rows, columns = mask.shape
        return cls(rows, columns, "".join(np.where(mask, inside, outside).ravel()))

    @classmethod
    def from_text(cls, text: str) -> "Painting":
        """Parse the `text` of a painting, such as `16x16-u40h3…`. Raises TranslationError."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise TranslationError(f"The painting {text[:40]!r} cannot be read: take the link from the page.")
        rows, columns, runs = int(match[1]), int(match[2]), re.findall("([uha])([0-9]+)", match[3])
        cells = "".join(letter * int(length) for letter, length in runs)
        return cls(rows, columns, cells.ljust(rows * columns, UNTOUCHED))

    @property
    def text(self) -> str:
        """The painting as text for a link: size, then run-length encoded letters without the last untouched run.

        Empty if no cell is painted.
        """
        if not self.painted.any():
            return ""
        runs = "".join(f"{letter}{len(list(run))}" for letter, run in groupby(self.cells.rstrip(UNTOUCHED)))
        return f"{self.rows}x{self.columns}-{runs}"

    @property
    def painted(self) -> Mask:
        """Which cells are painted, (rows, columns)."""
        return np.array([letter != UNTOUCHED for letter in self.cells]).reshape(self.rows, self.columns)

    def mask(self, shape: tuple[int, int], grids: Grids, size: tuple[int, int]) -> Tensor:
        """Return the factors for `Paint`, (h, w): each map cell takes the factor of the painted cell under its centre.

        shape: (h, w) of the map. grids: the positions of its rows and columns on the picture; map cells on removed
        padding take the nearest painted cell. size: (width, height) of the picture.
        """
        height, width = size[1], size[0]
        rows = _cells(grids[0].centers(shape[0]), height, self.rows)
        columns = _cells(grids[1].centers(shape[1]), width, self.columns)
        factors = np.array([FACTORS[letter] for letter in self.cells], np.float32).reshape(self.rows, self.columns)
        return torch.from_numpy(factors[np.ix_(rows, columns)])

    def pixel_mask(self, size: tuple[int, int]) -> Mask:
        """Return which pixels of a picture are on painted cells, (height, width). size: (width, height)."""
        rows, columns = (
            _cells(list(range(side)), side, count)
            for side, count in zip(size[::-1], (self.rows, self.columns), strict=True)
        )
        return self.painted[np.ix_(rows, columns)]

    def draw_over(self, picture: Image.Image) -> Image.Image:
        """Draw the painting over its picture, enlarged for a screen; RGB. Symbols also tell the cells apart."""
        canvas = enlarge(picture, screen_factor(picture)).convert("RGB")
        layer = Image.new("RGBA", canvas.size)
        draw = ImageDraw.Draw(layer)
        height, width = canvas.height / self.rows, canvas.width / self.columns
        for index, letter in enumerate(self.cells):
            row, column = divmod(index, self.columns)
            left, top = column * width, row * height
            inner = (left, top, left + width - 1, top + height - 1)
            x, y, arm = left + width / 2, top + height / 2, min(width, height) / 4
            line = max(1, round(arm / 3))
            if letter == AMPLIFY:
                draw.rectangle(inner, fill=(255, 200, 0, 120))
                draw.line((x - arm, y, x + arm, y), fill=(60, 40, 0, 255), width=line)
                draw.line((x, y - arm, x, y + arm), fill=(60, 40, 0, 255), width=line)
            elif letter == SUPPRESS:
                draw.rectangle(inner, fill=(10, 14, 24, 180))
                draw.line((x - arm, y + arm, x + arm, y - arm), fill=(235, 238, 245, 150), width=line)
        canvas.paste(layer, mask=layer)
        return canvas


def grid_shape(size: tuple[int, int], grids: Grids) -> tuple[int, int]:
    """Return the (rows, columns) of a painting for a picture: cells nearly square and no finer than a map's cells.

    size: (width, height). grids: the positions of the map's rows and columns.
    """
    side = max(grids[0].stride, max(size) / MAX_CELLS)
    rows, columns = (max(1, min(MAX_CELLS, round(pixels / side))) for pixels in (size[1], size[0]))
    return rows, columns


def brightest_cells(values: Map, grids: Grids, size: tuple[int, int], cells: tuple[int, int]) -> Mask:
    """Return which cells of a painting are in the upper half of a map's range, (rows, columns).

    size: (width, height) of the picture. cells: (rows, columns) of the painting.
    """
    rows, columns = (grid.scaled(count / pixels) for grid, count, pixels in zip(grids, cells, size[::-1], strict=True))
    placed = place_map(values, rows, columns, cells)
    bright: Mask = placed > (placed.min() + placed.max()) / 2
    return bright


def _cells(pixels: list[float] | list[int], side: int, count: int) -> NDArray[np.int64]:
    """Return the index, among `count` cells along a side, of the cell that contains each pixel's centre."""
    cells: NDArray[np.int64] = np.floor((np.asarray(pixels) + 0.5) * count / side).astype(np.int64).clip(0, count - 1)
    return cells
