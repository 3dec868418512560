"""State dicts of published checkpoints, common to all formats."""

from collections.abc import Mapping

from torch import Tensor

from ugatit.errors import WeightsError
from ugatit.text import one_line

StateDict = Mapping[str, Tensor]


def plain_state(name: str, state: object, ignored: tuple[str, ...] = ()) -> dict[str, Tensor]:
    """Return the tensors of a network's state dict by key.

    Removes the prefix `module.`, which DataParallel adds, if all keys have it.
    name: of the network, for messages. ignored: last parts of the keys to leave out.
    Raises WeightsError for anything that is no state dict of floating-point numbers.
    """
    if not isinstance(state, Mapping):
        raise WeightsError(f"{name} must be a state dict, got {type(state).__name__}.")
    wrapped = all(str(key).startswith("module.") for key in state)
    tensors = {}
    for key, tensor in state.items():
        if str(key).rpartition(".")[2] in ignored:
            continue
        if not isinstance(tensor, Tensor) or not tensor.is_floating_point():
            raise WeightsError(f"{name}: {one_line(key, 80)} is not a tensor of floating-point numbers.")
        tensors[str(key).removeprefix("module.") if wrapped else str(key)] = tensor
    return tensors
