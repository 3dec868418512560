"""The published pix2pix checkpoints (`latest_net_G.pth`, `latest_net_D.pth`): their keys and settings become ours.

Each file is the state dict of one network. The U-Net nests: each level's module holds the next inner one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ugatit.errors import ConfigError, WeightsError
from ugatit.networks.pix2pix import MAX_LAYERS, MAX_LEVELS, PatchDiscriminator, UNetGenerator
from ugatit.text import one_line

StateDict = Mapping[str, Tensor]
NORM_PARTS = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
RUNNING = re.compile(r"(.+)\.(running_mean|running_var|num_batches_tracked)")
UNET_START, PATCH_START, PIXEL_START = "model.model.0.weight", "model.0.weight", "net.0.weight"
RESNET_START = "model.1.weight"


@dataclass(frozen=True)
class PublishedNetwork:
    """A converted network. settings: the arguments of its class. weights: its state dict."""

    settings: dict[str, Any]
    weights: dict[str, Tensor]


def is_published_generator(checkpoint: object) -> bool:
    """Return whether a loaded object looks like a published U-Net."""
    return isinstance(checkpoint, Mapping) and UNET_START in _unwrapped(checkpoint)


def is_published_critic(checkpoint: object) -> bool:
    """Return whether a loaded object looks like a published discriminator, of patches or of pixels."""
    if not isinstance(checkpoint, Mapping):
        return False
    keys = _unwrapped(checkpoint)
    return PIXEL_START in keys or (PATCH_START in keys and RESNET_START not in keys)


def convert_generator(checkpoint: object) -> PublishedNetwork:
    """Return a published U-Net as settings and weights of `UNetGenerator`.

    Raises WeightsError if it is another network, damaged or cut off.
    """
    state = _state_dict("net_G", checkpoint)
    if UNET_START not in state:
        kind = "a ResNet generator, which is not read here" if RESNET_START in state else "no published U-Net"
        raise WeightsError(f"net_G is {kind}: its first entry is {one_line(repr(next(iter(state))), 80)}.")
    prefixes = _unet_prefixes(state)
    levels = len(prefixes)
    norm = _norm_of(state, f"{prefixes[1]}.2")
    width, inputs = _shape(state, "net_G", UNET_START)[:2]
    outputs = _shape(state, "net_G", f"{prefixes[0]}.3.weight")[1]
    settings = {"levels": levels, "width": width, "inputs": inputs, "outputs": outputs, "norm": norm}
    return _converted("net_G", UNetGenerator, settings, state, _unet_keys(prefixes))


def convert_critic(checkpoint: object) -> PublishedNetwork:
    """Return a published discriminator, of patches or of pixels, as settings and weights of `PatchDiscriminator`.

    Raises WeightsError if it is another network, damaged or cut off.
    """
    state = _state_dict("net_D", checkpoint)
    root, start = ("net", PIXEL_START) if PIXEL_START in state else ("model", PATCH_START)
    if start not in state:
        first = one_line(repr(next(iter(state))), 80)
        raise WeightsError(f"net_D is no published discriminator: its first entry is {first}.")
    # Convolution, norm and activation take three places; the first layer has no norm.
    convs = [0]
    while f"{root}.{3 * len(convs) - 1}.weight" in state and len(convs) < MAX_LAYERS + 2:
        convs.append(3 * len(convs) - 1)
    width, channels = _shape(state, "net_D", start)[:2]
    layers = 0 if root == "net" else len(convs) - 2
    settings = {"layers": layers, "width": width, "channels": channels, "norm": _norm_of(state, f"{root}.3")}
    if root == "model" and layers < 1:
        raise WeightsError(f"net_D has {len(convs)} convolutions; it needs three or more: it is cut off.")
    keys = {f"{root}.{conv}": f"blocks.{place}.conv" for place, conv in enumerate(convs)}
    keys |= {f"{root}.{conv + 1}": f"blocks.{place}.norm" for place, conv in enumerate(convs) if 0 < conv < convs[-1]}
    return _converted("net_D", PatchDiscriminator, settings, state, keys)


def _unet_prefixes(state: StateDict) -> list[str]:
    """Return the prefix of each level's module, outermost first."""
    prefixes = ["model.model", "model.model.1.model"]
    while f"{prefixes[-1]}.3.model.1.weight" in state:
        prefixes.append(f"{prefixes[-1]}.3.model")
        if len(prefixes) > MAX_LEVELS:
            raise WeightsError(f"net_G has more than {MAX_LEVELS} levels.")
    return prefixes


