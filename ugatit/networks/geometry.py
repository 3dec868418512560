"""Geometry of feature maps: where their cells lie on the picture, and which picture sizes the networks accept.

Positions are in pixels along one axis; the centre of the first pixel is at 0.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Grid:
    """The cells of a feature map along one axis of the picture.

    start: position of the first cell's centre. stride: distance between centres.
    field: receptive field of a cell, in pixels. It counts convolutions only; normalisation sees the whole picture.
    """

    start: float = 0.0
    stride: float = 1.0
    field: float = 1.0

    def conv(self, kernel: int, stride: int = 1, padding: int = 0) -> "Grid":
        """Return the grid after a convolution (Araujo et al. 2019, "Computing Receptive Fields", eq. 2 and 3)."""
        return Grid(
            start=self.start + ((kernel - 1) / 2 - padding) * self.stride,
            stride=self.stride * stride,
            field=self.field + (kernel - 1) * self.stride,
        )

    def shifted(self, offset: float) -> "Grid":
        """Return the grid on a picture whose first `offset` pixels were cropped."""
        return replace(self, start=self.start - offset)

    def scaled(self, factor: float) -> "Grid":
        """Return the grid on the picture resized by `factor`; pixel edges, not centres, scale by it."""
        return Grid((self.start + 0.5) * factor - 0.5, self.stride * factor, self.field * factor)

    def centers(self, cells: int) -> list[float]:
        """Return the positions of the first `cells` cells."""
        return [self.start + self.stride * cell for cell in range(cells)]


@dataclass(frozen=True)
class CanvasRule:
    """Which picture sizes the networks accept, in pixels: multiples of `multiple`, at least `min_side`.

    square: the only side length the model accepts; None if it accepts any rectangle.
    """

    multiple: int
    min_side: int
    square: int | None = None
