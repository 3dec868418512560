"""Colours are read off drawn faces."""

import pytest

from ugatit.data.faces import face
from ugatit.evaluation.face_reading import read_face


@pytest.mark.parametrize("style", ["toon-head", "lorelei"])
@pytest.mark.parametrize(("hair", "skin"), [("red", "light"), ("black", "dark"), ("blond", "tan")])
def test_colours_are_read_off_a_drawn_face(style: str, hair: str, skin: str) -> None:
    reading = read_face(face(style, 900_013, 128, hair=hair, skin=skin)[0], style)
    assert (reading.hair, reading.skin) == (hair, skin)
