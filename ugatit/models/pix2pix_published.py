"""The published pix2pix checkpoints (`latest_net_G.pth`, `latest_net_D.pth`): their keys and settings become ours.

Each file is the state dict of one network. The U-Net nests: each level's module holds the next inner one.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ugatit.errors import WeightsError
from ugatit.models.patchgan_published import convert_critic
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
from ugatit.models.resnet_published import FIRST_CONV
from ugatit.networks.pix2pix import MAX_LEVELS, UNetGenerator
from ugatit.text import one_line

UNET_START = "model.model.0.weight"
FILE = re.compile(r"(?P<epoch>\w+)_(?P<network>net_[GD])\.pth")


def published_files(names: Sequence[str], chosen: str) -> dict[str, str]:
    """Return the files of the epoch of the file `chosen`, by network; empty unless its critic lies there too.

    names: of the files in its folder. A generator alone needs no name: its keys tell what it is.
    """
    if not (match := FILE.fullmatch(chosen)):
        return {}
    files = {network: f"{match['epoch']}_{network}.pth" for network in ("net_G", "net_D")}
    return files if set(files.values()) <= set(names) else {}


def is_published_generator(checkpoint: object) -> bool:
    """Return whether a loaded object looks like a published U-Net."""
    return UNET_START in plain_keys(checkpoint)


def is_published(checkpoint: object) -> bool:
    """Return whether a loaded object holds both networks by their published names, or is a U-Net alone."""
    both = isinstance(checkpoint, Mapping) and {"net_G", "net_D"} <= {*checkpoint}
    return both or is_published_generator(checkpoint)


def convert(checkpoint: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, PublishedNetwork]]:
    """Return the settings of `Pix2PixConfig` that the shapes tell, and the networks by our names.

    Raises WeightsError for a network that is damaged or another, and for two that do not belong together.
    """
    both = "net_G" in checkpoint
    generator = convert_generator(checkpoint["net_G"] if both else checkpoint)
    networks = {"generator": generator}
    ours = generator.settings
    settings = {"ngf": ours["width"], **{name: ours[name] for name in ("levels", "inputs", "outputs", "norm")}}
    settings |= {"critics": both}
    if both:
        critic = networks["critic.patches"] = convert_critic("net_D", checkpoint["net_D"])
        judged, made = critic.settings["channels"], ours["inputs"] + ours["outputs"]
        if judged != made:
            raise WeightsError(
                f"net_D judges {judged} channels, net_G takes and makes {made}: they are not of one run."
            )
        settings |= {"ndf": critic.settings["width"], "layers": critic.settings["layers"]}
    return settings, networks


def convert_generator(checkpoint: object) -> PublishedNetwork:
    """Return a published U-Net as settings and weights of `UNetGenerator`.

    Raises WeightsError if it is another network, damaged or cut off.
    """
    state = plain_state("net_G", checkpoint, ignored=BATCH_COUNT)
    if UNET_START not in state:
        kind = "a ResNet generator, not a U-Net" if FIRST_CONV in state else "no published U-Net"
        raise WeightsError(f"net_G is {kind}: its first entry is {one_line(repr(next(iter(state), '')), 80)}.")
    prefixes = _unet_prefixes(state)
    levels = len(prefixes)
    norm = norm_at(state, f"{prefixes[1]}.2")
    width, inputs = kernel_shape("net_G", state, UNET_START)[:2]
    outputs = kernel_shape("net_G", state, f"{prefixes[0]}.3.weight")[1]
    settings = {"levels": levels, "width": width, "inputs": inputs, "outputs": outputs, "norm": norm}
    return convert_network("net_G", UNetGenerator, settings, state, _unet_modules(prefixes))


def _unet_prefixes(state: StateDict) -> list[str]:
    """Return the prefix of each level's module, outermost first."""
    prefixes = ["model.model", "model.model.1.model"]
    while f"{prefixes[-1]}.3.model.1.weight" in state:
        prefixes.append(f"{prefixes[-1]}.3.model")
        if len(prefixes) > MAX_LEVELS:
            raise WeightsError(f"net_G has more than {MAX_LEVELS} levels.")
    return prefixes


def _unet_modules(prefixes: list[str]) -> dict[str, str]:
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
