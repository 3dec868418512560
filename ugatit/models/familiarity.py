"""How far a picture is from the domains that a model was trained on: a Mahalanobis distance of encoder features.

Each domain is a Gaussian over the pooled features of its pictures, and the smaller distance counts (Lee et al. 2018,
"A Simple Unified Framework for Detecting Out-of-Distribution Samples and Adversarial Attacks"). The covariance is that
of probabilistic PCA (Tipping and Bishop 1999): with a few hundred pictures, only its largest axes can be estimated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

import torch
from torch import Tensor

from ugatit.errors import WeightsError
from ugatit.text import one_line

AXES = 16
"""How many axes of a covariance are kept; the variance of all others is equal."""
QUANTILE = 0.975
MARGIN = 1.05
"""The threshold is this quantile of the distances of other pictures of the domain, times the margin."""
MIN_PICTURES = 2 * AXES
SMALLEST_SCALE = 1e-3
"""The least standard deviation of a feature, as a share of the largest: constant features stay finite."""


@dataclass(frozen=True)
class Familiarity:
    """The distance of a picture to the nearest domain.

    domains: all domains of the model. domain: the nearest, where distance / threshold is least. distance: Mahalanobis
    distance to its training pictures. threshold: the distance that few pictures of the domain exceed.
    """

    domains: tuple[str, ...]
    domain: str
    distance: float
    threshold: float

    @property
    def is_far(self) -> bool:
        """Whether the picture is far from all domains."""
        return self.distance > self.threshold


@dataclass(frozen=True)
class DomainStatistics:
    """Gaussians of pooled features, one for each direction and domain: T directions, N domains, D features, R axes.

    mean, scale: (T, N, D), of each feature. axes: (T, N, R, D), orthonormal axes of the scaled features.
    deviation: (T, N, R), standard deviation along each axis. rest: (T, N), along all directions beside the axes.
    threshold: (T, N). All float32, on the CPU. Directions are in the order of the model's targets.
    """

    mean: Tensor
    scale: Tensor
    axes: Tensor
    deviation: Tensor
    rest: Tensor
    threshold: Tensor

    @classmethod
    def from_tensors(cls, tensors: Mapping[str, Tensor], directions: int, domains: int, features: int) -> Self:
        """Check tensors by field name. Raises WeightsError for a wrong name, shape or type, and impossible numbers."""
        names = {field.name for field in fields(cls)}
        if names != set(tensors):
            odd = min(names ^ set(tensors))
            raise WeightsError(f"{one_line(odd, 40)} is {'missing' if odd in names else 'unknown'}")
        shape = tensors["axes"].shape
        if len(shape) != 4 or shape[:2] != (directions, domains) or shape[3] != features or not 0 < shape[2] < features:
            raise WeightsError(f"axes are {tuple(shape)}, the model wants ({directions}, {domains}, R, {features})")
        axes = shape[2]
        expected = {"mean": (features,), "scale": (features,), "axes": (axes, features), "deviation": (axes,)}
        for name, values in tensors.items():
            wanted = (directions, domains, *expected.get(name, ()))
            if values.shape != wanted or values.dtype != torch.float32:
                raise WeightsError(f"{name} is {values.dtype} {tuple(values.shape)}, not torch.float32 {wanted}")
            if not values.isfinite().all():
                raise WeightsError(f"{name} holds numbers that are not finite")
            if name not in ("mean", "axes") and (values <= 0).any():
                raise WeightsError(f"{name} holds numbers that are not positive")
        return cls(**tensors)

    def tensors(self) -> dict[str, Tensor]:
        """Return the tensors by field name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def distances(self, pooled: Tensor, direction: int) -> Tensor:
        """Return the Mahalanobis distance to each domain: (B, D) float32 to (B, N)."""
        scaled = (pooled[:, None] - self.mean[direction]) / self.scale[direction]  # (B, N, D)
        along = torch.einsum("bnd,nrd->bnr", scaled, self.axes[direction])
        beside = (scaled.square().sum(-1) - along.square().sum(-1)).clamp(min=0)
        squared = (along / self.deviation[direction]).square().sum(-1) + beside / self.rest[direction].square()
        return squared.sqrt()


