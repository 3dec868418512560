"""CAM attention of the generator and the critics, compared with the published formula."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from tests.tiny import pictures, tiny_model
from ugatit.networks.attention import CamAttention, PoolingPair
from ugatit.networks.ugatit import Discriminator

CHANNELS = 6

both_branches = pytest.mark.parametrize("features", [(5, 4), (1, 2)], ids=["large map", "small map"], indirect=True)
"""Maps with more cells than weights and with fewer: attention computes them differently."""


def attention_of(kind: str) -> CamAttention:
    torch.manual_seed(0)
    attention = CamAttention(CHANNELS, nn.LeakyReLU(0.2) if kind == "critic" else nn.ReLU(), spectral=kind == "critic")
    for layer in (attention.gap, attention.gmp, attention.fuse):
        nn.init.normal_(layer.weight)
    return attention


@pytest.fixture(params=["generator", "critic"])
def attention(request: pytest.FixtureRequest) -> CamAttention:
    return attention_of(request.param).eval()


@pytest.fixture
def features(request: pytest.FixtureRequest) -> Tensor:
    size = getattr(request, "param", (5, 4))
    return torch.randn(2, CHANNELS, *size, generator=torch.Generator().manual_seed(1))


@both_branches
def test_attended_features_are_the_fusion_of_both_weighted_copies(attention: CamAttention, features: Tensor) -> None:
    weighted = [features * layer.weight.reshape(1, -1, 1, 1) for layer in (attention.gap, attention.gmp)]
    published = attention.activation(conv2d(torch.cat(weighted, 1), attention.fuse.weight, attention.fuse.bias))
    ours = attention(features).features
    assert (ours - published).abs().max() <= 1e-5 * published.abs().max()


@both_branches
def test_other_channel_weights_change_the_features_and_not_the_logits(
    attention: CamAttention, features: Tensor
) -> None:
    plain, explicit = attention(features), attention(features, attention.weights())
    doubled = attention(features, PoolingPair(*(2 * weight for weight in attention.weights())))
    assert torch.equal(explicit.features, plain.features)
    assert torch.equal(doubled.cam_logits, plain.cam_logits)
    torch.testing.assert_close(doubled.features, attention(2 * features).features)


@pytest.mark.parametrize("features", [(5, 4), (1, 1)], indirect=True)
def test_attention_map_is_the_sum_of_the_attended_features(attention: CamAttention, features: Tensor) -> None:
    attended = attention(features)
    assert attended.attention_map.shape == (2, 1, *features.shape[2:])
    torch.testing.assert_close(attended.attention_map, attended.features.sum(1, keepdim=True))
    assert attended.cam_logits.isfinite().all()


def test_mean_of_the_evidence_is_the_gap_logit(attention: CamAttention, features: Tensor) -> None:
    evidence = attention.evidence(features)
    assert evidence.shape == (2, 1, 5, 4)
    torch.testing.assert_close(evidence.mean(dim=(1, 2, 3)), attention(features).cam_logits[:, 0])


@pytest.mark.parametrize("layers", [None, 3, 4, 5], ids=["generator", "critic-3", "critic-4", "critic-5"])
def test_mean_of_a_networks_evidence_is_its_gap_logit(layers: int | None) -> None:
    torch.manual_seed(layers or 0)
    network = tiny_model().generator_ab if layers is None else Discriminator(4, layers)
    photos = pictures(2, 48)
    network(photos)  # in critics one power iteration, so that u and v are not the initial ones
    network.eval()
    features = network.encode(photos) if layers is None else network.features(photos)
    evidence = network.attention.evidence(features)
    torch.testing.assert_close(evidence.mean(dim=(1, 2, 3)), network(photos).cam_logits[:, 0])


def test_logits_pool_by_average_and_by_maximum(attention: CamAttention, features: Tensor) -> None:
    logits = attention.cam_logits(features)
    pooled = (features.mean(dim=(2, 3)), features.amax(dim=(2, 3)))
    for column, layer in enumerate((attention.gap, attention.gmp)):
        weight = layer.weight / layer.sigma() if hasattr(layer, "sigma") else layer.weight
        torch.testing.assert_close(logits[:, column], (pooled[column] @ weight.t())[:, 0])


def test_critics_logits_use_the_normalised_weight_and_their_features_the_plain_one(features: Tensor) -> None:
    attention = attention_of("critic")
    for _ in range(5):
        attention(features)
    attention.eval()
    before = attention(features)
    with torch.no_grad():
        attention.gap.weight.mul_(3)
        attention.gmp.weight.mul_(3)
    after = attention(features)
    torch.testing.assert_close(after.cam_logits, before.cam_logits)
    assert not torch.allclose(after.features, before.features)


def test_logits_stay_float32_under_autocast(attention: CamAttention, features: Tensor) -> None:
    exact = attention(features)
    with torch.autocast("cpu", torch.bfloat16):
        attended = attention(features)
    assert attended.cam_logits.dtype == torch.float32
    assert attended.attention_map.dtype == torch.float32
    torch.testing.assert_close(attended.cam_logits, exact.cam_logits)
