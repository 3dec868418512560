"""The published StarGAN checkpoint format: map its keys to ours and infer the settings from tensor shapes.

Each network has a file, `ITERATION-G.ckpt` and `ITERATION-D.ckpt`, a state dict. Running statistics are stored with the
generator's instance norms, but the published sampling does not use them, so they are left out.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from ugatit.errors import ConfigError, WeightsError
from ugatit.models.published_state import StateDict, plain_state
from ugatit.models.stargan_config import StarGANConfig
from ugatit.text import one_line

FILE = re.compile(r"(?P<iteration>\w+)-[GD]\.ckpt")
NETWORKS = {"G": "generator", "D": "critic"}
"""The published name of each network, and ours."""
UNUSED = ("running_mean", "running_var", "num_batches_tracked")
MASK_PLANES = 2
"""The label planes of a joint model that say which of its two data sets the other labels are of."""
PUBLISHED_JOINT = (5, 8)
"""Domains of the two sets of the published joint model: CelebA's attributes and RaFD's expressions."""


def published_files(names: Sequence[str], chosen: str) -> dict[str, str]:
    """Return the files of the iteration of the file `chosen`, by network; empty if it is no network of StarGAN.

    names: of the files in its folder.
    """
    if not (match := FILE.fullmatch(chosen)):
        return {}
    files = {network: f"{match['iteration']}-{network}.ckpt" for network in NETWORKS}
    return {network: name for network, name in files.items() if name in names}


def is_published(checkpoint: object) -> bool:
    """Return whether a loaded object holds a generator by its published name and keys."""
    if not isinstance(checkpoint, Mapping) or not isinstance(generator := checkpoint.get("G"), Mapping):
        return False
    return "main.0.weight" in {str(key).removeprefix("module.") for key in generator}


def extract_networks(checkpoint: Mapping[str, object]) -> dict[str, StateDict]:
    """Return the state dicts of the networks that are there, without what the published sampling does not use.

    Raises WeightsError without a generator, and for a network that is not a state dict.
    """
    if "G" not in checkpoint:
        raise WeightsError("the file of the generator, -G.ckpt with the same number, is missing beside it.")
    return {name: plain_state(name, checkpoint[name], UNUSED) for name in NETWORKS if name in checkpoint}


def read_published(
    networks: Mapping[str, StateDict], domains: tuple[str, ...] | None, image_size: int | None
) -> tuple[StarGANConfig, dict[str, Tensor]]:
    """Return the config and the state dict of `ugatit.models.StarGAN`. networks: the result of `extract_networks`.

    Without names, the domains are exclusive and called `0`, `1` and so on. Two label planes more than classes make a
    joint model; its sets are the published ones if their numbers fit, else halves. A generator alone says nothing of
    its size and of a second set. Raises WeightsError for networks that are damaged or not of one model, ConfigError
    for a wrong number of names.
    """
    settings = settings_from_shapes(networks)
    planes = settings.pop("planes")
    classes = settings.pop("classes", planes)
    if classes < 1 or planes not in (classes, classes + MASK_PLANES):
        raise WeightsError(f"G has {planes} label planes, but D tells {classes} classes apart: not of one model.")
    settings["domains"] = tuple(map(str, range(classes))) if domains is None else domains
    if len(settings["domains"]) != classes:
        raise ConfigError(f"The checkpoint has {classes} domains, got {len(settings['domains'])} names.")
    if planes > classes:
        settings["sets"] = PUBLISHED_JOINT if classes == sum(PUBLISHED_JOINT) else (classes // 2, -(-classes // 2))
    if image_size is not None:
        settings.setdefault("image_size", image_size)
    try:
        config = StarGANConfig(**settings)
    except ConfigError as error:
        raise WeightsError(f"The checkpoint's shapes give no StarGAN: {one_line(error)}") from error
    return config, convert(networks, config.blocks, config.layers)


def settings_from_shapes(networks: Mapping[str, StateDict]) -> dict[str, Any]:
    """Infer widths, depths, size and numbers of labels from the tensor shapes: settings of `StarGANConfig`.

    Beside them `planes`, the label planes, and with a critic `classes`. networks: the result of `extract_networks`.
    Raises WeightsError if a tensor needed for this is missing.
    """
    first = _shape(networks["G"], "G", "main.0.weight")
    settings: dict[str, Any] = {
        "ngf": first[0],
        "planes": first[1] - 3,
        "blocks": sum(re.fullmatch(r"main\.\d+\.main\.0\.weight", key) is not None for key in networks["G"]),
        "critics": "D" in networks,
    }
    if critic := networks.get("D"):
        classes, _, side, _ = _shape(critic, "D", "conv2.weight")
        layers = sum(re.fullmatch(r"main\.\d+\.weight", key) is not None for key in critic)
        # More layers than any picture has, so that a hostile file makes no huge number of it.
        size = side << min(layers, 32)
        ndf = _shape(critic, "D", "main.0.weight")[0]
        settings |= {"ndf": ndf, "layers": layers, "classes": classes, "image_size": size}
    return settings


def convert(networks: Mapping[str, StateDict], blocks: int, layers: int) -> dict[str, Tensor]:
    """Return a state dict for `ugatit.models.StarGAN` of these depths. networks: the result of `extract_networks`.

    Raises WeightsError naming the first entry that is missing or unknown.
    """
    converted: dict[str, Tensor] = {}
    for theirs, state in networks.items():
        keys = generator_keys(blocks) if theirs == "G" else critic_keys(layers)
        if missing := sorted(set(keys) - set(state)):
            raise WeightsError(f"{theirs} lacks {missing[0]!r}: the checkpoint is cut off or of another model.")
        if unknown := sorted(set(state) - set(keys)):
            raise WeightsError(f"{theirs} holds {one_line(repr(unknown[0]), 80)}, which StarGAN does not know.")
        converted |= {f"{NETWORKS[theirs]}.{ours}": state[key] for key, ours in keys.items()}
    return converted


def generator_keys(blocks: int) -> dict[str, str]:
    """Map published keys of the generator to ours."""
    convs = {f"main.{3 * i}": f"encoder.{2 * i}" for i in range(3)}
    norms = {f"main.{3 * i + 1}": f"encoder.{2 * i + 1}" for i in range(3)}
    for i in range(blocks):
        for part, place in ((1, 0), (2, 3)):
            convs[f"main.{9 + i}.main.{place}"] = f"blocks.{i}.conv{part}"
            norms[f"main.{9 + i}.main.{place + 1}"] = f"blocks.{i}.norm{part}"
    for i in range(2):
        convs[f"main.{9 + blocks + 3 * i}"] = f"decoder.{2 * i}"
        norms[f"main.{10 + blocks + 3 * i}"] = f"decoder.{2 * i + 1}"
    convs[f"main.{15 + blocks}"] = "to_rgb"
    keys = {f"{theirs}.weight": f"{ours}.weight" for theirs, ours in {**convs, **norms}.items()}
    return keys | {f"{theirs}.bias": f"{ours}.bias" for theirs, ours in norms.items()}


def critic_keys(layers: int) -> dict[str, str]:
    """Map published keys of the critic with `layers` convolutions that halve the size to ours."""
    keys = {f"main.{2 * i}.{part}": f"convs.{i}.{part}" for i in range(layers) for part in ("weight", "bias")}
    return keys | {"conv1.weight": "to_patches.weight", "conv2.weight": "to_classes.weight"}


def _shape(state: StateDict, network: str, key: str) -> tuple[int, ...]:
    tensor = state.get(key)
    if tensor is None or tensor.dim() != 4:
        raise WeightsError(f"{network} has no usable {key!r}: not a network of StarGAN.")
    return tuple(tensor.shape)
