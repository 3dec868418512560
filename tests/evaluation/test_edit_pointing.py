"""Pointing on edits of faces: which cells hold changed pixels, hits on neighbours, density, and what is refused."""

import numpy as np
import pytest

from tests.tiny import SIZE, tiny_model
from ugatit.data.faces import edit_mask
from ugatit.errors import TranslationError
from ugatit.evaluation.edit_pointing import (
    cells_with,
    edit_pointing_score,
    measure_edit_pointing,
    measure_edit_pointing_both_directions,
)
from ugatit.evaluation.face_pairs import face_sets
from ugatit.evaluation.pictures import face_pictures, face_seeds
from ugatit.models import UGATIT
from ugatit.models.manifest import Manifest
from ugatit.networks.geometry import Grid

GRID = Grid(1.5, 4.0)
"""Cells of 4 px side by side."""


def mask_at(*pixels: tuple[int, int]) -> np.ndarray:
    mask = np.zeros((16, 16), bool)
    for y, x in pixels:
        mask[y, x] = True
    return mask


def peak_at(row: int, column: int) -> np.ndarray:
    values = np.ones((4, 4), np.float32)
    values[row, column] = 5
    return values


def trained_on(*sources: str) -> UGATIT:
    model = tiny_model(domains=("no glasses", "glasses")).eval()
    model.manifest = Manifest("ugatit", model.config.to_dict(), {"sources": sources})
    return model


def test_a_pixel_belongs_to_the_nearest_cell() -> None:
    cells = cells_with(mask_at((3, 4), (15, 0)), GRID, (4, 4))
    assert np.argwhere(cells).tolist() == [[0, 1], [3, 0]]
    outside = cells_with(mask_at((0, 0), (15, 15)), Grid(6.0, 4.0), (2, 2))
    assert np.argwhere(outside).tolist() == [[0, 0], [1, 1]]


@pytest.mark.parametrize(("cell", "hit"), [((1, 1), True), ((2, 2), True), ((0, 0), True), ((3, 1), False)])
def test_a_neighbour_of_the_greatest_cell_counts(cell: tuple[int, int], hit: bool) -> None:
    assert edit_pointing_score(peak_at(*cell), GRID, mask_at((5, 6)))[0] is hit


def test_density_is_the_share_of_attention_over_that_of_the_area() -> None:
    flat = np.ones((4, 4), np.float32)
    mask = np.zeros((16, 16), bool)
    mask[:8] = True
    assert edit_pointing_score(flat, GRID, mask)[::2] == (False, pytest.approx(1))
    upper = np.repeat(np.array([[1.0], [1.0], [0.0], [0.0]], np.float32), 4, axis=1)
    assert edit_pointing_score(upper, GRID, mask)[2] == pytest.approx(2, abs=0.2)
    signed = np.where(upper > 0, upper, np.float32(-3))
    assert edit_pointing_score(signed, GRID, mask)[2] == pytest.approx(2, abs=0.2)


def test_every_map_is_scored_both_ways_against_the_exact_mask() -> None:
    model = trained_on("faces:lorelei,glasses=no", "faces:lorelei,glasses=yes")
    scores = measure_edit_pointing_both_directions(model, 3)
    assert set(scores) == {"no glasses to glasses", "glasses to no glasses"}
    assert set(scores["no glasses to glasses"]) == {
        f"{network}{kind}"
        for network in ("generator", "local", "global")
        for kind in ("", " gap evidence", " gmp evidence")
    }
    sets, seeds = face_sets(model), face_seeds(1)
    plain, glasses = (face_pictures(sets[domain], seeds, SIZE).images[0] for domain in model.domains)
    mask = edit_mask("lorelei", seeds[0], SIZE, before={"glasses": False}, glasses=True)
    np.testing.assert_array_equal((plain != glasses).any(dim=0).numpy(), mask)


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (("faces:toon-head", "faces:lorelei"), "two styles, toon-head and lorelei"),
        (("scenes:disc", "scenes:square"), "not trained on drawn faces"),
    ],
)
def test_pairs_without_a_known_mask_are_refused(sources: tuple[str, ...], message: str) -> None:
    with pytest.raises(TranslationError, match=message):
        measure_edit_pointing(trained_on(*sources), "no glasses", "glasses", 2)
