"""Drawn faces: the same bytes for a seed, attributes that mean what they say, exact masks of edits and parts."""

import hashlib
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ugatit.data.faces import (
    HAIR,
    SKIN,
    STYLES,
    FaceAttributes,
    attribute_names,
    edit_mask,
    face,
    face_attributes,
    part_masks,
)
from ugatit.errors import DataError

HASHES = json.loads(Path(__file__).with_name("face_hashes.json").read_text(encoding="utf-8"))
"""By style: SHA-256 of the pixels of ten faces at 64 px, seeds 0 to 9."""


def digest(style: str) -> str:
    pixels = b"".join(face(style, seed, 64)[0].tobytes() for seed in range(10))
    return hashlib.sha256(pixels).hexdigest()


@pytest.mark.parametrize("style", STYLES)
def test_ten_faces_are_the_same_bytes_everywhere(style: str) -> None:
    assert digest(style) == HASHES[style]


@pytest.mark.parametrize("style", STYLES)
def test_art_is_under_the_licence_and_by_the_artist_that_are_named(style: str) -> None:
    definition = next((root for root in _definitions() if root.name == f"{style}.json"), None)
    assert definition is not None
    meta = json.loads(definition.read_text(encoding="utf-8"))["meta"]
    shape = STYLES[style]
    assert meta["license"]["name"].replace(" ", "-") == shape.licence
    assert (meta["creator"]["name"], meta["source"]["url"]) == (shape.artist, shape.source)


def _definitions() -> list[Any]:
    found, folders = [], [files("dicebear_styles")]
    while folders:
        for entry in folders.pop().iterdir():
            if entry.is_dir():
                folders.append(entry)
            else:
                found.append(entry)
    return found


@pytest.mark.parametrize("style", STYLES)
def test_attributes_come_of_the_seed_and_named_ones_are_kept(style: str) -> None:
    drawn = [face_attributes(style, seed) for seed in range(60)]
    assert {one.hair for one in drawn} == set(HAIR)
    assert {one.skin for one in drawn} == set(SKIN)
    assert not any(one.beard or one.freckles or one.earrings or one.hair_accessories or one.lines for one in drawn)
    available = attribute_names(style)
    assert all((getattr(drawn[0], name) is None) == (name not in available) for name in ("glasses", "smile", "beard"))
    named = face_attributes(style, 7, hair="red", skin="dark")
    assert (named.hair, named.skin) == ("red", "dark")
    if "beard" in available:
        assert {face_attributes(style, seed, beard="any").beard for seed in range(30)} == {True, False}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["glasses", "beard", "freckles", "earrings", "hair_accessories"])
def test_what_is_put_on_covers_a_part_and_can_be_taken_off(style: str, name: str) -> None:
    if name not in attribute_names(style):
        with pytest.raises(DataError, match=f"{style} faces have no attribute '{name}'; they have: hair, skin"):
            face(style, 1, 32, **{name: True})
        return
    masks = [edit_mask(style, seed, 96, before={name: False}, **{name: True}) for seed in range(3)]
    assert any(mask.any() for mask in masks)
    assert all(mask.mean() < 0.2 for mask in masks)


@pytest.mark.parametrize("style", ["lorelei", "voxel-art", "micah"])
def test_mask_is_where_two_faces_differ(style: str) -> None:
    without, with_glasses = (face(style, 11, 96, glasses=glasses)[0] for glasses in (False, True))
    expected = (np.asarray(without) != np.asarray(with_glasses)).any(axis=2)
    assert (edit_mask(style, 11, 96, before={"glasses": False}, glasses=True) == expected).all()
    assert expected.any()
    own = face(style, 11, 96)[1]
    changed = edit_mask(style, 11, 96, glasses=not own.glasses)
    assert (changed == expected).all()


@pytest.mark.parametrize("style", STYLES)
def test_parts_are_there_and_lie_where_they_belong(style: str) -> None:
    masks = part_masks(style, 3, 128)
    assert {"eyes", "mouth", "hair", "skin"} <= set(masks)
    rows = {name: np.nonzero(mask)[0].mean() for name, mask in masks.items()}
    assert rows["eyes"] < rows["mouth"]
    assert "glasses" not in masks or face(style, 3, 32)[1].glasses
    assert masks["skin"].mean() > masks["mouth"].mean()
    if "clothes" in masks:
        assert rows["clothes"] > rows["mouth"]


def test_glasses_are_a_part_where_they_are_worn() -> None:
    masks = part_masks("lorelei", 7, 128, glasses=True)
    assert (masks["glasses"] == edit_mask("lorelei", 7, 128, before={"glasses": True}, glasses=False)).all()


def test_expression_and_smile_agree() -> None:
    for seed in range(40):
        attributes = face_attributes("micah", seed)
        assert attributes.smile == (attributes.expression in ("laughing", "smile", "smirk"))
        assert face_attributes("micah", seed, smile=True).expression in ("laughing", "smile", "smirk")
    assert face("micah", 1, 32, expression="sad")[1].smile is False
    with pytest.raises(DataError, match="The expression sad is no smile"):
        face("micah", 1, 32, expression="sad", smile=True)


def test_lines_of_a_face_are_ink_on_white() -> None:
    lines, color = (face("adventurer", 5, 128, lines=value, glasses=False)[0] for value in (True, False))
    pixels = np.asarray(lines).astype(int)
    assert (np.ptp(pixels, axis=2) <= 2).all(), "gray alone"
    ink = pixels.max(axis=2) < 60
    assert 0.01 < ink.mean() < 0.4
    assert (np.asarray(color)[ink].max(axis=-1) < 90).mean() > 0.95, "the ink lies on the same pixels"


@pytest.mark.parametrize(
    ("style", "named", "message"),
    [
        ("bottts", {}, "There is no style of faces 'bottts'; there are: lorelei, voxel-art"),
        (
            "lorelei",
            {"hair": "green"},
            "hair of lorelei faces can be: black, .*grey, any; got 'green'",
        ),
        ("lorelei", {"glasses": "variant09"}, "glasses of lorelei faces can be: yes, no, variant01, .*got 'variant09'"),
        ("lorelei", {"glasses": 1}, "can be: yes, no"),
        ("toon-head", {"hat": True}, "toon-head faces have no attribute 'hat'; they have: hair, skin, smile, beard"),
        ("adventurer", {"beard": True, "freckles": True}, "a beard or freckles, not both"),
    ],
)
def test_wrong_attribute_lists_what_there_is(style: str, named: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        face(style, 1, 64, **named)


@pytest.mark.parametrize(("seed", "size"), [(-1, 64), (1, 15), (1, 5000)])
def test_seed_and_size_out_of_range_are_refused(seed: int, size: int) -> None:
    with pytest.raises(DataError, match=r"got (-1|15|5000)"):
        face("lorelei", seed, size)


def test_missing_library_is_named_where_a_face_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dicebear", None)
    with pytest.raises(DataError, match="pip install dicebear-core dicebear-styles resvg_py"):
        face("lorelei", 1, 64)


def test_attributes_are_frozen() -> None:
    attributes = face("lorelei", 1, 32)[1]
    assert isinstance(attributes, FaceAttributes)
    with pytest.raises(AttributeError):
        attributes.hair = "red"  # type: ignore[misc]
