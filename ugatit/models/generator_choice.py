"""The generators that CycleGAN and pix2pix choose from: their published code gives a ResNet or a U-Net to either."""

from ugatit.config import check_choice, check_range
from ugatit.errors import ConfigError
from ugatit.networks.pix2pix import MAX_LEVELS, MIN_LEVELS

GENERATORS = ("resnet", "unet")
RESNET_LEVELS = 2
PUBLISHED_LEVELS = 8
"""The most levels that are chosen by the image size: those of the published U-Net for 256 px."""


def checked_levels(generator: str, levels: int, image_size: int) -> int:
    """Return how often a generator halves the size; 0 halves as often as the image size allows, a ResNet twice.

    Raises ConfigError for another generator, and for levels that it or the image size does not have.
    """
    check_choice("generator", generator, GENERATORS)
    if generator == "resnet":
        if levels not in (0, RESNET_LEVELS):
            raise ConfigError(f"levels must be 0 or {RESNET_LEVELS} for a resnet, got {levels}.")
        levels = RESNET_LEVELS
    else:
        if not levels:
            halvings = (image_size & -image_size).bit_length() - 1
            levels = min(max(halvings, MIN_LEVELS), PUBLISHED_LEVELS)
        check_range("levels", levels, MIN_LEVELS, MAX_LEVELS)
    if image_size % 2**levels:
        raise ConfigError(f"image_size must be a multiple of {2**levels} for {levels} levels, got {image_size}.")
    return levels
