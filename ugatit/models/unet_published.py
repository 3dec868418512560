"""Published U-Net generators (`latest_net_G.pth`, `latest_net_G_A.pth`): their keys and settings become ours.

The U-Net nests: each level's module holds the next inner one.
"""

from ugatit.errors import WeightsError
from ugatit.models.published_state import (
    BATCH_COUNT,
    PublishedNetwork,
    StateDict,
    convert_network,
    kernel_shape,
    norm_at,
    plain_keys,
    plain_state,
)
from ugatit.networks.pix2pix import MAX_LEVELS, UNetGenerator

UNET_START = "model.model.0.weight"


def is_published_unet(checkpoint: object) -> bool:
    """Return whether a loaded object looks like a published U-Net."""
    return UNET_START in plain_keys(checkpoint)


def convert_unet(name: str, checkpoint: object) -> PublishedNetwork:
    """Return a published U-Net as settings and weights of `UNetGenerator`.

    name: of the network, for messages. Raises WeightsError if it is another network, damaged or cut off.
    """
    state = plain_state(name, checkpoint, ignored=BATCH_COUNT)
    prefixes = _prefixes(name, state)
    levels = len(prefixes)
    norm = norm_at(state, f"{prefixes[1]}.2")
    width, inputs = kernel_shape(name, state, UNET_START)[:2]
    outputs = kernel_shape(name, state, f"{prefixes[0]}.3.weight")[1]
    settings = {"levels": levels, "width": width, "inputs": inputs, "outputs": outputs, "norm": norm}
    return convert_network(name, UNetGenerator, settings, state, _modules(prefixes))


def _prefixes(name: str, state: StateDict) -> list[str]:
    """Return the prefix of each level's module, outermost first."""
    prefixes = ["model.model", "model.model.1.model"]
    while f"{prefixes[-1]}.3.model.1.weight" in state:
        prefixes.append(f"{prefixes[-1]}.3.model")
        if len(prefixes) > MAX_LEVELS:
            raise WeightsError(f"{name} has more than {MAX_LEVELS} levels.")
    return prefixes


def _modules(prefixes: list[str]) -> dict[str, str]:
    """Map published modules to ours."""
    inner = len(prefixes) - 1
    modules: dict[str, str] = {}
    for level, prefix in enumerate(prefixes):
        ours = f"decoder.{inner - level}"
        down, up = (0, 3) if level == 0 else (1, 3) if level == inner else (1, 5)
        modules |= {f"{prefix}.{down}": f"encoder.{level}.conv", f"{prefix}.{up}": f"{ours}.conv"}
        if level:
            modules[f"{prefix}.{up + 1}"] = f"{ours}.norm"
        if 0 < level < inner:
            modules[f"{prefix}.2"] = f"encoder.{level}.norm"
    return modules
