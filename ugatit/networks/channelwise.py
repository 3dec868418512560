"""Passes over feature maps that treat each picture's channel by itself: moments, an affine map, its gradient's sums.

Written plainly, and for bfloat16 on the CPU by torch's batch-norm kernels, a picture at a time: they read bfloat16
and add up in float32, where plain sums first make float32 copies of the features. Terms are float32, (B, K).
"""

from collections.abc import Iterator

import torch
from torch import Tensor


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and unbiased variance of each channel of (B, K, h, w)."""
    positions = features[0, 0].numel()
    if _has_kernels(features):
        zero, one = _unit(features)
        found = [torch.batch_norm_update_stats(part, zero, one, 0.0) for part in _pictures(features)]
        variance = torch.stack([biased for _, biased in found]) * (positions / max(1, positions - 1))
        return torch.stack([mean for mean, _ in found]), variance
    # Two plain sums: torch.var_mean is fifty times slower than a sum on channels-last features on the CPU.
    values = features.float()
    mean = values.sum(dim=(2, 3)) / positions
    deviations = values - mean[:, :, None, None]
    return mean, deviations.square_().sum(dim=(2, 3)) / max(1, positions - 1)


def scaled(features: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """features * scale + shift, in the features' own type."""
    if not _has_kernels(features):
        return torch.addcmul(spread(shift, features), features, spread(scale, features))
    zero, one = _unit(features)
    result, nothing = torch.empty_like(features), features.new_empty(0, dtype=torch.float32)
    for part, target, factor, term in zip(_pictures(features), _pictures(result), scale, shift, strict=True):
        torch.ops.aten.native_batch_norm.out(
            part, factor, term, zero, one, False, 0.0, 0.0, out=target, save_mean=nothing, save_invstd=nothing
        )
    return result


def sums(gradient: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
    """Each channel's sum of gradient * features, and of gradient."""
    if not _has_kernels(features):
        exact = gradient.float()
        return (exact * features).sum(dim=(2, 3)), exact.sum(dim=(2, 3))
    zero, one = _unit(features)
    found = [
        torch.ops.aten.native_batch_norm_backward(
            given, part, one, zero, one, None, None, False, 0.0, (False, True, True)
        )
        for given, part in zip(_pictures(gradient), _pictures(features), strict=True)
    ]
    return torch.stack([on_scale for _, on_scale, _ in found]), torch.stack([on_shift for _, _, on_shift in found])


def spread(term: Tensor, features: Tensor) -> Tensor:
    """A term (B, K) in the features' type and as many dimensions."""
    return term.to(features.dtype)[:, :, None, None]


def _has_kernels(features: Tensor) -> bool:
    channels_last = features.is_contiguous(memory_format=torch.channels_last)
    return features.is_cpu and features.dtype == torch.bfloat16 and channels_last


def _pictures(features: Tensor) -> Iterator[Tensor]:
    return (features[number : number + 1] for number in range(len(features)))


def _unit(features: Tensor) -> tuple[Tensor, Tensor]:
    channels = features.shape[1]
    return features.new_zeros(channels, dtype=torch.float32), features.new_ones(channels, dtype=torch.float32)
