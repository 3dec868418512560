"""PatchGAN: sizes, the receptive field measured by gradient, and what is refused."""

import pytest
import torch

from tests.networks.test_geometry import check_fields, make_positive
from ugatit.errors import ConfigError, PictureError
from ugatit.networks.patchgan import PatchDiscriminator


def test_discriminator_has_as_many_parameters_as_published() -> None:
    with torch.device("meta"):
        network = PatchDiscriminator(3, 64, channels=6, norm="batch")
    assert round(sum(p.numel() for p in network.parameters()) / 1e6, 3) == 2.769


@pytest.mark.parametrize(("layers", "field"), [(0, 1), (1, 16), (2, 34), (3, 70), (5, 286)])
def test_receptive_field_is_what_the_gradient_reaches(layers: int, field: int) -> None:
    # Running statistics: those of the picture would carry the gradient everywhere.
    critic = PatchDiscriminator(layers, 1, norm="batch").eval()
    make_positive(critic)
    side = max(16, field + 40)
    picture = torch.rand(1, 3, side, side, requires_grad=True)
    assert critic.patch_grid().field == field
    check_fields(critic(picture).patch_logits, picture, critic.patch_grid())


@pytest.mark.parametrize("norm", ["instance", "batch"])
@pytest.mark.parametrize("layers", [0, 1, 3])
def test_critic_takes_its_smallest_side_and_names_a_smaller_one(layers: int, norm: str) -> None:
    critic = PatchDiscriminator(layers, 1, norm=norm)
    side = critic.min_side
    output = critic(torch.rand(2, 3, side, side))
    assert output.patch_logits.isfinite().all()
    assert output.attention_map is None
    with pytest.raises(PictureError, match=rf"of {layers} layers needs sides of {side} px or more"):
        critic(torch.rand(1, 3, side, side - 1))


def test_settings_that_cannot_be_are_refused() -> None:
    for arguments, message in (
        ((-1, 1), "layers must be from 0 to 8, got -1"),
        ((3, 0), "width must be at least 1, got 0"),
        ((3, 1, 9), "channels must be from 1 to 6, got 9"),
        ((3, 1, 3, "group"), "norm must be instance or batch, got 'group'"),
    ):
        with pytest.raises(ConfigError, match=message):
            PatchDiscriminator(*arguments)
