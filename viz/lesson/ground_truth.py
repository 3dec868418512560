"""The object that is known to tell the domains apart, where it is known: drawn around, and looked for."""

from dataclasses import replace

from ugatit.evaluation.pointing import pointing_score
from ugatit.images.placement import place
from viz.lesson.subject import Map, Subject
from viz.lesson.view import Panel
from viz.overlay import outline


def outlined(panel: Panel, subject: Subject) -> Panel:
    """The panel of the subject's picture or of a map over it, with the object's outline; as it was if unknown."""
    return panel if subject.truth is None else replace(panel, picture=outline(panel.picture, subject.truth))


def points(subject: Subject, values: Map) -> tuple[bool, float]:
    """Whether a generator's map has its maximum on the object, and the IoU of as many top pixels with the object.

    values: (h, w), raw. The subject's truth must be known.
    """
    assert subject.truth is not None
    return pointing_score(place(values, *subject.grids(), subject.truth.shape), subject.truth)


def cell_on_object(subject: Subject, row: int, column: int) -> bool:
    """Whether the centre of a cell of the generator's maps lies on the object, which must be known."""
    assert subject.truth is not None
    y, x = (round(grid.start + grid.stride * cell) for grid, cell in zip(subject.grids(), (row, column), strict=True))
    height, width = subject.truth.shape
    return 0 <= y < height and 0 <= x < width and bool(subject.truth[y, x])
