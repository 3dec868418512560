"""Published PatchGAN critics (`latest_net_D.pth`, `latest_net_D_A.pth`): their keys and settings become ours."""

from ugatit.errors import WeightsError
from ugatit.models.published_state import (
    BATCH_COUNT,
    PublishedNetwork,
    convert_network,
    kernel_shape,
    norm_at,
    plain_keys,
    plain_state,
)
from ugatit.networks.patchgan import MAX_LAYERS, PatchDiscriminator
from ugatit.text import one_line

PATCH_START, PIXEL_START = "model.0.weight", "net.0.weight"
RESNET_START = "model.1.weight"


def is_published_critic(checkpoint: object) -> bool:
    """Return whether a loaded object looks like a published discriminator, of patches or of pixels."""
    keys = plain_keys(checkpoint)
    return PIXEL_START in keys or (PATCH_START in keys and RESNET_START not in keys)


def convert_critic(name: str, checkpoint: object) -> PublishedNetwork:
    """Return a published discriminator, of patches or of pixels, as settings and weights of `PatchDiscriminator`.

    name: of the network, for messages. Raises WeightsError if it is another network, damaged or cut off.
    """
    state = plain_state(name, checkpoint, ignored=BATCH_COUNT)
    root, start = ("net", PIXEL_START) if PIXEL_START in state else ("model", PATCH_START)
    if start not in state:
        first = one_line(repr(next(iter(state), "")), 80)
        raise WeightsError(f"{name} is no published discriminator: its first entry is {first}.")
    # Convolution, norm and activation take three places; the first layer has no norm.
    convs = [0]
    while f"{root}.{3 * len(convs) - 1}.weight" in state and len(convs) < MAX_LAYERS + 2:
        convs.append(3 * len(convs) - 1)
    width, channels = kernel_shape(name, state, start)[:2]
    layers = 0 if root == "net" else len(convs) - 2
    settings = {"layers": layers, "width": width, "channels": channels, "norm": norm_at(state, f"{root}.3")}
    if root == "model" and layers < 1:
        raise WeightsError(f"{name} has {len(convs)} convolutions; it needs three or more: it is cut off.")
    keys = {f"{root}.{conv}": f"blocks.{place}.conv" for place, conv in enumerate(convs)}
    keys |= {f"{root}.{conv + 1}": f"blocks.{place}.norm" for place, conv in enumerate(convs) if 0 < conv < convs[-1]}
    return convert_network(name, PatchDiscriminator, settings, state, keys)
