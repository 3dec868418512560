"""Passes over feature maps that treat each channel of each picture separately: moments, affine map, gradient sums.

Plain torch code, except for channels-last bfloat16 on the CPU: there torch's batch-norm kernels run on one picture at
a time. They read bfloat16 and accumulate in float32, while plain sums would first copy the features to float32.
Means, variances, scales, shifts and sums are float32, (B, K); float64 of float64 features.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from ugatit.networks.memory_format import full_precision


def moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean and the unbiased variance of each channel: (B, K, h, w) to (B, K) each, float32.

    The variance of a single position is 0.
    """
    positions = features[0, 0].numel()
    if _has_kernels(features):
        zero, one = _zeros_and_ones(features)
        statistics = [torch.batch_norm_update_stats(part, zero, one, 0.0) for part in _single_pictures(features)]
        variance = torch.stack([biased for _, biased in statistics]) * (positions / max(1, positions - 1))
        return torch.stack([mean for mean, _ in statistics]), variance
    # Two plain sums: on channels-last features on the CPU, torch.var_mean is fifty times slower than a sum.
    values = full_precision(features)
    mean = values.sum(dim=(2, 3)) / positions
    deviations = values - mean[:, :, None, None]
    return mean, deviations.square_().sum(dim=(2, 3)) / max(1, positions - 1)


def scale_and_shift(features: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Return features * scale + shift, in the dtype and memory format of the features.

    features: (B, K, h, w). scale, shift: (B, K), float32. Returns (B, K, h, w).
    """
    if not _has_kernels(features):
        return torch.addcmul(match_features(shift, features), features, match_features(scale, features))
    zero, one = _zeros_and_ones(features)
    result, unused = torch.empty_like(features), features.new_empty(0, dtype=torch.float32)
    parts = zip(_single_pictures(features), _single_pictures(result), scale, shift, strict=True)
    for part, target, weight, bias in parts:
        torch.ops.aten.native_batch_norm.out(
            part, weight, bias, zero, one, False, 0.0, 0.0, out=target, save_mean=unused, save_invstd=unused
        )
    return result


def gradient_sums(gradient: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
    """Return the sums over each channel of gradient * features and of the gradient.

    These are the gradients of scale and shift. Both inputs (B, K, h, w). Returns (B, K) each, float32.
    """
    if not _has_kernels(features):
        exact = full_precision(gradient)
        return (exact * features).sum(dim=(2, 3)), exact.sum(dim=(2, 3))
    zero, one = _zeros_and_ones(features)
    gradients = [
        torch.ops.aten.native_batch_norm_backward(
            gradient_part, part, one, zero, one, None, None, False, 0.0, (False, True, True)
        )
        for gradient_part, part in zip(_single_pictures(gradient), _single_pictures(features), strict=True)
    ]
    scale_gradients = torch.stack([on_scale for _, on_scale, _ in gradients])
    return scale_gradients, torch.stack([on_shift for _, _, on_shift in gradients])


def match_features(values: Tensor, features: Tensor) -> Tensor:
    """Return values (B, K) as (B, K, 1, 1) in the dtype of the features."""
    return values.to(features.dtype)[:, :, None, None]


def _has_kernels(features: Tensor) -> bool:
    channels_last = features.is_contiguous(memory_format=torch.channels_last)
    return features.is_cpu and features.dtype == torch.bfloat16 and channels_last


def _single_pictures(features: Tensor) -> Iterator[Tensor]:
    return (features[number : number + 1] for number in range(len(features)))


def _zeros_and_ones(features: Tensor) -> tuple[Tensor, Tensor]:
    """Return a mean of 0 and a variance of 1 for each channel, (K,) each: with these, batch norm changes nothing."""
    channels = features.shape[1]
    return features.new_zeros(channels, dtype=torch.float32), features.new_ones(channels, dtype=torch.float32)
