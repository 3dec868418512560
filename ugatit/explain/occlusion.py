"""Occlusion: cover a part of the picture, see the verdict fall (Zeiler and Fergus 2014, section 4.2)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.explain.explainer import Explainer
from ugatit.images.placement import place
from ugatit.metrics import rank_correlation
from ugatit.networks.geometry import Grid

GREY = 0.0
"""The middle of [-1, 1]: what a covered pixel becomes."""

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Occlusion:
    """How far the verdict falls as a square covers each place, as far as measured.

    fall: (rows, columns) float32: the mean of the two logits without the square less that with it, positive where the
    picture shows what the classifier looks for; NaN where not measured yet. verdict: that mean without a square.
    grid: where the squares' centres lie on the picture, along either axis. size: the square's side in pixels.
    picture_size: (height, width). done, total: squares measured, and all of them.
    """

    fall: Array
    verdict: float
    grid: Grid
    size: int
    picture_size: tuple[int, int]
    done: int
    total: int

    @property
    def finished(self) -> bool:
        return self.done == self.total

    def agreement(self, values: Array, grid: Grid) -> float:
        """Spearman's rank correlation, -1 to 1, of the fall with a map's mean under each square; NaN if one is flat.

        values: (h, w), raw, of the same picture. grid: where its cells lie. Raises TranslationError before all is
        measured.
        """
        if not self.finished:
            raise TranslationError(f"{self.done} of {self.total} squares are measured; let occlusion run to its end.")
        placed = place(values, grid, grid, self.picture_size)
        under = [placed[window].mean() for window in _windows(self.fall.shape, self.grid, self.size, self.picture_size)]
        pair = [torch.from_numpy(np.asarray(v, np.float32)).reshape(1, *self.fall.shape) for v in (under, self.fall)]
        return float(rank_correlation(*pair)[0])


def measure_occlusion(
    explainer: Explainer, picture: Tensor, size: int | None = None, stride: int | None = None, batch_size: int = 16
) -> Iterator[Occlusion]:
    """Slide a grey square over a picture, and yield what is known after each chunk of squares; the last is complete.

    Each chunk runs the encoder once; stop by asking no further. picture: (1, 3, H, W) in [-1, 1], on the networks'
    device. size: the square's side in pixels, a sixth of the shorter side unless told. stride: between centres, half
    the square unless told, at most the square. batch_size: squares a chunk.
    Raises TranslationError at once for other values, and as `Explainer.encode` does.
    """
    height, width = picture.shape[2:] if picture.dim() == 4 else (0, 0)
    if picture.shape[:1] != (1,) or not height:
        raise TranslationError(f"Occlusion takes one picture, (1, 3, H, W), got the shape {tuple(picture.shape)}.")
    size = max(1, min(height, width) // 6) if size is None else size
    stride = max(1, size // 2) if stride is None else stride
    if not 1 <= size <= min(height, width):
        raise TranslationError(f"The square's size lies between 1 and {min(height, width)} pixels, got {size}.")
    if not 1 <= stride <= size:
        raise TranslationError(f"The stride lies between 1 and the square's size, {size} pixels, got {stride}.")
    if batch_size < 1:
        raise TranslationError(f"batch_size must be at least 1, got {batch_size}.")
    return _chunks(explainer, picture, float(explainer.verdict(picture)), size, stride, batch_size)


def _chunks(
    explainer: Explainer, picture: Tensor, verdict: float, size: int, stride: int, batch_size: int
) -> Iterator[Occlusion]:
    height, width = picture.shape[2:]
    shape = math.ceil(height / stride), math.ceil(width / stride)
    # One square a cell of `stride` pixels, around the cell's centre.
    grid = Grid(start=(stride - 1) / 2, stride=stride, field=size)
    windows = _windows(shape, grid, size, (height, width))
    fall = np.full(len(windows), np.nan, np.float32)
    for start in range(0, len(windows), batch_size):
        chunk = windows[start : start + batch_size]
        covered = picture.repeat(len(chunk), 1, 1, 1)
        for one, window in zip(covered, chunk, strict=True):
            one[:, *window] = GREY
        fall[start : start + len(chunk)] = verdict - explainer.verdict(covered).cpu().numpy()
        done = start + len(chunk)
        yield Occlusion(fall.reshape(shape).copy(), verdict, grid, size, (height, width), done, len(windows))


def _windows(shape: tuple[int, ...], grid: Grid, size: int, picture_size: tuple[int, int]) -> list[tuple[slice, slice]]:
    """The pixels each square covers, row by row, cut at the picture's edges."""
    rows, columns = (
        [_span(centre, size, pixels) for centre in grid.centers(cells)]
        for cells, pixels in zip(shape, picture_size, strict=True)
    )
    return [(row, column) for row in rows for column in columns]


def _span(centre: float, size: int, pixels: int) -> slice:
    first = math.ceil(centre - size / 2)
    return slice(max(0, first), min(pixels, first + size))
