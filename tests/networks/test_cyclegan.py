"""CycleGAN's networks: sizes, norms, and the receptive field measured by gradient."""

import pytest
import torch

from tests.networks.test_geometry import check_fields, make_positive
from ugatit.errors import ConfigError, PictureError
from ugatit.networks import normalization
from ugatit.networks.cyclegan import PatchDiscriminator, ResnetGenerator


@pytest.mark.parametrize(("layers", "side", "field"), [(1, 32, 16), (2, 64, 34), (3, 128, 70)])
def test_patches_see_what_the_config_says(layers: int, side: int, field: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Instance norm sees the whole picture; without it the receptive field is that of the convolutions.
    monkeypatch.setattr(normalization, "instance_norm", lambda features, relu=False: features)
    critic = PatchDiscriminator(1, layers)
    make_positive(critic)
    photo = torch.rand(1, 3, side, side, requires_grad=True)
    assert critic.patch_grid().field == field
    check_fields(critic(photo).patch_logits, photo, critic.patch_grid())


@pytest.mark.parametrize("norm", ["instance", "batch"])
def test_networks_take_any_multiple_of_four_and_have_no_attention(norm: str) -> None:
    generator, critic = ResnetGenerator(2, 6, norm), PatchDiscriminator(2, 3, norm)
    with torch.no_grad():
        output = generator(torch.rand(2, 3, 28, 44) * 2 - 1)
    assert output.image.shape == (2, 3, 28, 44)
    assert output.image.abs().max() <= 1
    assert output.attention_map is None
    with torch.no_grad():
        judgement = critic(output.image)
    assert judgement.patch_logits.shape == (2, 1, 1, 3)
    assert judgement.attention_map is None


def test_sizes_and_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(PictureError, match="multiples of 4 from 8 up, got 30x32"):
        ResnetGenerator(1, 0)(torch.zeros(1, 3, 32, 30))
    with pytest.raises(PictureError, match="sides of 24 px or more"):
        PatchDiscriminator(1)(torch.zeros(1, 3, 20, 32))
    with pytest.raises(ConfigError, match="norm must be instance or batch"):
        ResnetGenerator(1, 0, "group")
    with pytest.raises(ConfigError, match="layers must be at least 1"):
        PatchDiscriminator(1, 0)
