"""StarGAN's networks: label planes, sizes, and the receptive field measured by gradient."""

import pytest
import torch
from torch.nn.functional import instance_norm, relu

from tests.networks.test_geometry import check_fields, make_positive
from ugatit.errors import ConfigError, PictureError
from ugatit.networks.normalization import AffineInstanceNorm
from ugatit.networks.stargan import ClassifyingCritic, LabelGenerator, label_planes


def test_label_planes_are_constant_and_keep_their_values() -> None:
    planes = label_planes(torch.tensor([[1.0, 0.0, 0.5]]), 2, 3)
    assert planes.shape == (1, 3, 2, 3)
    assert planes.amax((2, 3)).tolist() == planes.amin((2, 3)).tolist() == [[1.0, 0.0, 0.5]]


def test_the_label_reaches_the_translation() -> None:
    torch.manual_seed(0)
    generator, photo = LabelGenerator(2, 1, 2), torch.rand(1, 3, 16, 16) * 2 - 1
    with torch.no_grad():
        first, second = (generator(photo, torch.tensor([label])).image for label in ([1.0, 0.0], [0.0, 1.0]))
    assert first.shape == photo.shape
    assert first.abs().max() <= 1
    assert not torch.allclose(first, second)


@pytest.mark.parametrize("with_relu", [True, False])
def test_scaled_instance_norm_is_torchs_with_its_gradients(with_relu: bool) -> None:
    torch.manual_seed(0)
    norm = AffineInstanceNorm(3, with_relu).double()
    weight, bias = (torch.randn(3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    norm.load_state_dict({"weight": weight.detach(), "bias": bias.detach()})
    features = torch.randn(2, 3, 4, 5, dtype=torch.float64, requires_grad=True)
    expected = instance_norm(features, weight=weight, bias=bias)
    expected = relu(expected) if with_relu else expected
    ours, mask = norm(features), torch.randn(2, 3, 4, 5, dtype=torch.float64)
    torch.testing.assert_close(ours, expected)
    theirs = torch.autograd.grad((expected * mask).sum(), [features, weight, bias])
    for own, other in zip(
        torch.autograd.grad((ours * mask).sum(), [features, *norm.parameters()]), theirs, strict=True
    ):
        torch.testing.assert_close(own, other)


@pytest.mark.parametrize(("layers", "side", "field"), [(1, 16, 8), (3, 64, 38)])
def test_patches_see_what_the_config_says(layers: int, side: int, field: int) -> None:
    critic = ClassifyingCritic(side, 1, layers, 2)
    make_positive(critic)
    photo = torch.rand(1, 3, side, side, requires_grad=True)
    assert critic.patch_grid().field == field
    check_fields(critic(photo).patch_logits, photo, critic.patch_grid())


def test_critic_has_a_logit_for_each_class_and_no_attention() -> None:
    output = ClassifyingCritic(32, 2, 3, 5)(torch.zeros(2, 3, 32, 32))
    assert output.patch_logits.shape == (2, 1, 4, 4)
    assert output.class_logits is not None
    assert output.class_logits.shape == (2, 5)
    assert output.attention_map is None


def test_sizes_that_cannot_be_are_refused() -> None:
    with pytest.raises(PictureError, match="multiples of 4 from 8 up, got 30x32"):
        LabelGenerator(1, 0, 2)(torch.zeros(1, 3, 32, 30), torch.zeros(1, 2))
    with pytest.raises(ConfigError, match="takes 2 labels"):
        LabelGenerator(1, 0, 2)(torch.zeros(1, 3, 32, 32), torch.zeros(1, 3))
    with pytest.raises(PictureError, match="takes 32x32 pictures, got 64x32"):
        ClassifyingCritic(32, 1, 2, 2)(torch.zeros(1, 3, 32, 64))
    with pytest.raises(ConfigError, match="multiple of 8 px, got 36"):
        ClassifyingCritic(36, 1, 3, 2)
