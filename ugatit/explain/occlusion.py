"""Occlusion: cover part of a picture and measure how far the verdict falls (Zeiler and Fergus 2014, section 4.2)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ugatit.errors import TranslationError
from ugatit.explain.explainer import Explainer
from ugatit.images.placement import place_map
from ugatit.metrics import rank_correlation
from ugatit.networks.geometry import Grid

GREY = 0.0
"""The value of a covered pixel: the middle of [-1, 1]."""

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Occlusion:
    """How far the verdict falls when a grey square covers each position, complete or in progress.

    fall: (rows, columns) float32, the mean of the two logits without the square minus the mean with it; positive where
    the picture shows what the classifier looks for; NaN where not measured yet. verdict: the mean without a square.
    grid: the positions of the squares' centres on the picture, the same along both axes. size: the square's side in
    pixels. picture_size: (height, width). done, total: the number of squares measured so far, and of all squares.
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
        """Whether all squares are measured."""
        return self.done == self.total

    def agreement(self, values: Array, grid: Grid) -> float:
        """Return Spearman's rank correlation, -1 to 1, of `fall` with a map's mean under each square.

        NaN if either is constant. values: (h, w), a raw map of the same picture. grid: the positions of its cells.
        Raises TranslationError before all squares are measured.
        """
        if not self.finished:
            raise TranslationError(f"{self.done} of {self.total} squares are measured; let occlusion run to its end.")
        placed = place_map(values, grid, grid, self.picture_size)
        windows = _windows(self.fall.shape, self.grid, self.size, self.picture_size)
        means = [placed[window].mean() for window in windows]
        pair = [torch.from_numpy(np.asarray(v, np.float32)).reshape(1, *self.fall.shape) for v in (means, self.fall)]
        return float(rank_correlation(*pair)[0])


def measure_occlusion(
    explainer: Explainer, picture: Tensor, size: int | None = None, stride: int | None = None, batch_size: int = 16
) -> Iterator[Occlusion]:
    """Slide a grey square over a picture and yield the result so far after each batch of squares; the last is complete.

    Each batch runs the encoder once; to stop early, stop iterating. picture: (1, 3, H, W) in [-1, 1], on the networks'
    device. size: the square's side in pixels; by default a sixth of the picture's shorter side. stride: the distance
    between centres, at most `size`; by default half of it. batch_size: squares per batch.
    Raises TranslationError immediately for other values, and whatever `Explainer.encode` raises.
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
    return _batches(explainer, picture, float(explainer.verdict(picture)), size, stride, batch_size)


def _batches(
    explainer: Explainer, picture: Tensor, verdict: float, size: int, stride: int, batch_size: int
) -> Iterator[Occlusion]:
    height, width = picture.shape[2:]
    shape = math.ceil(height / stride), math.ceil(width / stride)
    # One square per cell of `stride` pixels, centred on the cell.
    grid = Grid(start=(stride - 1) / 2, stride=stride, field=size)
    windows = _windows(shape, grid, size, (height, width))
    fall = np.full(len(windows), np.nan, np.float32)
    for start in range(0, len(windows), batch_size):
        batch = windows[start : start + batch_size]
        covered = picture.repeat(len(batch), 1, 1, 1)
        for copy, window in zip(covered, batch, strict=True):
            copy[:, *window] = GREY
        fall[start : start + len(batch)] = verdict - explainer.verdict(covered).cpu().numpy()
        done = start + len(batch)
        yield Occlusion(fall.reshape(shape).copy(), verdict, grid, size, (height, width), done, len(windows))


def _windows(shape: tuple[int, ...], grid: Grid, size: int, picture_size: tuple[int, int]) -> list[tuple[slice, slice]]:
    """Return the pixels each square covers, row by row, clipped to the picture."""
    rows, columns = (
        [_clipped_span(centre, size, pixels) for centre in grid.centers(cells)]
        for cells, pixels in zip(shape, picture_size, strict=True)
    )
    return [(row, column) for row in rows for column in columns]


def _clipped_span(centre: float, size: int, pixels: int) -> slice:
    first = math.ceil(centre - size / 2)
    return slice(max(0, first), min(pixels, first + size))
