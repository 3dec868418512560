"""Deletion and insertion against pixels changed by hand, and against a classifier with a known region of interest."""

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.tiny import pictures
from ugatit.errors import TranslationError
from ugatit.explain.deletion_insertion import FaithfulnessCurve, faithfulness_curve, maps_to_compare
from ugatit.explain.explainer import Explainer
from ugatit.networks.geometry import Grid

PIXELS = Grid()


class TopLeftExplainer:
    """A stand-in for `Explainer` whose verdict is the brightness of the top left quarter."""

    def verdict(self, photos: Tensor) -> Tensor:
        return photos[:, :, :16, :16].mean(dim=(1, 2, 3))


def test_curves_start_and_end_at_the_picture_and_at_grey(explainer: Explainer) -> None:
    photo = pictures(1, seed=2)
    maps = maps_to_compare(explainer.explain(explainer.encode(photo)))
    original, grey = (float(explainer.verdict(x)) for x in (photo, torch.zeros_like(photo)))
    assert set(maps) == {"attention", "gap evidence", "gmp evidence", "chance"}
    for values in maps.values():
        curve = faithfulness_curve(explainer, photo, values, explainer.grids["generator"], steps=5)
        np.testing.assert_allclose(curve.shares, np.linspace(0, 1, 6), atol=1e-3)
        assert curve.deletion[[0, -1]] == pytest.approx([original, grey], abs=1e-5)
        assert curve.insertion[[0, -1]] == pytest.approx([grey, original], abs=1e-5)


def test_halfway_the_higher_half_is_deleted_or_inserted(explainer: Explainer) -> None:
    photo = pictures(1, seed=3)
    left = np.zeros((32, 32), np.float32)
    left[:, :16] = 1
    curve = faithfulness_curve(explainer, photo, left, PIXELS, steps=2, batch_size=2)
    without, alone = photo.clone(), photo.clone()
    without[..., :16] = 0
    alone[..., 16:] = 0
    assert curve.deletion[1] == pytest.approx(float(explainer.verdict(without)), abs=1e-5)
    assert curve.insertion[1] == pytest.approx(float(explainer.verdict(alone)), abs=1e-5)


def test_map_of_the_true_region_beats_chance_and_its_opposite() -> None:
    photo, region = torch.ones(1, 3, 32, 32), np.zeros((32, 32), np.float32)
    region[:16, :16] = 1
    chance = np.random.default_rng(0).random((32, 32), np.float32)
    true, random, opposite = (
        faithfulness_curve(TopLeftExplainer(), photo, values, PIXELS)  # type: ignore[arg-type]
        for values in (region, chance, -region)
    )
    assert true.deletion_area < random.deletion_area < opposite.deletion_area
    assert true.insertion_area > random.insertion_area > opposite.insertion_area
    # The verdict falls to 0 within a quarter of the pixels: a triangle of base 1/4.
    assert true.deletion_area == pytest.approx(1 / 8, abs=1e-3)
    assert true.insertion_area == pytest.approx(7 / 8, abs=1e-3)


def test_area_is_the_area_under_the_curve() -> None:
    line = np.array([0, 0.5, 1], np.float32)
    curve = FaithfulnessCurve(line, 1 - line, np.full(3, 2, np.float32))
    assert (curve.deletion_area, curve.insertion_area) == (0.5, 2.0)


def test_chance_is_the_same_for_the_same_seed(explainer: Explainer) -> None:
    explanation = explainer.explain(explainer.encode(pictures(1)))
    first, again, other = (maps_to_compare(explanation, seed)["chance"] for seed in (1, 1, 2))
    assert first.shape == explanation.attention_map.shape[2:]
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"picture": torch.zeros(2, 3, 32, 32)}, r"got the shape \(2, 3, 32, 32\)"),
        ({"values": np.zeros(4, np.float32)}, r"got the shape \(4,\)"),
        ({"values": np.full((4, 4), np.nan, np.float32)}, "NaN"),
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
    ],
)
def test_invalid_values_are_reported(explainer: Explainer, changes: dict[str, object], message: str) -> None:
    values = {"picture": pictures(1), "values": np.zeros((8, 8), np.float32), "grid": PIXELS, **changes}
    with pytest.raises(TranslationError, match=message):
        faithfulness_curve(explainer, **values)
