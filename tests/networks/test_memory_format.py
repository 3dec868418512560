"""Features keep one memory layout and one type from the picture to the last layer."""

import pytest
import torch
from torch import nn
from torch.nn.functional import pad

from tests.tiny import pictures, tiny_model
from ugatit.networks.memory_format import laid_out, padded, suggested_layout


def test_a_picture_comes_as_it_is_without_autocast() -> None:
    photo = pictures()
    assert laid_out(photo) is photo


@pytest.mark.parametrize("count", [1, 2])
def test_under_autocast_a_picture_becomes_bf16_with_channels_last(count: int) -> None:
    with torch.autocast("cpu", torch.bfloat16):
        photo = laid_out(pictures(3)[:count])
    assert photo.dtype == torch.bfloat16
    assert suggested_layout(photo) == torch.channels_last


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("network", ["generator_ab", "global_a", "local_a"])
def test_no_feature_map_changes_its_layout_or_type_under_autocast(count: int, network: str) -> None:
    model = tiny_model()
    met = []
    for module in getattr(model, network).modules():
        if isinstance(module, nn.Conv2d) or hasattr(module, "stride"):
            module.register_forward_pre_hook(lambda _, given: met.append(given[0]))
    with torch.autocast("cpu", torch.bfloat16):
        getattr(model, network)(pictures(count))
    wide = [features for features in met if features.shape[1] > 1 and features.shape[2] > 1]
    assert len(wide) >= 3
    assert {features.dtype for features in wide} == {torch.bfloat16}
    assert {suggested_layout(features) for features in wide} == {torch.channels_last}


@pytest.mark.parametrize("mode", ["reflect", "replicate"])
def test_padding_is_torchs_in_the_features_own_type(mode: str) -> None:
    features = pictures(1, 8).bfloat16()
    with torch.autocast("cpu", torch.bfloat16):
        found = padded(features, 2, mode)
    assert found.dtype == torch.bfloat16
    assert torch.equal(found, pad(features, [2, 2, 2, 2], mode=mode))
