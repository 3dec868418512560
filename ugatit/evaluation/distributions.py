"""Distances between sets of pictures by the features of a network: KID, FID and the Inception Score, by torchmetrics.

Each score comes with a bootstrapped standard error over pictures. KID is as it is; papers print it times 100.
"""

import warnings
from collections.abc import Collection
from typing import Any

import torch
from torch import Tensor, nn

from ugatit.evaluation.features import Features
from ugatit.evaluation.scores import RESAMPLES, Score, resample_counts, spread

SUBSET_SIZE = 1000
"""How many pictures of each set a subset for KID has at most, as usual; fewer if there are fewer."""
SUBSETS = 100
FID_RESAMPLES = 100
"""Each needs the singular values of a matrix as large as the sets."""


class Passthrough(nn.Module):
    """Stand in for a network where its features are already known: they come in place of pictures, (N, D)."""

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.num_features = num_features

    def forward(self, features: Tensor) -> Tensor:
        return features


def distribution_scores(
    translations: Features, targets: Features, inputs: Features, measures: Collection[str], seed: int = 0
) -> tuple[dict[str, Score], dict[str, str]]:
    """Compute the named ones of KID (both kinds), FID and IS; IS is of the translations alone.

    Returns also why a measure could not be taken.
    """
    scores, refused = {}, {}
    of_sets = [name for name in ("kid", "fid") if name in measures]
    if min(len(translations.values), len(targets.values)) < 2:
        refused = dict.fromkeys(of_sets, "A distance between sets needs two pictures or more of each.")
        of_sets = []
    if "kid" in of_sets:
        scores["kid"] = kid(translations.values, targets.values, seed)
        scores["kid_mean_of_both_sides"] = kid_mean_of_both_sides(
            translations.values, targets.values, inputs.values, seed
        )
    if "fid" in of_sets:
        scores["fid"] = fid(translations.values, targets.values, seed)
    if "is" in measures:
        scores["is"] = inception_score(translations.logits, seed)
    return scores, refused


def kid(translations: Tensor, others: Tensor, seed: int = 0) -> Score:
    """Return the Kernel Inception Distance (Bińkowski et al. 2018) of two sets of features, (N, D) and (M, D).

    It is the unbiased squared maximum mean discrepancy with the kernel (x·y / D + 1)³, the mean over subsets of equal
    size: around 0, also below it, for sets of one distribution. Both need two pictures or more.
    """
    value, details = _kid(translations, others, seed)
    terms = _ResampledKid(translations, seed)
    return Score(value, spread(terms.against(others, _other_seed(seed))), min(len(translations), len(others)), details)


def kid_mean_of_both_sides(translations: Tensor, targets: Tensor, inputs: Tensor, seed: int = 0) -> Score:
    """Return the mean of the KID of translations to targets and that to their own inputs, (N, D), (M, D) and (N, D).

    What the published figures of U-GAT-IT (Kim et al. 2020) probably are: their author's script computes it, the paper
    does not say. Copying the inputs has about half of the KID between inputs and targets.
    """
    to_targets, details = _kid(translations, targets, seed)
    to_inputs, _ = _kid(translations, inputs, seed)
    terms = _ResampledKid(translations, seed)
    # A translation and its input are drawn together.
    resampled = (terms.against(targets, _other_seed(seed)) + terms.against(inputs, seed)) / 2
    value = (to_targets + to_inputs) / 2
    details = {"kid_to_targets": to_targets, "kid_to_inputs": to_inputs, **details}
    return Score(value, spread(resampled), min(len(translations), len(targets)), details)


def fid(translations: Tensor, targets: Tensor, seed: int = 0) -> Score:
    """Return the Fréchet Inception Distance (Heusel et al. 2017) of two sets of features, (N, D) and (M, D).

    It falls with the number of pictures, most of all where there are fewer pictures than features: compare only scores
    of as many. Both sets need two pictures or more.
    """
    from torchmetrics.image.fid import FrechetInceptionDistance

    first, second = translations.double(), targets.double()
    metric = FrechetInceptionDistance(feature=Passthrough(first.shape[1])).set_dtype(torch.float64)
    metric.update(first, real=False)
    metric.update(second, real=True)
    draws = [
        resample_counts(len(each), number, FID_RESAMPLES).long()
        for each, number in ((first, seed), (second, _other_seed(seed)))
    ]
    resampled = [
        frechet_distance(first.repeat_interleave(one, dim=0), second.repeat_interleave(other, dim=0))
        for one, other in zip(*draws, strict=True)
    ]
    details = {"translations": len(first), "targets": len(second), "resamples": FID_RESAMPLES}
    return Score(float(metric.compute()), spread(torch.stack(resampled)), min(len(first), len(second)), details)


