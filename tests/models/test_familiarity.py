"""The distance of pooled features to the Gaussians of the domains."""

import pytest
import torch

from ugatit.errors import WeightsError
from ugatit.models.familiarity import AXES, DomainStatistics, describe_far, fit_statistics, measure, pool

DOMAINS = ("sun", "moon")


def normal(count: int, mean: float, features: int = 40, seed: int = 0) -> torch.Tensor:
    return mean + torch.randn(count, features, generator=torch.Generator().manual_seed(seed))


def two_domains(features: int = 40) -> DomainStatistics:
    """Domains around 0 and around 10, the same in both directions."""
    fitted = [normal(400, mean, features, seed) for seed, mean in enumerate((0, 10))]
    others = [normal(400, mean, features, seed + 2) for seed, mean in enumerate((0, 10))]
    return fit_statistics([fitted, fitted], [others, others])


def test_pooled_features_are_mean_and_deviation_of_each_channel() -> None:
    features = torch.tensor([[1.0, 3.0], [5.0, 5.0]]).reshape(1, 2, 1, 2)
    torch.testing.assert_close(pool(features), torch.tensor([[2, 5, 2**0.5, 0]]))


def test_distance_equals_the_one_of_a_covariance_matrix() -> None:
    axes = torch.tensor([[0.6, 0.8, 0.0]])
    statistics = DomainStatistics(
        mean=torch.tensor([[[1.0, 2.0, 3.0]]]), scale=torch.tensor([[[2.0, 1.0, 0.5]]]), axes=axes[None, None],
        deviation=torch.tensor([[[3.0]]]), rest=torch.tensor([[0.7]]), threshold=torch.ones(1, 1),
    )  # fmt: skip
    scale = torch.diag(torch.tensor([2.0, 1.0, 0.5]))
    covariance = scale @ (0.49 * torch.eye(3) + (9 - 0.49) * axes.T @ axes) @ scale
    pooled = torch.tensor([[4.0, -1.0, 2.0]])
    away = pooled[0] - statistics.mean[0, 0]
    expected = (away @ torch.linalg.inv(covariance) @ away).sqrt()
    torch.testing.assert_close(statistics.distances(pooled, 0)[0, 0], expected)


def test_pictures_of_either_domain_are_near_and_pictures_between_them_far() -> None:
    statistics = two_domains()
    for index, (domain, mean) in enumerate(zip(DOMAINS, (0, 10), strict=True)):
        results = measure(statistics, normal(400, mean, seed=index + 7), DOMAINS, DOMAINS, "moon")
        assert {result.domain for result in results} == {domain}
        assert sum(result.is_far for result in results) <= 0.05 * 400
    assert all(result.is_far for result in measure(statistics, normal(50, 5), DOMAINS, DOMAINS, "sun"))


def test_constant_features_give_finite_distances() -> None:
    fitted, others = normal(100, 0), normal(100, 0, seed=1)
    fitted[:, 3] = others[:, 3] = 2
    statistics = fit_statistics([[fitted]], [[others]])
    assert statistics.distances(others, 0).isfinite().all()
    different = others.clone()
    different[:, 3] = 3
    assert (statistics.distances(different, 0) > statistics.threshold).all()


def test_too_few_pictures_are_refused() -> None:
    with pytest.raises(WeightsError, match="10 and 100 pictures are too few"):
        fit_statistics([[normal(10, 0)]], [[normal(100, 0)]])


def test_remark_names_the_measure_the_domains_and_both_numbers() -> None:
    statistics = two_domains()
    far = measure(statistics, normal(1, 5), DOMAINS, DOMAINS, "moon")[0]
    remark = describe_far(far)
    for part in ("sun, moon", "Mahalanobis", far.domain, f"{far.distance:.1f}", f"{far.threshold:.1f}"):
        assert part in remark


def test_tensors_of_the_same_shapes_are_accepted_as_they_are() -> None:
    statistics = two_domains()
    again = DomainStatistics.from_tensors(statistics.tensors(), 2, 2, 40)
    assert again.axes.shape == (2, 2, AXES, 40)
    assert all(torch.equal(values, statistics.tensors()[name]) for name, values in again.tensors().items())


@pytest.mark.parametrize(
    ("name", "values", "match"),
    [
        ("mean", torch.zeros(2, 2, 39), "mean is torch.float32"),
        ("mean", torch.full((2, 2, 40), float("nan")), "mean holds numbers that are not finite"),
        ("scale", torch.zeros(2, 2, 40), "scale holds numbers that are not positive"),
        ("axes", torch.zeros(1, 2, AXES, 40), "axes are"),
        ("axes", torch.zeros(2, 2, AXES, 38), "axes are"),
        ("axes", torch.zeros(3), "axes are"),
        ("threshold", torch.ones(2, 2, dtype=torch.float64), "threshold is torch.float64"),
        ("threshold", None, "threshold is missing"),
        ("stranger", torch.ones(1), "stranger is unknown"),
    ],
)
def test_damaged_tensors_are_refused(name: str, values: torch.Tensor | None, match: str) -> None:
    tensors = {**two_domains().tensors(), name: values}
    present = {key: tensor for key, tensor in tensors.items() if tensor is not None}
    with pytest.raises(WeightsError, match=match):
        DomainStatistics.from_tensors(present, 2, 2, 40)
