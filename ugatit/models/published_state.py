"""State dicts of published checkpoints, common to all formats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from ugatit.errors import ConfigError, WeightsError
from ugatit.text import one_line

StateDict = Mapping[str, Tensor]
Config = TypeVar("Config")
RUNNING = ("running_mean", "running_var")
NORM_PARTS = ("weight", "bias", *RUNNING)
BATCH_COUNT = ("num_batches_tracked",)
"""An integer that torch's batch norm counts; nothing reads it."""


@dataclass(frozen=True)
class PublishedNetwork:
    """A converted network. settings: the arguments of its class. weights: its state dict."""

    settings: dict[str, Any]
    weights: dict[str, Tensor]


def plain_state(name: str, state: object, ignored: tuple[str, ...] = ()) -> dict[str, Tensor]:
    """Return the tensors of a network's state dict by key.

    Removes the prefix `module.`, which DataParallel adds, if all keys have it.
    name: of the network, for messages. ignored: last parts of the keys to leave out.
    Raises WeightsError for anything that is no state dict of floating-point numbers.
    """
    if not isinstance(state, Mapping) or not state:
        raise WeightsError(f"{name} must be a state dict with entries, got {one_line(type(state).__name__, 60)}.")
    wrapped = all(str(key).startswith("module.") for key in state)
    tensors = {}
    for key, tensor in state.items():
        if str(key).rpartition(".")[2] in ignored:
            continue
        if not isinstance(tensor, Tensor) or not tensor.is_floating_point():
            raise WeightsError(f"{name}: {one_line(key, 80)} is not a tensor of floating-point numbers.")
        tensors[str(key).removeprefix("module.") if wrapped else str(key)] = tensor
    return tensors


def plain_keys(checkpoint: object) -> set[str]:
    """Return the keys of a loaded object without the prefix `module.`; empty if it is no state dict."""
    return {str(key).removeprefix("module.") for key in checkpoint} if isinstance(checkpoint, Mapping) else set()


def kernel_shape(name: str, state: StateDict, key: str) -> tuple[int, ...]:
    """Return the shape of a convolution's weight, four numbers. Raises WeightsError if it is missing or no such."""
    tensor = state.get(key)
    if tensor is None or tensor.dim() != 4:
        raise WeightsError(f"{name} has no usable {key!r}: it is cut off, or another network.")
    return tuple(tensor.shape)


def norm_at(state: StateDict, module: str) -> str:
    """Return which norm stands at a place of the network: batch norm has weights, instance norm has none."""
    return "batch" if f"{module}.weight" in state else "instance"


def convert_network(
    name: str,
    network_type: Callable[..., nn.Module],
    settings: dict[str, Any],
    state: StateDict,
    modules: Mapping[str, str],
) -> PublishedNetwork:
    """Return a network's weights under our names.

    network_type, settings: make our network. state: from `plain_state`. modules: our module by the published one,
    norms among them whether they have weights or not.
    Raises WeightsError for impossible settings and naming the first entry that is missing, of another shape, not
    finite, or unknown.
    """
    try:
        with torch.device("meta"):
            wanted = network_type(**settings).state_dict()
    except (ConfigError, RuntimeError) as error:
        raise WeightsError(f"{name} has impossible sizes: {one_line(error)}") from error
    theirs = dict(state)
    if settings["norm"] == "instance":
        # Early versions of torch kept running statistics of instance norm too, though nothing reads them.
        norms = {published for published, ours in modules.items() if f"{ours}.weight" not in wanted}
        theirs = {key: tensor for key, tensor in state.items() if not _is_running(key, norms)}
    pairs = ((f"{published}.{part}", f"{ours}.{part}") for published, ours in modules.items() for part in NORM_PARTS)
    weights = {}
    for key, our_key in pairs:
        if our_key not in wanted:
            continue
        tensor = theirs.pop(key, None)
        if tensor is None:
            raise WeightsError(f"{name} lacks {key!r}: the checkpoint is cut off or of another model.")
        if tensor.shape != wanted[our_key].shape:
            found, right = tuple(tensor.shape), tuple(wanted[our_key].shape)
            raise WeightsError(f"{name}: {key!r} is {one_line(found, 60)}, it should be {right}.")
        if not torch.isfinite(tensor).all():
            raise WeightsError(f"{name}: {key!r} holds numbers that are not finite.")
        weights[our_key] = tensor
    if theirs:
        raise WeightsError(f"{name} holds {one_line(repr(min(theirs)), 80)}, which the model does not know.")
    return PublishedNetwork(settings, weights)


def published_config(
    config_type: Callable[..., Config], settings: Mapping[str, Any], domains: tuple[str, ...] | None, size: int | None
) -> Config:
    """Return a model's config from the settings that the shapes tell, and the domains and image size that are given.

    Raises WeightsError for settings that are no such config.
    """
    if not size and "levels" in settings:
        # The shapes of a U-Net do not tell its size; the published ones halve it to a single cell.
        size = 2 ** settings["levels"]
    given = {"domains": domains, "image_size": size}
    try:
        return config_type(**{**settings, **{name: value for name, value in given.items() if value is not None}})
    except ConfigError as error:
        raise WeightsError(f"The checkpoint cannot be read as a model: {one_line(error)}") from error


def prefixed(networks: Mapping[str, PublishedNetwork]) -> dict[str, Tensor]:
    """Return the state dict of a model from those of its networks, by the name of the network in the model."""
    return {f"{name}.{key}": tensor for name, network in networks.items() for key, tensor in network.weights.items()}


def _is_running(key: str, norms: set[str]) -> bool:
    module, _, part = key.rpartition(".")
    return part in RUNNING and module in norms
