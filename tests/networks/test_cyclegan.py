"""CycleGAN's generator: sizes, norms, and what is refused."""

import pytest
import torch

from ugatit.errors import ConfigError, PictureError
from ugatit.networks.cyclegan import ResnetGenerator


@pytest.mark.parametrize("norm", ["instance", "batch"])
def test_generator_takes_any_multiple_of_four_and_has_no_attention(norm: str) -> None:
    with torch.no_grad():
        output = ResnetGenerator(2, 6, norm)(torch.rand(2, 3, 28, 44) * 2 - 1)
    assert output.image.shape == (2, 3, 28, 44)
    assert output.image.abs().max() <= 1
    assert output.attention_map is None


def test_sizes_and_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(PictureError, match="multiples of 4 from 8 up, got 30x32"):
        ResnetGenerator(1, 0)(torch.zeros(1, 3, 32, 30))
    with pytest.raises(ConfigError, match="norm must be instance or batch"):
        ResnetGenerator(1, 0, "group")
    with pytest.raises(ConfigError, match="width must be at least 1"):
        ResnetGenerator(0, 0)
