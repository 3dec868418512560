"""The published U-GAT-IT checkpoint format: map its keys to ours and infer the settings from tensor shapes.

The file is a dict of six state dicts (genA2B, genB2A, disGA, disGB, disLA, disLB), written with `torch.save`.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ugatit.errors import WeightsError
from ugatit.models.published_state import StateDict, plain_state
from ugatit.text import one_line

NETWORKS = {
    "genA2B": "generator_ab",
    "genB2A": "generator_ba",
    "disGA": "global_a",
    "disGB": "global_b",
    "disLA": "local_a",
    "disLB": "local_b",
}
"""The published name of each network, and our name."""

FUSE_KEYS = {f"conv1x1.{part}": f"attention.fuse.{part}" for part in ("weight", "bias")}


def generator_keys(blocks: int) -> dict[str, str]:
    """Map published keys to ours for a generator with `blocks` residual blocks in encoder and decoder each."""
    keys = {f"DownBlock.{1 + 4 * i}.weight": f"encoder.{i}.conv.weight" for i in range(3)}
    for i in range(blocks):
        for conv, index in (("conv1", 1), ("conv2", 5)):
            keys[f"DownBlock.{12 + i}.conv_block.{index}.weight"] = f"encoder.{3 + i}.{conv}.weight"
        for part in ("conv1.weight", "norm1.rho", "conv2.weight", "norm2.rho"):
            keys[f"UpBlock1_{i + 1}.{part}"] = f"decoder.{i}.{part}"
    keys |= {f"{name}_fc.weight": f"attention.{name}.weight" for name in ("gap", "gmp")} | FUSE_KEYS
    keys |= {f"FC.{2 * i}.weight": f"modulation.hidden{i + 1}.weight" for i in range(2)}
    keys |= {f"{name}.weight": f"modulation.{name}.weight" for name in ("gamma", "beta")}
    for i in range(2):
        keys[f"UpBlock2.{2 + 5 * i}.weight"] = f"upsampling.{i}.weight"
        for name in ("rho", "gamma", "beta"):
            keys[f"UpBlock2.{3 + 5 * i}.{name}"] = f"upsampling.{i}.norm.{name}"
    keys["UpBlock2.11.weight"] = "to_rgb.weight"
    return keys


def discriminator_keys(layers: int) -> dict[str, str]:
    """Map published keys to ours for a critic with `layers` layers."""
    spectral = {"weight_orig": "weight", "weight_u": "u", "weight_v": "v"}
    keys = {}
    for i in range(layers - 1):
        for theirs, ours in {**spectral, "bias": "bias"}.items():
            keys[f"model.{1 + 3 * i}.{theirs}"] = f"encoder.{i}.{ours}"
    for theirs, ours in spectral.items():
        keys[f"conv.{theirs}"] = f"to_patches.{ours}"
        keys[f"gap_fc.{theirs}"] = f"attention.gap.{ours}"
        keys[f"gmp_fc.{theirs}"] = f"attention.gmp.{ours}"
    return keys | FUSE_KEYS


def is_published(checkpoint: object) -> bool:
    """Return whether a loaded object contains the six networks of the published format."""
    return isinstance(checkpoint, Mapping) and set(NETWORKS) <= set(checkpoint)


def extract_networks(checkpoint: Mapping[str, object]) -> dict[str, StateDict]:
    """Return the six state dicts of a published checkpoint, without other entries such as an epoch or an optimizer.

    Removes the prefix `module.`, which DataParallel adds, if all keys of a network have it.
    Raises WeightsError for a network that is not a state dict, or if its two copies, one for each domain, differ in
    shape.
    """
    networks: dict[str, StateDict] = {name: plain_state(name, checkpoint[name]) for name in NETWORKS}
    for name, twin in (("genA2B", "genB2A"), ("disGA", "disGB"), ("disLA", "disLB")):
        ours, theirs = networks[name], networks[twin]
        for key in sorted(set(ours) & set(theirs)):
            if ours[key].shape != theirs[key].shape:
                shapes = [one_line(tuple(network[key].shape), 60) for network in (ours, theirs)]
                raise WeightsError(f"{name} and {twin} are of different sizes: {key!r} is {shapes[0]} and {shapes[1]}.")
    return networks


def settings_from_shapes(checkpoint: Mapping[str, StateDict], image_size: int | None = None) -> dict[str, Any]:
    """Infer light or full, widths, depths and image size, the settings of `UGATITConfig`, from the tensor shapes.

    checkpoint: the result of `extract_networks`.
    image_size: of a light checkpoint, whose shapes do not determine it; defaults to 256. A full one must agree with it.
    Raises WeightsError if a tensor needed for this is missing or has an impossible shape.
    """
    generator, critic = checkpoint["genA2B"], checkpoint["disGA"]
    ngf = _shape(generator, "genA2B", "DownBlock.1.weight", 4)[0]
    hidden, inputs = _shape(generator, "genA2B", "FC.0.weight", 2)
    light = inputs == hidden
    if not light:
        side = math.isqrt(inputs // max(1, 4 * ngf))
        if not side or side * side * 4 * ngf != inputs:
            raise WeightsError(f"genA2B: FC.0.weight has {inputs} inputs, which no square picture gives.")
        if image_size not in (None, 4 * side):
            raise WeightsError(f"This full checkpoint is for {4 * side} px, not {image_size} px.")
        image_size = 4 * side
    return {
        "image_size": 256 if image_size is None else image_size,
        "light": light,
        "ngf": ngf,
        "ndf": _shape(critic, "disGA", "model.1.weight_orig", 4)[0],
        "blocks": _count(generator, r"UpBlock1_\d+\.conv1\.weight"),
        "global_layers": _count(critic, r"model\.\d+\.weight_orig") + 1,
        "local_layers": _count(checkpoint["disLA"], r"model\.\d+\.weight_orig") + 1,
    }


def convert(
    checkpoint: Mapping[str, StateDict], blocks: int, global_layers: int, local_layers: int
) -> dict[str, Tensor]:
    """Return a state dict for `ugatit.models.UGATIT` of these depths. checkpoint: the result of `extract_networks`.

    Raises WeightsError naming the first entry that is missing or unknown.
    """
    converted = {}
    for theirs, ours in NETWORKS.items():
        if theirs.startswith("gen"):
            keys = generator_keys(blocks)
        else:
            layers = global_layers if theirs.startswith("disG") else local_layers
            keys = discriminator_keys(layers)
        state = checkpoint[theirs]
        if missing := sorted(set(keys) - set(state)):
            raise WeightsError(f"{theirs} lacks {missing[0]!r}: the checkpoint is cut off or of another model.")
        if unknown := sorted(set(state) - set(keys)):
            raise WeightsError(f"{theirs} holds {one_line(repr(unknown[0]), 80)}, which U-GAT-IT does not know.")
        for their_key, our_key in keys.items():
            tensor = state[their_key]
            # Published norms store parameters as (1, K, 1, 1), ours as (K,).
            if our_key.rpartition(".")[2] in ("rho", "gamma", "beta") and "norm" in our_key:
                tensor = tensor.flatten()
            converted[f"{ours}.{our_key}"] = tensor
    return converted


def _shape(state: StateDict, network: str, key: str, dimensions: int) -> tuple[int, ...]:
    tensor = state.get(key)
    if tensor is None or tensor.dim() != dimensions:
        raise WeightsError(f"{network} has no usable {key!r}: not a published U-GAT-IT checkpoint for PyTorch.")
    return tuple(tensor.shape)


def _count(state: StateDict, pattern: str) -> int:
    return sum(re.fullmatch(pattern, key) is not None for key in state)
