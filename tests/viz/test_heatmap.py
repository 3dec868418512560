import numpy as np
import pytest

from ugatit.errors import TranslationError
from ugatit.networks.geometry import Grid
from viz.heatmap import NORMALIZATIONS, normalize, place_map


def array(*rows: list[float]) -> np.ndarray:
    return np.array(rows, np.float32)


def published_cam(values: np.ndarray) -> np.ndarray:
    """The published code's `cam()`: subtract the minimum, divide by the maximum of the result."""
    above = values - values.min()
    return above / above.max()


def test_minmax_equals_the_published_scaling() -> None:
    values = np.random.default_rng(0).normal(3, 5, (7, 9)).astype(np.float32)
    np.testing.assert_allclose(normalize([values])[0], published_cam(values), atol=1e-6)


def test_shared_scale_keeps_ratios_between_maps() -> None:
    small, large = normalize([array([0, 1, 2]), array([0, 2, 4])], "shared")
    np.testing.assert_allclose(large, 2 * small)
    assert large.max() == 1


def test_without_a_shared_scale_each_map_fills_the_range() -> None:
    small, large = normalize([array([0, 1, 2]), array([0, 2, 4])], "minmax")
    np.testing.assert_array_equal(small, large)


def test_symmetric_keeps_zero_in_the_middle() -> None:
    (unit,) = normalize([array([-1, 0, 4])], "symmetric")
    np.testing.assert_allclose(unit, [[0.375, 0.5, 1]])


def test_a_sign_survives_where_symmetric_evidence_is_the_same_everywhere() -> None:
    in_favour, against = normalize([array([3, 3]), array([-3, -3])], "symmetric")
    assert in_favour.min() == 1
    assert against.max() == 0


@pytest.mark.parametrize("name", NORMALIZATIONS)
@pytest.mark.parametrize(
    "values",
    [
        np.full((3, 4), 7.0),
        np.zeros((1, 1)),
        np.full((2, 2), np.nan),
        np.array([[np.inf, -np.inf], [np.nan, 1.0]]),
        np.array([[-3e38, 3e38]]),
        np.array([[1e-45, 3e-45]]),
    ],
    ids=["flat", "one cell", "all NaN", "one finite", "wider than float32", "subnormal"],
)
def test_any_map_stays_finite_and_within_the_range(name: str, values: np.ndarray) -> None:
    (unit,) = normalize([values.astype(np.float32)], name)
    assert unit.dtype == np.float32
    assert unit.shape == values.shape
    assert np.isfinite(unit).all()
    assert unit.min() >= 0
    assert unit.max() <= 1


@pytest.mark.parametrize(("name", "expected"), [("minmax", 0), ("shared", 0), ("symmetric", 0.5)])
def test_a_map_without_variation_has_one_defined_value(name: str, expected: float) -> None:
    for values in (np.zeros((2, 3), np.float32), np.full((2, 3), np.nan, np.float32)):
        assert (normalize([values], name)[0] == expected).all()
    assert name == "symmetric" or (normalize([np.full((2, 3), 5, np.float32)], name)[0] == 0).all()


def test_values_that_are_not_finite_do_not_set_the_scale() -> None:
    (unit,) = normalize([array([np.nan, 1, 2, 3, np.inf, -np.inf])])
    np.testing.assert_allclose(unit, [[0, 0, 0.5, 1, 0, 0]])


def test_unknown_normalization_names_those_there_are() -> None:
    with pytest.raises(TranslationError, match=r"'zscore'.*minmax, shared, symmetric"):
        normalize([np.zeros((2, 2), np.float32)], "zscore")


@pytest.mark.parametrize("shape", [(0, 3), (4,), (1, 2, 2)])
def test_an_array_that_is_no_map_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        normalize([np.zeros(shape, np.float32)])


@pytest.mark.parametrize(("row", "column"), [(0, 0), (3, 5), (6, 6)])
def test_a_hot_cell_of_a_critic_peaks_at_its_true_centre(row: int, column: int) -> None:
    values = np.zeros((7, 7), np.float32)
    values[row, column] = 1
    grid = Grid(31.5, 32)
    placed = place_map(values, grid, grid, (256, 256))
    # A centre lies between two pixels, so the mass around the peak has to balance on it.
    inner = slice(32, 224)
    if 0 < row < 6:
        weight = placed.sum(axis=1)[inner]
        assert np.average(np.arange(256)[inner], weights=weight) == pytest.approx(31.5 + 32 * row)
    peak = np.argwhere(placed == placed.max())
    assert np.abs(peak - [31.5 + 32 * row, 31.5 + 32 * column]).min(axis=0).max() == 0.5


def test_a_linear_ramp_is_exact_between_centres_and_constant_beyond() -> None:
    grid = Grid(7.5, 8)
    centers = np.array(grid.centers(31))
    values = (2 * centers[:, None] - 3 * centers[None]).astype(np.float32)
    placed = place_map(values, grid, grid, (256, 256))
    at = np.arange(256).clip(centers[0], centers[-1])
    np.testing.assert_allclose(placed, 2 * at[:, None] - 3 * at[None], rtol=1e-5, atol=1e-3)


def test_rows_and_columns_have_their_own_grids() -> None:
    placed = place_map(array([0, 1], [2, 3]), Grid(0, 2), Grid(1, 4), (3, 6))
    np.testing.assert_allclose(placed[0], [0, 0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(placed[:, 0], [0, 1, 2])


def test_one_cell_covers_the_whole_picture() -> None:
    assert (place_map(array([4]), Grid(31.5, 32), Grid(31.5, 32), (5, 8)) == 4).all()


def test_a_cell_beyond_the_picture_does_not_set_the_scale() -> None:
    values = array([1, 2, 3, 100])
    placed = place_map(values, Grid(), Grid(0, 4), (1, 9))
    assert placed.max() == 3
    assert normalize([placed])[0].max() == 1


def test_a_non_finite_cell_counts_as_the_lowest_and_does_not_spread() -> None:
    broken, mended = array([5, np.nan, 7]), array([5, 5, 7])
    grid = Grid(1, 3)
    np.testing.assert_array_equal(place_map(broken, Grid(), grid, (2, 9)), place_map(mended, Grid(), grid, (2, 9)))


def test_cells_stay_where_they_are_on_a_picture_resized() -> None:
    values = np.random.default_rng(1).random((3, 3)).astype(np.float32)
    grid = Grid(15.5, 16)
    small = place_map(values, grid, grid, (64, 64))
    large = place_map(values, grid.scaled(3), grid.scaled(3), (192, 192))
    np.testing.assert_allclose(large[1::3, 1::3], small, atol=1e-6)