def pool(features: Tensor) -> Tensor:
    """Return the mean and the standard deviation of each channel over all positions: (B, K, h, w) to (B, 2 K)."""
    values = features.float().flatten(2)
    return torch.cat([values.mean(2), values.std(2)], dim=1)


def measure(
    statistics: DomainStatistics, pooled: Tensor, targets: tuple[str, ...], domains: tuple[str, ...], to: str
) -> list[Familiarity]:
    """Return the familiarity of each picture on the way to domain `to`.

    pooled: (B, D), the result of `pool`, on the CPU. targets, domains: of the model.
    """
    direction = targets.index(to)
    distances, thresholds = statistics.distances(pooled, direction), statistics.threshold[direction]
    nearest = (distances / thresholds).argmin(dim=1).tolist()
    return [
        Familiarity(domains, domains[domain], float(distances[row, domain]), float(thresholds[domain]))
        for row, domain in enumerate(nearest)
    ]


def describe_far(familiarity: Familiarity) -> str:
    """Return the remark about a picture that is far from all domains."""
    return (
        f"This picture is far from all that the weights were trained on ({', '.join(familiarity.domains)}): expect "
        f"little. Its Mahalanobis distance to {familiarity.domain}, the nearest domain, is {familiarity.distance:.1f}; "
        f"that of the domain's own pictures is rarely above {familiarity.threshold:.1f}."
    )


def fit_statistics(fitted: list[list[Tensor]], others: list[list[Tensor]]) -> DomainStatistics:
    """Fit a Gaussian for each direction and domain.

    fitted: pooled features, (n, D), by direction, then by domain; the Gaussians are fitted on them. others: the same of
    other pictures, which set the thresholds. Raises WeightsError for fewer pictures than `MIN_PICTURES`.
    """
    stacked = [
        {name: torch.stack(values) for name, values in _transposed([_fit(*pair) for pair in zip(*row, strict=True)])}
        for row in zip(fitted, others, strict=True)
    ]
    return DomainStatistics(**{name: torch.stack(values) for name, values in _transposed(stacked)})


def _transposed(rows: list[dict[str, Tensor]]) -> list[tuple[str, list[Tensor]]]:
    return [(name, [row[name] for row in rows]) for name in rows[0]]


def _fit(fitted: Tensor, others: Tensor) -> dict[str, Tensor]:
    """Fit one Gaussian and its threshold and return them by field name."""
    if min(len(fitted), len(others)) < MIN_PICTURES:
        raise WeightsError(f"{len(fitted)} and {len(others)} pictures are too few for a domain: take {MIN_PICTURES}.")
    pooled = fitted.double()
    mean, scale = pooled.mean(0), pooled.std(0)
    scale = scale.clamp(min=float(scale.max()) * SMALLEST_SCALE + 1e-6)
    _, singular, axes = torch.linalg.svd((pooled - mean) / scale, full_matrices=False)
    variances = singular.square() / (len(pooled) - 1)
    rest = variances[AXES:].sum() / (pooled.shape[1] - AXES)
    gaussian = {
        "mean": mean,
        "scale": scale,
        "axes": axes[:AXES],
        "deviation": variances[:AXES].clamp(min=1e-6).sqrt(),
        "rest": rest.clamp(min=1e-6).sqrt(),
    }
    values = {name: tensor.float() for name, tensor in gaussian.items()}
    single = {name: tensor[None, None] for name, tensor in values.items()}
    unlimited = DomainStatistics(**single, threshold=torch.ones(1, 1))
    threshold = MARGIN * torch.quantile(unlimited.distances(others.float(), 0)[:, 0], QUANTILE)
    return {**values, "threshold": threshold}
