"""Attributes read off drawn faces: by colour, and by the bundled classifiers."""

from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from ugatit.data.face_set import FaceSet
from ugatit.data.faces import face, face_attributes
from ugatit.errors import WeightsError
from ugatit.evaluation.face_pairs import READ
from ugatit.evaluation.face_reading import READERS, face_reader, read_face
from ugatit.evaluation.pictures import face_pictures

BUNDLED_STYLES = ("lorelei", "toon-head")
UNSEEN = range(910_000, 910_200)


@pytest.mark.parametrize("style", BUNDLED_STYLES)
def test_attributes_of_200_unseen_faces_are_read_right(style: str) -> None:
    readings = face_reader(style).read(face_pictures(FaceSet.parse(f"faces:{style}"), UNSEEN, 128).images)
    attributes = [face_attributes(style, seed) for seed in UNSEEN]
    for name in READ:
        truths = [getattr(each, name) for each in attributes]
        if truths[0] is None:
            assert {getattr(reading, name) for reading in readings} == {None}
            continue
        right = sum(getattr(reading, name) == truth for reading, truth in zip(readings, truths, strict=True))
        assert right >= 0.97 * len(truths), name


@pytest.mark.parametrize("size", [64, 256])
def test_one_picture_of_any_size_is_read(size: int) -> None:
    picture, attributes = face("lorelei", 900_007, size, glasses=False)
    reading = read_face(picture, "lorelei")
    assert (reading.hair, reading.skin, reading.glasses) == (attributes.hair, attributes.skin, False)


def test_a_style_without_classifiers_is_read_by_colour_alone() -> None:
    picture, attributes = face("micah", 3, 128)
    reading = read_face(picture, "micah")
    assert (reading.hair, reading.skin, reading.glasses, reading.smile) == (
        attributes.hair,
        attributes.skin,
        None,
        None,
    )


@pytest.mark.parametrize("style", BUNDLED_STYLES)
def test_classifiers_stay_small(style: str) -> None:
    assert (READERS / f"{style}.safetensors").stat().st_size < 500_000 * len(face_reader(style).classifiers)


def test_damaged_classifiers_are_named(tmp_path: Path) -> None:
    damaged = tmp_path / "lorelei.safetensors"
    state = load_file(READERS / "lorelei.safetensors")
    damaged.write_bytes(b"not at all")
    with pytest.raises(WeightsError, match=r"lorelei\.safetensors is damaged"):
        face_reader("lorelei", tmp_path)
    save_file(state, damaged)  # without metadata
    with pytest.raises(WeightsError, match="is damaged"):
        face_reader("lorelei", tmp_path)
    state = {name: values for name, values in state.items() if name != "smile.0.weight"}
    save_file(state, damaged, metadata={"classifiers": '{"smile": {"box": [0, 0, 1, 1], "trained_on": 9}}'})
    with pytest.raises(WeightsError, match="is damaged"):
        face_reader("lorelei", tmp_path)


@pytest.mark.parametrize("style", BUNDLED_STYLES)
@pytest.mark.parametrize(("hair", "skin"), [("red", "light"), ("black", "dark"), ("blond", "tan")])
def test_colours_are_read_off_a_drawn_face(style: str, hair: str, skin: str) -> None:
    reading = read_face(face(style, 900_013, 128, hair=hair, skin=skin)[0], style)
    assert (reading.hair, reading.skin) == (hair, skin)
