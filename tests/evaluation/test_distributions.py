"""KID, FID and IS against plain writings of their formulas on the same features."""

import numpy as np
import pytest
import torch
from torch import Tensor

from ugatit.evaluation import distributions
from ugatit.evaluation.distributions import fid, frechet_distance, inception_score, kid, kid_mean_of_both_sides
from ugatit.evaluation.features import Features


def features(count: int, seed: int, shift: float = 0.0, width: int = 6) -> Tensor:
    """Correlated features of different variances."""
    random = torch.Generator().manual_seed(seed)
    mixing = torch.randn(width, width, generator=torch.Generator().manual_seed(99))
    return torch.randn(count, width, generator=random) @ mixing + shift


def plain_kid(first: Tensor, second: Tensor) -> float:
    """Equation 4 of Bińkowski et al. 2018, pair by pair."""
    x, y = first.double().numpy(), second.double().numpy()
    kernel = lambda a, b: (a @ b / len(a) + 1) ** 3  # noqa: E731
    within = [np.mean([kernel(s[i], s[j]) for i in range(len(s)) for j in range(len(s)) if i != j]) for s in (x, y)]
    return float(sum(within) - 2 * np.mean([kernel(a, b) for a in x for b in y]))


def plain_fid(first: Tensor, second: Tensor) -> float:
    """The formula of Heusel et al. 2017; the trace of the root from symmetric eigenvalues."""
    x, y = first.double().numpy(), second.double().numpy()
    one, other = (np.cov(s, rowvar=False) for s in (x, y))
    values, vectors = np.linalg.eigh(one)
    root = vectors * np.sqrt(values.clip(min=0)) @ vectors.T
    trace = np.sqrt(np.linalg.eigvalsh(root @ other @ root).clip(min=0)).sum()
    return float(((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(one) + np.trace(other) - 2 * trace)


def test_kid_is_the_unbiased_estimate_of_the_formula() -> None:
    first, second = features(14, 1), features(14, 2, 0.5)
    score = kid(first, second)
    assert score.value == pytest.approx(plain_kid(first, second), rel=1e-9)
    assert (score.details["subset_size"], score.details["subsets"]) == (14, 1)
    assert (score.details["translations"], score.details["targets"]) == (14, 14)


def test_kid_of_sets_of_two_sizes_is_the_mean_over_subsets_of_the_smaller_size() -> None:
    first, second = features(10, 1), features(16, 2, 0.5)
    score = kid(first, second)
    assert (score.count, score.details["subset_size"], score.details["subsets"]) == (10, 10, 100)
    assert score.value == pytest.approx(plain_kid(first, second), abs=score.plus_minus)


def test_subsets_have_at_most_the_usual_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributions, "SUBSET_SIZE", 8)
    assert kid(features(12, 1), features(12, 2)).details["subset_size"] == 8


def test_sets_of_one_distribution_have_a_kid_around_zero_within_its_uncertainty() -> None:
    score = kid(features(300, 1), features(300, 2))
    assert score.plus_minus is not None
    assert abs(score.value) < 3 * score.plus_minus
    shifted = kid(features(300, 1), features(300, 2, 2.0))
    assert shifted.value > 10 * score.plus_minus


def test_plus_minus_of_kid_is_that_of_repeated_draws() -> None:
    scores = [kid(features(40, seed), features(40, 100 + seed, 1.0)) for seed in range(30)]
    spread = np.std([score.value for score in scores])
    assert np.mean([score.plus_minus for score in scores]) == pytest.approx(spread, rel=0.5)


def test_both_kids_are_named_apart() -> None:
    translations, targets, inputs = features(12, 1, 0.3), features(12, 2, 1.0), features(12, 3)
    score = kid_mean_of_both_sides(translations, targets, inputs)
    assert score.details["kid_to_targets"] == kid(translations, targets).value
    assert score.details["kid_to_inputs"] == kid(translations, inputs).value
    assert score.value == pytest.approx((plain_kid(translations, targets) + plain_kid(translations, inputs)) / 2)


def test_fid_is_that_of_the_formula() -> None:
    first, second = features(50, 1), features(40, 2, 0.5)
    score = fid(first, second)
    assert score.value == pytest.approx(plain_fid(first, second), rel=1e-6)
    assert score.plus_minus is not None
    assert (score.count, score.details["resamples"]) == (40, distributions.FID_RESAMPLES)


@pytest.mark.parametrize(("count", "width"), [(50, 6), (8, 20)])
def test_resampled_fid_is_the_same_distance(count: int, width: int) -> None:
    first, second = features(count, 1, 0, width).double(), features(count + 3, 2, 0.5, width).double()
    assert float(frechet_distance(first, second)) == pytest.approx(plain_fid(first, second), rel=1e-6)


def test_equal_sets_have_no_distance() -> None:
    one = features(200, 1) / 20
    assert fid(one, one).value == pytest.approx(0, abs=1e-6)
    # The cross term has each picture with itself, which the unbiased terms leave out: slightly below zero.
    assert -1e-3 < kid(one, one).value <= 0


def test_inception_score_is_that_of_the_formula() -> None:
    logits = 2 * features(40, 1)
    shares = logits.double().softmax(dim=1).numpy()
    divergences = (shares * np.log(shares / shares.mean(axis=0))).sum(axis=1)
    score = inception_score(logits)
    assert score.value == pytest.approx(float(np.exp(divergences.mean())), rel=1e-6)
    assert score.details == {"classes": 6, "splits": 1}


def test_inception_score_is_the_number_of_classes_where_each_is_sure_and_one_where_all_are_alike() -> None:
    assert inception_score(100 * torch.eye(4).repeat(5, 1)).value == pytest.approx(4)
    assert inception_score(torch.eye(4)[:1].repeat(5, 1)).value == pytest.approx(1)


def test_the_seed_alone_determines_scores() -> None:
    first, second, torch_state = features(10, 1), features(14, 2), torch.get_rng_state()
    scores = [(kid(first, second, 5), fid(first, second, 5), inception_score(first, 5)) for _ in range(2)]
    assert scores[0] == scores[1]
    assert scores[0][0].value != kid(first, second, 6).value
    assert torch.equal(torch.get_rng_state(), torch_state)


def test_one_picture_has_no_distance_but_a_reason() -> None:
    one, many = (Features(each, each) for each in (features(1, 1), features(5, 2)))
    scores, refused = distributions.distribution_scores(one, many, one, ("kid", "fid", "is"))
    assert set(scores) == {"is"}
    assert set(refused) == {"kid", "fid"}
    assert "two pictures" in refused["kid"]
    scores, refused = distributions.distribution_scores(many, many, many, ("kid",))
    assert set(scores) == {"kid", "kid_mean_of_both_sides"}
