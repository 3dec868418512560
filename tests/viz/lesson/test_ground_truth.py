"""The object that is known: where it is on the picture as the networks see it."""

import numpy as np
import pytest

from tests.tiny import SIZE
from tests.viz.lesson.known import subject
from ugatit.data.scenes import scene
from viz.i18n import LANGUAGES
from viz.lesson.ground_truth import cell_on_object, outlined, points
from viz.lesson.shared import input_panel


@pytest.mark.parametrize("width", [SIZE, SIZE + 6, 2 * SIZE])
def test_a_map_of_the_object_itself_points_at_it(width: int) -> None:
    asked = subject(3, width)
    rows, columns = asked.explained.attention_map.shape[2:]
    values = np.array([[cell_on_object(asked, row, column) for column in range(columns)] for row in range(rows)])
    hit, overlap = points(asked, values.astype(np.float32))
    assert hit
    assert overlap > 0.6
    assert not points(asked, -values.astype(np.float32))[0]


def test_the_truth_is_stretched_with_the_picture() -> None:
    _, mask = scene("disc", 3, SIZE)
    assert subject(3).truth is not None
    assert np.array_equal(subject(3).truth, mask)
    wide = subject(3, 2 * SIZE).truth
    assert wide is not None
    assert np.array_equal(wide, mask.repeat(2, axis=1))


def test_a_cell_that_lies_on_padding_is_not_on_the_object() -> None:
    asked = subject(0, SIZE + 6)
    asked.truth = np.ones((SIZE, SIZE + 6), bool)
    # One pixel of padding on the left; the first cell's centre is the canvas's first pixel.
    assert asked.fitted.box[0] == 1
    columns = range(asked.explained.attention_map.shape[3])
    assert [cell_on_object(asked, 0, column) for column in columns] == [column > 0 for column in columns]


def test_an_outline_is_drawn_where_the_object_is_known_alone() -> None:
    words = LANGUAGES["en"]
    for known in (True, False):
        asked = subject(known=known)
        panel = input_panel(asked, words)
        assert (outlined(panel, asked).picture.tobytes() != panel.picture.tobytes()) == known
