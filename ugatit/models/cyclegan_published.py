"""The published CycleGAN checkpoint format: map its keys to ours and infer the settings from tensor shapes.

Each network has a file, `EPOCH_net_NAME.pth`, a state dict: G_A translates A to B and D_A judges domain B; G_B and D_B
the other way round. The epoch is a number or `latest`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from ugatit.errors import WeightsError
from ugatit.models.published_state import StateDict, plain_state
from ugatit.text import one_line

NETWORKS = {"net_G_A": "generator_ab", "net_G_B": "generator_ba", "net_D_A": "critic_b", "net_D_B": "critic_a"}
"""The published name of each network, and our name. D_A is named after its generator, not after its domain."""
GENERATORS, CRITICS = ("net_G_A", "net_G_B"), ("net_D_A", "net_D_B")
FILE = re.compile(r"(?P<epoch>\w+)_(?P<network>net_[GD]_[AB])\.pth")
STATISTICS = ("running_mean", "running_var")
NORM_PARTS = ("weight", "bias", *STATISTICS)


def published_files(names: Sequence[str], chosen: str) -> dict[str, str]:
    """Return the files of the epoch of the file `chosen`, by network; empty if it is no network of CycleGAN.

    names: of the files in its folder.
    """
    if not (match := FILE.fullmatch(chosen)):
        return {}
    files = {network: f"{match['epoch']}_{network}.pth" for network in NETWORKS}
    return {network: name for network, name in files.items() if name in names}


def is_published(checkpoint: object) -> bool:
    """Return whether a loaded object holds networks by their published names."""
    return isinstance(checkpoint, Mapping) and set(GENERATORS) <= set(checkpoint)


def extract_networks(checkpoint: Mapping[str, object]) -> dict[str, StateDict]:
    """Return the state dicts of the networks that are there: both generators, and both critics or none.

    Without batch norm running statistics are left out: early versions of torch kept them for instance norm too.
    Raises WeightsError for a network that is missing or is not a state dict.
    """
    present = [network for network in NETWORKS if network in checkpoint]
    needed = NETWORKS if set(CRITICS) & set(present) else GENERATORS
    if missing := [network for network in needed if network not in present]:
        found = ", ".join(present)
        raise WeightsError(
            f"{missing[0]}.pth is missing, there is only {found}: both generators are needed, and both critics or none."
        )
    networks: dict[str, StateDict] = {}
    for name in present:
        state = plain_state(name, checkpoint[name], ignored=("num_batches_tracked",))
        if not _has_batch_norm(state, name):
            state = {key: value for key, value in state.items() if key.rpartition(".")[2] not in STATISTICS}
        networks[name] = state
    return networks


def settings_from_shapes(networks: Mapping[str, StateDict]) -> dict[str, Any]:
    """Infer widths, depths and norm, the settings of `CycleGANConfig`, from the tensor shapes.

    networks: the result of `extract_networks`. Raises WeightsError if a tensor needed for this is missing.
    """
    generator = networks["net_G_A"]
    settings: dict[str, Any] = {
        "ngf": _width(generator, "net_G_A", "model.1.weight"),
        "blocks": sum(re.fullmatch(r"model\.\d+\.conv_block\.1\.weight", key) is not None for key in generator),
        "norm": "batch" if _has_batch_norm(generator, "net_G_A") else "instance",
        "critics": "net_D_A" in networks,
    }
    if critic := networks.get("net_D_A"):
        settings["ndf"] = _width(critic, "net_D_A", "model.0.weight")
        settings["layers"] = sum(_is_conv(key, tensor) for key, tensor in critic.items()) - 2
    return settings


def convert(networks: Mapping[str, StateDict], blocks: int, layers: int, norm: str) -> dict[str, Tensor]:
    """Return a state dict for `ugatit.models.CycleGAN` of these depths. networks: the result of `extract_networks`.

    Raises WeightsError naming the first entry that is missing or unknown.
    """
    converted: dict[str, Tensor] = {}
    for theirs, state in networks.items():
        if theirs in GENERATORS:
            # With dropout, which does nothing once trained, the second convolution stands one place later.
            dropout = "model.10.conv_block.6.weight" in state and state["model.10.conv_block.6.weight"].dim() == 4
            keys = generator_keys(blocks, norm, second=6 if dropout else 5)
        else:
            keys = discriminator_keys(layers, norm)
        if missing := sorted(set(keys) - set(state)):
            raise WeightsError(f"{theirs} lacks {missing[0]!r}: the checkpoint is cut off or of another model.")
        if unknown := sorted(set(state) - set(keys)):
            raise WeightsError(f"{theirs} holds {one_line(repr(unknown[0]), 80)}, which CycleGAN does not know.")
        converted |= {f"{NETWORKS[theirs]}.{ours}": state[key] for key, ours in keys.items()}
    return converted


def generator_keys(blocks: int, norm: str, second: int = 5) -> dict[str, str]:
    """Map published keys to ours. second: place of a block's second convolution."""
    layers = {f"model.{1 + 3 * i}": f"encoder.{2 * i}" for i in range(3)}
    for i in range(blocks):
        layers |= {f"model.{10 + i}.conv_block.{place}": f"blocks.{i}.conv{n}" for n, place in ((1, 1), (2, second))}
    layers |= {f"model.{10 + blocks + 3 * i}": f"decoder.{2 * i}" for i in range(2)}
    keys: dict[str, str] = {}
    for theirs, ours in layers.items():
        keys |= _conv_keys(theirs, ours, bias=norm == "instance")
        if norm == "batch":
            stem, _, place = theirs.rpartition(".")
            our_stem, _, our_place = ours.rpartition(".")
            our_norm = our_place.replace("conv", "norm") if "conv" in our_place else str(int(our_place) + 1)
            keys |= _norm_keys(f"{stem}.{int(place) + 1}", f"{our_stem}.{our_norm}")
    return keys | _conv_keys(f"model.{17 + blocks}", "to_rgb", bias=True)


def discriminator_keys(layers: int, norm: str) -> dict[str, str]:
    """Map published keys to ours for a critic with `layers` convolutions that halve the size."""
    keys = _conv_keys("model.0", "first", bias=True)
    for i in range(layers):
        keys |= _conv_keys(f"model.{2 + 3 * i}", f"convs.{i}", bias=norm == "instance")
        if norm == "batch":
            keys |= _norm_keys(f"model.{3 + 3 * i}", f"norms.{i}")
    return keys | _conv_keys(f"model.{2 + 3 * layers}", "to_patches", bias=True)


def _conv_keys(theirs: str, ours: str, bias: bool) -> dict[str, str]:
    return {f"{theirs}.{part}": f"{ours}.{part}" for part in ("weight", "bias")[: 1 + bias]}


def _norm_keys(theirs: str, ours: str) -> dict[str, str]:
    return {f"{theirs}.{part}": f"{ours}.{part}" for part in NORM_PARTS}


def _has_batch_norm(state: StateDict, network: str) -> bool:
    # The layer after the first convolution that has a norm: batch norm is the one with weights.
    return f"model.{2 if network in GENERATORS else 3}.weight" in state


def _is_conv(key: str, tensor: Tensor) -> bool:
    return key.endswith(".weight") and tensor.dim() == 4


def _width(state: StateDict, network: str, key: str) -> int:
    tensor = state.get(key)
    if tensor is None or tensor.dim() != 4:
        raise WeightsError(f"{network} has no usable {key!r}: not a ResNet generator or PatchGAN of CycleGAN.")
    return int(tensor.shape[0])
