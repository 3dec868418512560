"""The known object: its position on the picture as the networks see it."""

import numpy as np
import pytest

from tests.tiny import SIZE
from tests.viz.lesson.subjects import make_subject
from ugatit.data.scenes import scene
from viz.i18n import LANGUAGES
from viz.lesson.ground_truth import cell_on_object, outline_object, pointing_result
from viz.lesson.shared import input_panel


@pytest.mark.parametrize("width", [SIZE, SIZE + 6, 2 * SIZE])
def test_a_map_of_the_object_itself_points_at_it(width: int) -> None:
    subject = make_subject(3, width)
    rows, columns = subject.explanation.attention_map.shape[2:]
    values = np.array([[cell_on_object(subject, row, column) for column in range(columns)] for row in range(rows)])
    hit, overlap = pointing_result(subject, values.astype(np.float32))
    assert hit
    assert overlap > 0.6
    assert not pointing_result(subject, -values.astype(np.float32))[0]


def test_the_truth_is_stretched_with_the_picture() -> None:
    _, mask = scene("disc", 3, SIZE)
    assert make_subject(3).truth is not None
    assert np.array_equal(make_subject(3).truth, mask)
    wide = make_subject(3, 2 * SIZE).truth
    assert wide is not None
    assert np.array_equal(wide, mask.repeat(2, axis=1))


def test_a_cell_that_lies_on_padding_is_not_on_the_object() -> None:
    subject = make_subject(0, SIZE + 6)
    subject.truth = np.ones((SIZE, SIZE + 6), bool)
    # One pixel of padding on the left; the first cell's centre is the canvas's first pixel.
    assert subject.fitted.box[0] == 1
    columns = range(subject.explanation.attention_map.shape[3])
    assert [cell_on_object(subject, 0, column) for column in columns] == [column > 0 for column in columns]


def test_an_outline_is_drawn_only_if_the_object_is_known() -> None:
    words = LANGUAGES["en"]
    for known in (True, False):
        subject = make_subject(known=known)
        panel = input_panel(subject, words)
        assert (outline_object(panel, subject).picture.tobytes() != panel.picture.tobytes()) == known
