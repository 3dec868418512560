"""Compute a critic's judgement of a picture: its maps, its scores, and the patch that one score judges."""

from dataclasses import dataclass
from math import ceil, floor

from PIL import Image

from ugatit.explain.results import CriticExplanation
from ugatit.images.fitting import FittedPicture
from ugatit.networks.geometry import Grid
from viz.lesson.subject import Map, Subject, first_map


@dataclass(frozen=True)
class CriticJudgement:
    """A critic's judgement of one picture, with one selected patch.

    on: `reference` or `translation`. picture: without padding. fitted: the picture with its padding.
    attention, patches: raw maps, (h, w) and (h - 1, w - 1). rows, columns: the positions of patches on the picture.
    cell: the (row, column) of the selected patch's score.
    """

    on: str
    picture: Image.Image
    fitted: FittedPicture
    explanation: CriticExplanation
    attention: Map
    patches: Map
    rows: Grid
    columns: Grid
    cell: tuple[int, int]

    @property
    def score(self) -> float:
        """The score of the selected patch."""
        return float(self.patches[self.cell])

    @property
    def mean(self) -> float:
        """The mean score of all patches."""
        return float(self.patches.mean())

    @property
    def window(self) -> tuple[slice, slice]:
        """The rows and columns of the picture that the selected score judges."""
        row, column = self.cell
        return _receptive_field(self.rows, row), _receptive_field(self.columns, column)


def judge(subject: Subject, critic: str, on: str, across: float = 0.5, down: float = 0.5) -> CriticJudgement:
    """Return a critic's judgement of the `reference` or the `translation`.

    critic: one of the subject's critics. across, down: the position of the selected patch, as shares of the picture in
    [0, 1].
    """
    explanation = subject.explain_critic(critic, on)
    if on == "reference":
        assert subject.reference is not None
        fitted, picture = subject.reference, subject.reference.crop(subject.reference.canvas)
    else:
        fitted, picture = subject.fitted, subject.render(subject.explanation.image)
    patches = first_map(explanation.patch_logits)
    rows, columns = subject.patch_grids(critic, fitted)
    cell = (
        _nearest_cell(rows, down * (picture.height - 1), patches.shape[0]),
        _nearest_cell(columns, across * (picture.width - 1), patches.shape[1]),
    )
    attention = first_map(explanation.attention_map)
    return CriticJudgement(on, picture, fitted, explanation, attention, patches, rows, columns, cell)


def _nearest_cell(grid: Grid, position: float, cells: int) -> int:
    return min(max(round((position - grid.start) / grid.stride), 0), cells - 1)


def _receptive_field(grid: Grid, cell: int) -> slice:
    """Return the pixels in a cell's receptive field, cut at the picture's start."""
    center, reach = grid.start + grid.stride * cell, (grid.field - 1) / 2
    return slice(max(0, ceil(center - reach)), max(0, floor(center + reach) + 1))
