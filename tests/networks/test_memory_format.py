"""Feature maps keep one memory format and one dtype from the picture to the last layer."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from tests.tiny import pictures, tiny_model
from ugatit.networks.memory_format import padded, prepare_input, suggested_layout


def test_without_autocast_a_picture_stays_as_it_is() -> None:
    photo = pictures()
    assert prepare_input(photo) is photo


@pytest.mark.parametrize("count", [1, 2])
def test_under_autocast_a_picture_becomes_bf16_with_channels_last(count: int) -> None:
    with torch.autocast("cpu", torch.bfloat16):
        photo = prepare_input(pictures(3)[:count])
    assert photo.dtype == torch.bfloat16
    assert suggested_layout(photo) == torch.channels_last


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("name", ["generator_ab", "global_a", "local_a"])
def test_no_feature_map_changes_its_format_or_dtype_under_autocast(count: int, name: str) -> None:
    network = getattr(tiny_model(), name)
    inputs: list[Tensor] = []
    for module in network.modules():
        if isinstance(module, nn.Conv2d) or hasattr(module, "stride"):
            module.register_forward_pre_hook(lambda _, arguments: inputs.append(arguments[0]))
    with torch.autocast("cpu", torch.bfloat16):
        network(pictures(count))
    wide = [features for features in inputs if features.shape[1] > 1 and features.shape[2] > 1]
    assert len(wide) >= 3
    assert {features.dtype for features in wide} == {torch.bfloat16}
    assert {suggested_layout(features) for features in wide} == {torch.channels_last}


@pytest.mark.parametrize("mode", ["reflect", "replicate"])
def test_padding_is_torchs_in_the_features_own_dtype(mode: str) -> None:
    features = pictures(1, 8).bfloat16()
    with torch.autocast("cpu", torch.bfloat16):
        result = padded(features, 2, mode)
    assert result.dtype == torch.bfloat16
    assert torch.equal(result, pad(features, [2, 2, 2, 2], mode=mode))
