"""The object whose position is known from the scene: drawn as an outline and compared with the maps."""

from dataclasses import replace

from ugatit.evaluation.pointing import pointing_score
from ugatit.images.placement import place_map
from viz.lesson.subject import Map, Subject
from viz.lesson.view import Panel
from viz.overlay import outline


def outline_object(panel: Panel, subject: Subject) -> Panel:
    """Return the panel with the object's outline drawn on it; unchanged if the object is unknown.

    panel: the subject's picture, or a map over it.
    """
    return panel if subject.truth is None else replace(panel, picture=outline(panel.picture, subject.truth))


def pointing_result(subject: Subject, values: Map) -> tuple[bool, float]:
    """Return whether a generator map's maximum is on the object, and the IoU of as many top pixels with the object.

    values: (h, w), raw. The subject's truth must be known.
    """
    assert subject.truth is not None
    return pointing_score(place_map(values, *subject.grids(), subject.truth.shape), subject.truth)


def cell_on_object(subject: Subject, row: int, column: int) -> bool:
    """Return whether the centre of a cell of the generator's maps is on the object, which must be known."""
    assert subject.truth is not None
    y, x = (round(grid.start + grid.stride * cell) for grid, cell in zip(subject.grids(), (row, column), strict=True))
    height, width = subject.truth.shape
    return 0 <= y < height and 0 <= x < width and bool(subject.truth[y, x])
