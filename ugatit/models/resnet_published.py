"""Published ResNet generators (`latest_net_G_A.pth`, `latest_net_G.pth`): their keys and settings become ours."""

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
from ugatit.networks.cyclegan import ResnetGenerator

FIRST_CONV = "model.1.weight"
FIRST_BLOCK = 10
"""The place of the first residual block; padding, convolutions, norms and activations stand before it."""


def is_published_resnet(checkpoint: object) -> bool:
    """Return whether a loaded object looks like a published ResNet generator."""
    return {FIRST_CONV, "model.4.weight", "model.7.weight"} <= plain_keys(checkpoint)


def convert_resnet(name: str, checkpoint: object) -> PublishedNetwork:
    """Return a published ResNet generator as settings and weights of `ResnetGenerator`.

    name: of the network, for messages. Raises WeightsError if it is another network, damaged or cut off.
    """
    state = plain_state(name, checkpoint, ignored=BATCH_COUNT)
    blocks = sum(re.fullmatch(r"model\.\d+\.conv_block\.1\.weight", key) is not None for key in state)
    # With dropout, which does nothing once trained, a block's second convolution stands one place later.
    with_dropout = state.get(f"model.{FIRST_BLOCK}.conv_block.6.weight")
    second = 6 if with_dropout is not None and with_dropout.dim() == 4 else 5
    settings = {
        "width": kernel_shape(name, state, FIRST_CONV)[0],
        "blocks": blocks,
        "norm": norm_at(state, "model.2"),
    }
    return convert_network(name, ResnetGenerator, settings, state, _modules(blocks, second))


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
