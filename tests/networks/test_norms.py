"""Batch norm by each picture's own statistics, by the batch, and by running ones; instance norm; first weights."""

import pytest
import torch
from torch import nn

from tests.tiny import pictures
from ugatit.errors import ConfigError
from ugatit.networks.norms import BatchNorm, InstanceNorm, init_weights, make_norm


def batch_norm() -> BatchNorm:
    torch.manual_seed(0)
    norm = BatchNorm(3)
    init_weights(norm)
    norm.running_mean.uniform_()
    norm.running_var.uniform_(0.5, 2)
    return norm


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_is_torchs(training: bool) -> None:
    ours, theirs, features = batch_norm(), nn.BatchNorm2d(3), pictures(2, 8)
    theirs.load_state_dict({**ours.state_dict(), "num_batches_tracked": torch.tensor(0)})
    ours.train(training)
    theirs.train(training)
    torch.testing.assert_close(ours(features), theirs(features))
    for name, values in ours.state_dict().items():
        torch.testing.assert_close(values, theirs.state_dict()[name])


def test_by_its_own_statistics_a_picture_of_a_batch_is_as_if_alone_and_nothing_is_averaged() -> None:
    norm, features = batch_norm().train(), pictures(3, 8)
    before = norm.running_mean.clone()
    alone = torch.cat([norm(one[None], "picture") for one in features])
    torch.testing.assert_close(norm(features, "picture"), alone)
    assert torch.equal(norm.running_mean, before)
    torch.testing.assert_close(norm(features[:1], "batch"), alone[:1])


def test_statistics_of_a_batch_are_averaged_in_training_alone() -> None:
    norm, features = batch_norm().eval(), pictures(2, 8)
    before = norm.running_mean.clone()
    first = norm(features, "batch")
    assert torch.equal(norm.running_mean, before)
    torch.testing.assert_close(norm.train()(features, "batch"), first)
    torch.testing.assert_close(norm.running_mean, 0.9 * before + 0.1 * features.mean(dim=(0, 2, 3)))


def test_norms_by_name_and_the_relu_that_may_follow() -> None:
    features = pictures(2, 8)
    assert isinstance(make_norm("instance", 3), InstanceNorm)
    for name in ("instance", "batch"):
        plain, clipped = make_norm(name, 3).eval(), make_norm(name, 3, relu=True).eval()
        assert torch.equal(clipped(features), plain(features).relu())
    with pytest.raises(ConfigError, match="norm must be instance or batch, got 'group'"):
        make_norm("group", 3)
    with pytest.raises(ConfigError, match="statistics must be picture, batch or running, got 'mine'"):
        batch_norm()(features, "mine")


def test_first_weights_are_the_papers() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(64, 64, 3), BatchNorm(4096), nn.ConvTranspose2d(64, 64, 3))
    init_weights(network)
    for module in network:
        assert float(module.weight.std()) == pytest.approx(0.02, rel=0.05)
        assert float(module.weight.mean()) == pytest.approx(1.0 if isinstance(module, BatchNorm) else 0.0, abs=2e-3)
        assert not module.bias.any()
