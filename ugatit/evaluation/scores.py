"""Scores with their uncertainty: the mean of a measure over pictures, and how much other pictures would change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

RESAMPLES = 1000
"""How often the pictures are drawn again, with replacement, to estimate how far a score is from that of others."""


@dataclass(frozen=True)
class Score:
    """A measure of a set of pictures.

    plus_minus: its bootstrapped standard error over pictures; None where it cannot be estimated, as from one picture.
    count: of the pictures. details: what else must be known to compare it with others.
    """

    value: float
    plus_minus: float | None
    count: int
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as one flat object."""
        return {"value": self.value, "plus_minus": self.plus_minus, "count": self.count, **self.details}

    def beside(self, details: Mapping[str, Any]) -> "Score":
        """Return the score with more details."""
        return replace(self, details={**self.details, **details})


@dataclass(frozen=True)
class Sample:
    """A measure of each picture of a set; the mean is the measure of the set.

    values: (N,); NaN where a picture has none. over: (N,) where the measure of the set is a ratio, what the sum of the
    values is divided by; otherwise their number.
    """

    values: Tensor
    over: Tensor | None = None

    @classmethod
    def of_share(cls, share: float, count: int) -> "Sample":
        """Return the zeros and ones of `count` pictures of which a share has some property."""
        return cls((torch.arange(count) < round(share * count)).double())

    def mean(self) -> float:
        """Return the measure of the set; NaN if no picture has one, 0 if the ratio's divisor is zero."""
        values, over = self._present()
        if not len(values):
            return float("nan")
        return float(values.sum() / over.sum()) if over.sum() else 0.0

    def score(self, seed: int = 0) -> Score:
        """Return the measure of the set with its uncertainty. seed: of the resampling."""
        values, over = self._present()
        counts = resample_counts(len(values), seed)
        plus_minus = spread((counts @ values) / (counts @ over)) if len(values) > 1 else None
        return Score(self.mean(), plus_minus, len(values))

    def _present(self) -> tuple[Tensor, Tensor]:
        over = torch.ones_like(self.values) if self.over is None else self.over
        present = ~(self.values.isnan() | over.isnan())
        return self.values[present].double(), over[present].double()


def resample_counts(pictures: int, seed: int, resamples: int = RESAMPLES) -> Tensor:
    """Draw a set's pictures again, as many, with replacement: how often each occurs, (resamples, pictures), float64.

    The seed alone determines the result.
    """
    counts = torch.zeros(resamples, pictures, dtype=torch.float64)
    if pictures:
        drawn = torch.randint(pictures, (resamples, pictures), generator=torch.Generator().manual_seed(seed))
        counts.scatter_add_(1, drawn, torch.ones_like(drawn, dtype=torch.float64))
    return counts


def spread(results: Tensor) -> float | None:
    """Return the standard deviation of a measure over the resamples, (R,); None if most of them are not finite.

    A few are not where the pictures are few: a resample of one picture alone has no variance.
    """
    finite = results[results.isfinite()]
    return float(finite.std()) if len(finite) > 0.9 * len(results) else None


def means(samples: Mapping[str, Sample]) -> dict[str, float]:
    """Return the measures of a set by name."""
    return {name: sample.mean() for name, sample in samples.items()}
