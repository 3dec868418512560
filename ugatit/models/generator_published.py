"""Published generators of CycleGAN and pix2pix: told apart by their keys, as either paper's can be either network."""

from typing import Any

from ugatit.errors import WeightsError
from ugatit.models.published_state import PublishedNetwork, plain_keys, plain_state
from ugatit.models.resnet_published import FIRST_CONV, convert_resnet
from ugatit.models.unet_published import convert_unet, is_published_unet
from ugatit.text import one_line


def convert_generator(name: str, checkpoint: object) -> PublishedNetwork:
    """Return a published generator as settings and weights of `UNetGenerator` or `NoisyResnetGenerator`.

    name: of the network, for messages. Raises WeightsError if it is neither, damaged or cut off.
    """
    if is_published_unet(checkpoint):
        return convert_unet(name, checkpoint)
    if FIRST_CONV in plain_keys(checkpoint):
        return convert_resnet(name, checkpoint)
    first = one_line(repr(next(iter(plain_state(name, checkpoint)), "")), 80)
    raise WeightsError(f"{name} is no published generator, neither a ResNet nor a U-Net: its first entry is {first}.")


def generator_settings(network: PublishedNetwork) -> dict[str, Any]:
    """Return what a model's config says of a generator from `convert_generator`, but for its channels."""
    kind = "unet" if "levels" in network.settings else "resnet"
    known = {name: value for name, value in network.settings.items() if name in ("levels", "blocks", "norm")}
    return {"generator": kind, "ngf": network.settings["width"], **known}
