"""Copy pretrained weights into a network that they may not fit."""

from collections.abc import Mapping

from torch import Tensor, nn


def load_if_fitting(network: nn.Module, weights: Mapping[str, Tensor]) -> bool:
    """Load a state dict if it has the network's names and shapes; return whether it has."""
    if {k: v.shape for k, v in network.state_dict().items()} != {k: v.shape for k, v in weights.items()}:
        return False
    network.load_state_dict(weights)
    return True
