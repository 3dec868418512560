"""Where the cells of a feature map lie on the picture, and how much of it each one sees.

Positions are in pixels, with the centre of the first pixel at 0.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Grid:
    """One axis of a feature map laid over one axis of a picture.

    start: position of the first cell's centre. stride: distance between centres.
    field: receptive field, the number of pixels a cell sees (convolutions only; normalisation sees the whole picture).
    """

    start: float = 0.0
    stride: float = 1.0
    field: float = 1.0

    def conv(self, kernel: int, stride: int = 1, padding: int = 0) -> "Grid":
        """The grid after a convolution (Araujo et al. 2019, "Computing Receptive Fields", eq. 2 and 3)."""
        return Grid(
            start=self.start + ((kernel - 1) / 2 - padding) * self.stride,
            stride=self.stride * stride,
            field=self.field + (kernel - 1) * self.stride,
        )

    def shifted(self, offset: float) -> "Grid":
        """The same cells on a picture from whose beginning `offset` pixels were cut."""
        return replace(self, start=self.start - offset)

    def scaled(self, factor: float) -> "Grid":
        """The same cells on the picture resized by `factor`; pixel centres are half a pixel inside their edges."""
        return Grid((self.start + 0.5) * factor - 0.5, self.stride * factor, self.field * factor)

    def centers(self, cells: int) -> list[float]:
        """The positions of the first `cells` cells."""
        return [self.start + self.stride * cell for cell in range(cells)]


@dataclass(frozen=True)
class CanvasRule:
    """Which picture sizes the networks take: sides that are multiples of `multiple`, from `least` up.

    square: the one side length the model takes, or None where any rectangle does.
    """

    multiple: int
    least: int
    square: int | None = None
