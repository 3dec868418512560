"""Attention by part: hand-derived ratios."""

import numpy as np
import pytest

from ugatit.evaluation.parts import part_densities


def masks(**pixels: list[tuple[int, int]]) -> dict[str, np.ndarray]:
    found = {}
    for name, places in pixels.items():
        found[name] = np.zeros((2, 2), bool)
        for place in places:
            found[name][place] = True
    return found


def test_densities_are_means_over_the_mean_of_the_picture_in_falling_order() -> None:
    placed = np.array([[1, 3], [0, 4]], np.float32)
    given = masks(hair=[(0, 0)], eyes=[(0, 1), (1, 1)], mouth=[(1, 0), (0, 0)])
    densities = part_densities(placed, given)
    assert densities == {"eyes": 1.75, "hair": 0.5, "mouth": 0.25}
    assert list(densities) == ["eyes", "hair", "mouth"]


def test_a_flat_map_has_density_one_everywhere() -> None:
    assert part_densities(np.full((2, 2), 0.3, np.float32), masks(hair=[(0, 0)]))["hair"] == pytest.approx(1)


def test_a_part_without_pixels_is_left_out() -> None:
    assert part_densities(np.ones((2, 2), np.float32), masks(hair=[], eyes=[(0, 0)])) == {"eyes": 1}


def test_a_map_without_attention_has_no_densities() -> None:
    assert part_densities(np.zeros((2, 2), np.float32), masks(eyes=[(0, 0)])) == {}


def test_a_mask_of_another_size_is_named() -> None:
    with pytest.raises(ValueError, match="eyes"):
        part_densities(np.ones((3, 3), np.float32), masks(eyes=[(0, 0)]))
