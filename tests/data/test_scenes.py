"""Drawn scenes: reproducible, and different in one object only."""

import numpy as np
import pytest

from ugatit.data.scenes import scene
from ugatit.errors import DataError


@pytest.mark.parametrize("kind", ["disc", "square"])
def test_same_seed_draws_the_same_scene(kind: str) -> None:
    first, again = scene(kind, 7), scene(kind, 7)
    assert first[0].tobytes() == again[0].tobytes()
    assert np.array_equal(first[1], again[1])
    assert first[0].tobytes() != scene(kind, 8)[0].tobytes()


@pytest.mark.parametrize("size", [8, 33, 64, 200])
def test_picture_and_mask_have_the_given_size(size: int) -> None:
    picture, mask = scene("disc", 1, size)
    assert (picture.mode, picture.size) == ("RGB", (size, size))
    assert (mask.dtype, mask.shape) == (np.bool_, (size, size))


@pytest.mark.parametrize("seed", range(20))
def test_scenes_of_one_seed_differ_in_the_object_only(seed: int) -> None:
    (disc, disc_mask), (square, square_mask) = scene("disc", seed), scene("square", seed)
    differing = np.any(np.asarray(disc) != np.asarray(square), axis=2)
    # Edges are antialiased over one pixel: a pixel beside the mask may be tinted.
    grown = disc_mask | square_mask
    for axis in (0, 1):
        grown |= np.roll(grown, 1, axis) | np.roll(grown, -1, axis)
    assert differing.any()
    assert not (differing & ~grown).any()


@pytest.mark.parametrize("seed", range(20))
def test_object_lies_inside_the_picture_and_both_kinds_have_its_area(seed: int) -> None:
    areas = []
    for kind in ("disc", "square"):
        mask = scene(kind, seed, 128)[1]
        edges = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
        assert not edges.any()
        areas.append(mask.mean())
    assert 0.05 < areas[0] < 0.24
    assert areas[1] == pytest.approx(areas[0], rel=0.08)


@pytest.mark.parametrize(
    ("kind", "seed", "size", "message"),
    [
        ("cube", 0, 64, "no scenes of 'cube'; there are: disc, square"),
        ("disc", -1, 64, "got seed -1"),
        ("disc", 0, 7, "size 7"),
    ],
)
def test_scene_that_cannot_be_drawn_is_refused(kind: str, seed: int, size: int, message: str) -> None:
    with pytest.raises(DataError, match=message):
        scene(kind, seed, size)
