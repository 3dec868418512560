"""CAM attention beside its published writing, in the generator and in the critics."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from tests.tiny import pictures, tiny_model
from ugatit.networks.attention import ByPooling, CamAttention
from ugatit.networks.ugatit import Discriminator

CHANNELS = 6


@pytest.fixture(params=[False, True], ids=["generator", "critic"])
def attention(request: pytest.FixtureRequest) -> CamAttention:
    torch.manual_seed(0)
    activation = nn.LeakyReLU(0.2) if request.param else nn.ReLU()
    attention = CamAttention(CHANNELS, activation, spectral=request.param)
    for layer in (attention.gap, attention.gmp, attention.fuse):
        nn.init.normal_(layer.weight)
    return attention.eval()


@pytest.fixture
def features() -> Tensor:
    return torch.randn(2, CHANNELS, 5, 4, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("size", [(5, 4), (1, 2)], ids=["more cells than weights", "fewer"])
def test_attended_features_are_the_fusion_of_both_weighted_copies(
    attention: CamAttention, size: tuple[int, int]
) -> None:
    features = torch.randn(2, CHANNELS, *size)
    weighted = [features * layer.weight.reshape(1, -1, 1, 1) for layer in (attention.gap, attention.gmp)]
    published = attention.activation(conv2d(torch.cat(weighted, 1), attention.fuse.weight, attention.fuse.bias))
    ours = attention(features).features
    assert (ours - published).abs().max() <= 1e-5 * published.abs().max()


def test_attention_map_is_the_sum_of_the_attended_features(attention: CamAttention, features: Tensor) -> None:
    attended = attention(features)
    assert attended.attention_map.shape == (2, 1, 5, 4)
    torch.testing.assert_close(attended.attention_map, attended.features.sum(1, keepdim=True))


def test_mean_of_the_evidence_is_the_gap_logit(attention: CamAttention, features: Tensor) -> None:
    evidence = attention.evidence(features)
    assert evidence.shape == (2, 1, 5, 4)
    torch.testing.assert_close(evidence.mean(dim=(1, 2, 3)), attention(features).cam_logits[:, 0])


@pytest.mark.parametrize("depth", [3, 4, 5])
def test_mean_of_a_trained_critics_evidence_is_its_gap_logit(depth: int) -> None:
    torch.manual_seed(depth)
    critic = Discriminator(4, depth)
    photo = pictures(2, 48)
    critic(photo)  # one power iteration: u and v are no longer where they began
    critic.eval()
    evidence = critic.attention.evidence(critic.features(photo))
    torch.testing.assert_close(evidence.mean(dim=(1, 2, 3)), critic(photo).cam_logits[:, 0])


def test_mean_of_the_generators_evidence_is_its_gap_logit() -> None:
    generator = tiny_model().generator_ab
    evidence = generator.attention.evidence(generator.encoder(pictures()))
    torch.testing.assert_close(evidence.mean(dim=(1, 2, 3)), generator(pictures()).cam_logits[:, 0])


def test_logits_pool_by_average_and_by_maximum(attention: CamAttention, features: Tensor) -> None:
    logits = attention.cam_logits(features)
    for column, (layer, pooled) in enumerate(
        ((attention.gap, features.mean(dim=(2, 3))), (attention.gmp, features.amax(dim=(2, 3))))
    ):
        weight = layer.weight / layer.sigma() if hasattr(layer, "sigma") else layer.weight
        torch.testing.assert_close(logits[:, column], (pooled @ weight.t())[:, 0])


def test_critics_logits_use_the_normalised_weight_and_their_features_the_plain_one() -> None:
    torch.manual_seed(0)
    attention = CamAttention(CHANNELS, nn.LeakyReLU(0.2), spectral=True)
    features = torch.randn(1, CHANNELS, 3, 3)
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


def test_one_cell_is_enough(attention: CamAttention) -> None:
    attended = attention(torch.randn(1, CHANNELS, 1, 1))
    torch.testing.assert_close(attended.attention_map.shape, (1, 1, 1, 1))
    assert attended.cam_logits.isfinite().all()


@pytest.mark.parametrize("size", [(5, 4), (1, 2)], ids=["more cells than weights", "fewer"])
def test_other_weights_change_the_features_and_not_the_logits(attention: CamAttention, size: tuple[int, int]) -> None:
    features = torch.randn(2, CHANNELS, *size)
    plain, own = attention(features), attention(features, attention.weights())
    doubled = attention(features, ByPooling(*(2 * weight for weight in attention.weights())))
    assert torch.equal(own.features, plain.features)
    assert torch.equal(doubled.cam_logits, plain.cam_logits)
    torch.testing.assert_close(doubled.features, attention(2 * features).features)
