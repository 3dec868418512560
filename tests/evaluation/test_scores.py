"""Scores and their uncertainty: means as they are, a standard error that is right, the same for the same seed."""

import math

import pytest
import torch

from ugatit.evaluation.scores import RESAMPLES, Sample, means, resample_counts, spread


def test_plus_minus_is_the_standard_error_of_a_mean() -> None:
    values = torch.randn(400, generator=torch.Generator().manual_seed(0))
    score = Sample(values).score()
    assert (score.value, score.count) == (pytest.approx(float(values.mean()), abs=1e-6), 400)
    assert score.plus_minus == pytest.approx(float(values.std()) / 20, rel=0.1)


def test_the_seed_alone_determines_plus_minus() -> None:
    sample = Sample(torch.arange(20.0))
    torch.manual_seed(1)
    first = sample.score(3)
    torch.manual_seed(2)
    assert sample.score(3) == first
    assert sample.score(4).plus_minus != first.plus_minus


def test_pictures_without_a_value_are_left_out() -> None:
    score = Sample(torch.tensor([1.0, math.nan, 3.0])).score()
    assert (score.value, score.count) == (2, 2)
    assert math.isnan(Sample(torch.full((3,), math.nan)).mean())


def test_ratio_is_of_the_sums_and_not_the_mean_of_ratios() -> None:
    sample = Sample(torch.tensor([1.0, 0.0]), torch.tensor([1.0, 3.0]))
    assert sample.mean() == 0.25
    assert Sample(torch.zeros(2), torch.zeros(2)).mean() == 0
    assert means({"a": sample}) == {"a": 0.25}


def test_share_has_the_standard_error_of_a_share() -> None:
    score = Sample.of_share(0.2, 100).score()
    assert (score.value, score.count) == (pytest.approx(0.2), 100)
    assert score.plus_minus == pytest.approx(0.04, rel=0.1)


@pytest.mark.parametrize("values", [torch.ones(1), torch.tensor([math.inf, 1.0, 2.0])])
def test_uncertainty_that_cannot_be_estimated_is_none(values: torch.Tensor) -> None:
    assert Sample(values).score().plus_minus is None


def test_each_resample_has_as_many_pictures() -> None:
    counts = resample_counts(7, 0)
    assert counts.shape == (RESAMPLES, 7)
    assert counts.sum(dim=1).unique().tolist() == [7]


def test_few_resamples_without_a_result_are_passed_over() -> None:
    results = torch.arange(100.0)
    expected = results[1:].std()
    results[0] = math.nan
    assert spread(results) == pytest.approx(float(expected))
    assert spread(torch.full((10,), math.nan)) is None
