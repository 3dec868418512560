"""Published ResNet generators (`latest_net_G_A.pth`, `latest_net_G.pth`): their keys and settings become ours.

Trained with dropout, a block has a layer more, without weights: its second convolution stands one place later.
"""

import re

from ugatit.models.published_state import (
    BATCH_COUNT,
    PublishedNetwork,
    convert_network,
    kernel_shape,
    norm_at,
    plain_keys,
    plain_state,
)
from ugatit.networks.pix2pix_resnet import NoisyResnetGenerator

FIRST_CONV = "model.1.weight"
FIRST_BLOCK = 10
"""The place of the first residual block; padding, convolutions, norms and activations stand before it."""


def is_published_resnet(checkpoint: object) -> bool:
    """Return whether a loaded object looks like a published ResNet generator."""
    return {FIRST_CONV, "model.4.weight", "model.7.weight"} <= plain_keys(checkpoint)


def has_dropout(checkpoint: object) -> bool:
    """Return whether a published ResNet generator was trained with dropout in its blocks."""
    block, keys = f"model.{FIRST_BLOCK}.conv_block", plain_keys(checkpoint)
    return f"{block}.6.weight" in keys and f"{block}.5.weight" not in keys


def convert_resnet(name: str, checkpoint: object) -> PublishedNetwork:
    """Return a published ResNet generator as settings and weights of `NoisyResnetGenerator`.

    With pictures of three channels these are also the weights of `ugatit.networks.cyclegan.ResnetGenerator`.

    name: of the network, for messages. Raises WeightsError if it is another network, damaged or cut off.
    """
    state = plain_state(name, checkpoint, ignored=BATCH_COUNT)
    blocks = sum(re.fullmatch(r"model\.\d+\.conv_block\.1\.weight", key) is not None for key in state)
    width, inputs = kernel_shape(name, state, FIRST_CONV)[:2]
    modules = _modules(blocks, 6 if has_dropout(state) else 5)
    outputs = kernel_shape(name, state, f"model.{FIRST_BLOCK + blocks + 7}.weight")[0]
    settings = {
        "width": width, "blocks": blocks, "norm": norm_at(state, "model.2"), "inputs": inputs, "outputs": outputs,
    }  # fmt: skip
    return convert_network(name, NoisyResnetGenerator, settings, state, modules)


def _modules(blocks: int, second: int) -> dict[str, str]:
    """Map published modules to ours. second: the place of a block's second convolution."""
    end = FIRST_BLOCK + blocks
    modules = {f"model.{end + 7}": "to_rgb"}
    for i in range(3):
        modules |= {f"model.{1 + 3 * i}": f"encoder.{2 * i}", f"model.{2 + 3 * i}": f"encoder.{2 * i + 1}"}
    for i in range(2):
        modules |= {f"model.{end + 3 * i}": f"decoder.{2 * i}", f"model.{end + 1 + 3 * i}": f"decoder.{2 * i + 1}"}
    for i in range(blocks):
        block = f"model.{FIRST_BLOCK + i}.conv_block"
        for number, place in ((1, 1), (2, second)):
            modules |= {f"{block}.{place}": f"blocks.{i}.conv{number}"}
            modules |= {f"{block}.{place + 1}": f"blocks.{i}.norm{number}"}
    return modules