def _unet_keys(prefixes: list[str]) -> dict[str, str]:
    """Map published modules to ours."""
    inner = len(prefixes) - 1
    keys: dict[str, str] = {}
    for level, prefix in enumerate(prefixes):
        ours = f"decoder.{inner - level}"
        down, up = (0, 3) if level == 0 else (1, 3) if level == inner else (1, 5)
        keys |= {f"{prefix}.{down}": f"encoder.{level}.conv", f"{prefix}.{up}": f"{ours}.conv"}
        if level:
            keys[f"{prefix}.{up + 1}"] = f"{ours}.norm"
        if 0 < level < inner:
            keys[f"{prefix}.2"] = f"encoder.{level}.norm"
    return keys


def _converted(
    name: str,
    network_type: type[UNetGenerator] | type[PatchDiscriminator],
    settings: dict[str, Any],
    state: StateDict,
    modules: Mapping[str, str],
) -> PublishedNetwork:
    try:
        with torch.device("meta"):
            network: nn.Module = network_type(**settings)
    except (ConfigError, RuntimeError) as error:
        raise WeightsError(f"{name} has impossible sizes: {one_line(error)}") from error
    wanted = network.state_dict()
    # Old torch kept running statistics of instance norm too, though nothing reads them.
    norms = {theirs for theirs, ours in modules.items() if ours.endswith(".norm")}
    unused = [key for key in state if (match := RUNNING.fullmatch(key)) and match[1] in norms]
    theirs = {key: tensor for key, tensor in state.items() if settings["norm"] == "batch" or key not in unused}
    weights = {}
    for key, our_key in _keys(modules, wanted).items():
        tensor = theirs.pop(key, None)
        # torch before 0.4.1 did not count the batches.
        if tensor is None and key.endswith("num_batches_tracked"):
            tensor = torch.tensor(0)
        if tensor is None:
            raise WeightsError(f"{name} lacks {key!r}: the checkpoint is cut off or of another model.")
        if tensor.shape != wanted[our_key].shape:
            found, right = tuple(tensor.shape), tuple(wanted[our_key].shape)
            raise WeightsError(f"{name}: {key!r} is {one_line(found, 60)}, it should be {right}.")
        if not torch.isfinite(tensor).all():
            raise WeightsError(f"{name}: {key!r} holds numbers that are not finite.")
        weights[our_key] = tensor.to(wanted[our_key].dtype)
    if theirs:
        raise WeightsError(f"{name} holds {one_line(repr(min(theirs)), 80)}, which pix2pix does not know.")
    return PublishedNetwork(settings, weights)


def _keys(modules: Mapping[str, str], wanted: StateDict) -> dict[str, str]:
    """Map published keys to ours, for the entries that our network has."""
    pairs = ((f"{theirs}.{part}", f"{ours}.{part}") for theirs, ours in modules.items() for part in NORM_PARTS)
    return {theirs: ours for theirs, ours in pairs if ours in wanted}


def _norm_of(state: StateDict, module: str) -> str:
    """Return which norm stands at a place of the network: batch norm has weights, instance norm has none."""
    return "batch" if f"{module}.weight" in state else "instance"


def _unwrapped(checkpoint: Mapping[Any, Any]) -> set[str]:
    return {str(key).removeprefix("module.") for key in checkpoint}


def _state_dict(name: str, checkpoint: object) -> dict[str, Tensor]:
    """Return the state dict without the prefix `module.`, which DataParallel adds."""
    if not isinstance(checkpoint, Mapping) or not checkpoint:
        raise WeightsError(f"{name} must be a state dict with entries, got {one_line(type(checkpoint).__name__, 60)}.")
    wrapped = all(str(key).startswith("module.") for key in checkpoint)
    state = {}
    for key, tensor in checkpoint.items():
        counted = str(key).endswith("num_batches_tracked")
        if not isinstance(tensor, Tensor) or not (tensor.is_floating_point() or counted):
            raise WeightsError(f"{name}: {one_line(key, 80)} is not a tensor of floating-point numbers.")
        state[str(key).removeprefix("module.") if wrapped else str(key)] = tensor
    return state


def _shape(state: StateDict, name: str, key: str) -> tuple[int, ...]:
    tensor = state.get(key)
    if tensor is None or tensor.dim() != 4:
        raise WeightsError(f"{name} has no usable {key!r}: it is cut off, or no published pix2pix network.")
    return tuple(tensor.shape)
