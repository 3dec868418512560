"""Occlusion against squares drawn by hand, its progress and its agreement with a map."""

import math

import numpy as np
import pytest
import torch

from tests.tiny import pictures, tiny_model
from ugatit.errors import TranslationError
from ugatit.explain.explainer import Explainer
from ugatit.explain.occlusion import GREY, Occlusion, measure_occlusion
from ugatit.networks.geometry import Grid


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    return Explainer(tiny_model(seed=1).eval(), "square")


def last(found: list[Occlusion]) -> Occlusion:
    return found[-1]


def test_fall_is_the_verdict_less_that_of_the_covered_picture(explainer: Explainer) -> None:
    photo = pictures(1, seed=2)
    result = last(list(measure_occlusion(explainer, photo, size=8, stride=4)))
    assert result.fall.shape == (8, 8)
    verdict = float(explainer.verdict(photo))
    assert result.verdict == verdict
    # Centre 1.5 + 4 * 2 = 9.5: the eight pixels 6 to 13. The first square is cut at the edge.
    for cell, window in (((2, 3), (slice(6, 14), slice(10, 18))), ((0, 7), (slice(0, 6), slice(26, 32)))):
        covered = photo.clone()
        covered[0, :, *window] = GREY
        assert result.fall[cell] == pytest.approx(verdict - float(explainer.verdict(covered)), abs=1e-5)


@pytest.mark.parametrize("batch_size", [1, 7, 100])
def test_chunks_differ_only_in_how_often_they_tell(explainer: Explainer, batch_size: int) -> None:
    photo = pictures(1, seed=3)
    found = list(measure_occlusion(explainer, photo, size=10, stride=8, batch_size=batch_size))
    assert len(found) == math.ceil(16 / batch_size)
    assert [one.done for one in found] == [min(16, batch_size * (n + 1)) for n in range(len(found))]
    for one in found:
        assert one.total == 16
        assert np.isfinite(one.fall.ravel()[: one.done]).all()
        assert np.isnan(one.fall.ravel()[one.done :]).all()
    whole = last(list(measure_occlusion(explainer, photo, size=10, stride=8, batch_size=16)))
    np.testing.assert_allclose(last(found).fall, whole.fall, atol=1e-5)


def test_stopping_asks_the_encoder_no_more(explainer: Explainer, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = measure_occlusion(explainer, pictures(1), size=4, stride=2, batch_size=4)
    first = next(steps)
    runs: list[int] = []
    monkeypatch.setattr(Explainer, "verdict", lambda *_: runs.append(1))
    steps.close()
    assert not runs
    assert (first.done, first.finished) == (4, False)


def test_oblong_pictures_keep_their_shape_and_their_own(explainer: Explainer) -> None:
    photo = pictures(1, size=32)[:, :, :20]
    before = photo.clone()
    result = last(list(measure_occlusion(explainer, photo, size=6, stride=6)))
    assert result.fall.shape == (4, 6)
    assert result.picture_size == (20, 32)
    assert torch.equal(photo, before)


def test_grey_square_on_grey_ground_changes_nothing(explainer: Explainer) -> None:
    result = last(list(measure_occlusion(explainer, torch.full((1, 3, 32, 32), GREY))))
    np.testing.assert_allclose(result.fall, 0, atol=1e-5)


def test_agreement_is_one_with_itself_and_minus_one_with_its_opposite() -> None:
    fall = np.arange(16, dtype=np.float32).reshape(4, 4) ** 2
    grid = Grid(start=3.5, stride=8.0)
    done = Occlusion(fall, 1.0, grid, size=1, picture_size=(32, 32), done=16, total=16)
    assert done.agreement(fall, grid) == pytest.approx(1)
    assert done.agreement(-fall, grid) == pytest.approx(-1)
    assert math.isnan(done.agreement(np.ones((4, 4), np.float32), grid))


def test_agreement_with_the_attention_map_is_a_correlation(explainer: Explainer) -> None:
    photo = pictures(1, seed=4)
    result = last(list(measure_occlusion(explainer, photo)))
    attention = explainer.explain(explainer.encode(photo)).attention_map[0, 0].numpy()
    assert -1 <= result.agreement(attention, explainer.grids["generator"]) <= 1


def test_agreement_before_the_end_is_refused(explainer: Explainer) -> None:
    first = next(measure_occlusion(explainer, pictures(1), size=8, stride=8, batch_size=4))
    with pytest.raises(TranslationError, match="4 of 16 squares"):
        first.agreement(np.ones((4, 4), np.float32), Grid())


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"size": 0}, "between 1 and 32 pixels, got 0"),
        ({"size": 33}, "got 33"),
        ({"stride": 0}, "stride lies between 1 and the square's size, 5 pixels, got 0"),
        ({"size": 4, "stride": 5}, "got 5"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
    ],
)
def test_bad_values_are_named_before_anything_runs(explainer: Explainer, values: dict[str, int], says: str) -> None:
    with pytest.raises(TranslationError, match=says):
        measure_occlusion(explainer, pictures(1), **values)


@pytest.mark.parametrize("shape", [(2, 3, 32, 32), (3, 32, 32), (1, 1, 32, 32)])
def test_one_picture_is_taken_at_a_time(explainer: Explainer, shape: tuple[int, ...]) -> None:
    with pytest.raises(TranslationError, match="got the shape"):
        measure_occlusion(explainer, torch.zeros(shape))
