"""Occlusion against squares covered by hand, its progress and its agreement with a map."""

import math

import numpy as np
import pytest
import torch

from tests.tiny import pictures
from ugatit.errors import TranslationError
from ugatit.explain.explainer import Explainer
from ugatit.explain.occlusion import GREY, Occlusion, measure_occlusion
from ugatit.networks.geometry import Grid


def occlusion(explainer: Explainer, photo: torch.Tensor, **options: int) -> Occlusion:
    """The complete result."""
    return list(measure_occlusion(explainer, photo, **options))[-1]


def test_fall_is_the_verdict_minus_that_of_the_covered_picture(explainer: Explainer) -> None:
    photo = pictures(1, seed=2)
    result = occlusion(explainer, photo, size=8, stride=4)
    assert result.fall.shape == (8, 8)
    verdict = float(explainer.verdict(photo))
    assert result.verdict == verdict
    # Centre 1.5 + 4 * 2 = 9.5: the eight pixels 6 to 13. The first square is cut at the edge.
    for cell, window in (((2, 3), (slice(6, 14), slice(10, 18))), ((0, 7), (slice(0, 6), slice(26, 32)))):
        covered = photo.clone()
        covered[0, :, *window] = GREY
        assert result.fall[cell] == pytest.approx(verdict - float(explainer.verdict(covered)), abs=1e-5)


@pytest.mark.parametrize("batch_size", [1, 7, 100])
def test_batch_size_changes_only_how_often_results_are_yielded(explainer: Explainer, batch_size: int) -> None:
    photo = pictures(1, seed=3)
    results = list(measure_occlusion(explainer, photo, size=10, stride=8, batch_size=batch_size))
    assert [result.done for result in results] == [
        min(16, batch_size * (n + 1)) for n in range(math.ceil(16 / batch_size))
    ]
    for result in results:
        assert result.total == 16
        assert np.isfinite(result.fall.ravel()[: result.done]).all()
        assert np.isnan(result.fall.ravel()[result.done :]).all()
    np.testing.assert_allclose(results[-1].fall, occlusion(explainer, photo, size=10, stride=8).fall, atol=1e-5)


def test_closing_the_iterator_stops_the_encoder(explainer: Explainer, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = measure_occlusion(explainer, pictures(1), size=4, stride=2, batch_size=4)
    first = next(steps)
    runs: list[int] = []
    monkeypatch.setattr(Explainer, "verdict", lambda *_: runs.append(1))
    steps.close()
    assert not runs
    assert (first.done, first.finished) == (4, False)


def test_oblong_pictures_keep_their_shape_and_are_not_modified(explainer: Explainer) -> None:
    photo = pictures(1, size=32)[:, :, :20]
    before = photo.clone()
    result = occlusion(explainer, photo, size=6, stride=6)
    assert result.fall.shape == (4, 6)
    assert result.picture_size == (20, 32)
    assert torch.equal(photo, before)


def test_grey_square_on_a_grey_picture_changes_nothing(explainer: Explainer) -> None:
    result = occlusion(explainer, torch.full((1, 3, 32, 32), GREY))
    np.testing.assert_allclose(result.fall, 0, atol=1e-5)


def test_agreement_is_one_with_itself_and_minus_one_with_its_opposite() -> None:
    fall = np.arange(16, dtype=np.float32).reshape(4, 4) ** 2
    grid = Grid(start=3.5, stride=8.0)
    complete = Occlusion(fall, 1.0, grid, size=1, picture_size=(32, 32), done=16, total=16)
    assert complete.agreement(fall, grid) == pytest.approx(1)
    assert complete.agreement(-fall, grid) == pytest.approx(-1)
    assert math.isnan(complete.agreement(np.ones((4, 4), np.float32), grid))


def test_agreement_with_the_attention_map_is_a_correlation(explainer: Explainer) -> None:
    photo = pictures(1, seed=4)
    result = occlusion(explainer, photo)
    attention = explainer.explain(explainer.encode(photo)).attention_map[0, 0].numpy()
    assert -1 <= result.agreement(attention, explainer.grids["generator"]) <= 1


def test_agreement_of_an_incomplete_result_is_refused(explainer: Explainer) -> None:
    first = next(measure_occlusion(explainer, pictures(1), size=8, stride=8, batch_size=4))
    with pytest.raises(TranslationError, match="4 of 16 squares"):
        first.agreement(np.ones((4, 4), np.float32), Grid())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"size": 0}, "between 1 and 32 pixels, got 0"),
        ({"size": 33}, "got 33"),
        ({"stride": 0}, "stride lies between 1 and the square's size, 5 pixels, got 0"),
        ({"size": 4, "stride": 5}, "got 5"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
    ],
)
def test_invalid_values_are_reported_before_anything_runs(
    explainer: Explainer, values: dict[str, int], message: str
) -> None:
    with pytest.raises(TranslationError, match=message):
        measure_occlusion(explainer, pictures(1), **values)


@pytest.mark.parametrize("shape", [(2, 3, 32, 32), (3, 32, 32), (1, 1, 32, 32)])
def test_anything_but_one_rgb_picture_is_refused(explainer: Explainer, shape: tuple[int, ...]) -> None:
    with pytest.raises(TranslationError, match="got the shape"):
        measure_occlusion(explainer, torch.zeros(shape))