def frechet_distance(first: Tensor, second: Tensor) -> Tensor:
    """Return the Fréchet distance of the Gaussians of two sets, (N, D) and (M, D), float64.

    The trace of the root of the product of two covariances AᵀA and BᵀB is the sum of the singular values of ABᵀ, which
    is small where the pictures are fewer than the features.
    """

    def root_of_covariance(features: Tensor) -> Tensor:
        root = (features - features.mean(dim=0)) / (len(features) - 1) ** 0.5
        # The triangular factor has the same product with itself, and at most D rows.
        short: Tensor = torch.linalg.qr(root, mode="r").R if len(root) > root.shape[1] else root
        return short

    a, b = root_of_covariance(first), root_of_covariance(second)
    traces: Tensor = a.square().sum() + b.square().sum() - 2 * torch.linalg.svdvals(a @ b.T).sum()
    return traces + (first.mean(dim=0) - second.mean(dim=0)).square().sum()


def inception_score(logits: Tensor, seed: int = 0) -> Score:
    """Return the Inception Score (Salimans et al. 2016) of class logits, (N, C): between 1 and C.

    Of all pictures at once: the usual ten parts are meant for 50,000.
    """
    from torchmetrics.image.inception import InceptionScore

    with warnings.catch_warnings():
        # That it keeps the features, and that the deviation over one part, which is not used, is undefined.
        warnings.simplefilter("ignore", UserWarning)
        metric = InceptionScore(feature=Passthrough(logits.shape[1]), splits=1)
        metric.update(logits.double())
        with torch.random.fork_rng(devices=[]):
            value = float(metric.compute()[0])
    shares = logits.double().softmax(dim=1)
    counts = resample_counts(len(shares), seed) / len(shares)
    negative_entropies = torch.special.xlogy(shares, shares).sum(dim=1)
    marginals = counts @ shares
    resampled = (counts @ negative_entropies - torch.special.xlogy(marginals, marginals).sum(dim=1)).exp()
    return Score(value, spread(resampled), len(shares), {"classes": logits.shape[1], "splits": 1})


def _kid(first: Tensor, second: Tensor, seed: int) -> tuple[float, dict[str, Any]]:
    from torchmetrics.image.kid import KernelInceptionDistance

    size = min(SUBSET_SIZE, len(first), len(second))
    # Where both sets are whole subsets, all subsets are the same.
    subsets = 1 if len(first) == len(second) == size else SUBSETS
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.simplefilter("ignore", UserWarning)  # that it keeps the features
        torch.manual_seed(seed)
        metric = KernelInceptionDistance(feature=Passthrough(first.shape[1]), subsets=subsets, subset_size=size)
        metric.update(first.double(), real=False)
        metric.update(second.double(), real=True)
        value = float(metric.compute()[0])
    details = {"translations": len(first), "targets": len(second), "subset_size": size, "subsets": subsets}
    return value, details


class _ResampledKid:
    """KID of resampled translations to other resampled pictures.

    Pairs of one picture with itself, which resampling makes, are left out as in the unbiased estimate: they would add
    to the distance.
    """

    def __init__(self, translations: Tensor, seed: int) -> None:
        self.translations = translations.double()
        self.counts = resample_counts(len(translations), seed)
        self.own = self._within(self.translations, self.counts)

    def against(self, others: Tensor, seed: int) -> Tensor:
        """Return KID to other features, (M, D), drawn by a seed: (RESAMPLES,)."""
        others = others.double()
        counts = resample_counts(len(others), seed)
        cross = ((self.counts @ _kernel(self.translations, others)) * counts).sum(dim=1)
        cross /= self.counts.sum(dim=1) * counts.sum(dim=1)
        return self.own + self._within(others, counts) - 2 * cross

    @staticmethod
    def _within(features: Tensor, counts: Tensor) -> Tensor:
        kernel = _kernel(features, features).fill_diagonal_(0)
        pairs = counts.sum(dim=1).square() - counts.square().sum(dim=1)
        return ((counts @ kernel) * counts).sum(dim=1) / pairs


def _kernel(first: Tensor, second: Tensor) -> Tensor:
    return (first @ second.T / first.shape[1] + 1) ** 3


def _other_seed(seed: int) -> int:
    """The targets are drawn apart from the translations."""
    return seed + RESAMPLES
