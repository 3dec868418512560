"""The published CycleGAN checkpoint format: a state dict for each network, in files of their own.

The files are `EPOCH_net_NAME.pth`: G_A translates A to B and D_A judges domain B; G_B and D_B the other way round. The
epoch is a number or `latest`. The published models for one way are a file `EPOCH_net_G.pth`, a ResNet, read as G_A.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ugatit.errors import WeightsError
from ugatit.models.generator_published import convert_generator, generator_settings
from ugatit.models.patchgan_published import convert_critic
from ugatit.models.published_state import PublishedNetwork
from ugatit.models.resnet_published import is_published_resnet

GENERATORS = {"net_G_A": "generator_ab", "net_G_B": "generator_ba"}
CRITICS = {"net_D_A": "critic_b", "net_D_B": "critic_a"}
"""The published name of each network, and our name. D_A is named after its generator, not after its domain."""
FILE = re.compile(r"(?P<epoch>\w+)_(?P<network>net_[GD]_[AB])\.pth")


def published_files(names: Sequence[str], chosen: str) -> dict[str, str]:
    """Return the files of the epoch of the file `chosen`, by network; empty if it is no network of CycleGAN.

    names: of the files in its folder.
    """
    if not (match := FILE.fullmatch(chosen)):
        return {}
    files = {network: f"{match['epoch']}_{network}.pth" for network in (*GENERATORS, *CRITICS)}
    return {network: name for network, name in files.items() if name in names}


def is_published(checkpoint: object) -> bool:
    """Return whether a loaded object holds networks by their published names, or is a ResNet generator alone."""
    return is_published_resnet(checkpoint) or (isinstance(checkpoint, Mapping) and bool({*GENERATORS} & {*checkpoint}))


def convert(checkpoint: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, PublishedNetwork]]:
    """Return the settings of `CycleGANConfig` that the shapes tell, and the networks by our names.

    Both generators with both critics or none, or one generator alone, which then is the one to the second domain.
    Raises WeightsError for a network that is missing, damaged or another.
    """
    if is_published_resnet(checkpoint):
        checkpoint = {"net_G_A": checkpoint}
    present = [network for network in (*GENERATORS, *CRITICS) if network in checkpoint]
    alone = len(present) == 1 and present[0] in GENERATORS
    needed = present if alone else [*GENERATORS, *CRITICS] if {*CRITICS} & {*present} else [*GENERATORS]
    if missing := [network for network in needed if network not in present]:
        found = ", ".join(present)
        raise WeightsError(
            f"{missing[0]}.pth is missing, there is only {found}: both generators are needed, and both critics or "
            "none, or one generator alone."
        )
    networks = {ours: convert_generator(name, checkpoint[name]) for name, ours in GENERATORS.items() if name in present}
    networks |= {ours: convert_critic(name, checkpoint[name]) for name, ours in CRITICS.items() if name in present}
    _check_alike({name: networks[ours] for name, ours in GENERATORS.items() if name in present})
    _check_alike({name: networks[ours] for name, ours in CRITICS.items() if name in present})
    if alone:
        networks = {"generator_ab": networks.popitem()[1]}
    settings = {
        **generator_settings(networks["generator_ab"]),
        "critics": "critic_b" in networks,
        "both_ways": not alone,
    }
    if critic := networks.get("critic_b"):
        settings |= {"ndf": critic.settings["width"], "layers": critic.settings["layers"]}
        if critic.settings["norm"] != settings["norm"]:
            raise WeightsError(
                f"net_G_A has {settings['norm']} norm, net_D_A {critic.settings['norm']} norm: they are not of one run."
            )
    return settings, networks


def _check_alike(networks: Mapping[str, PublishedNetwork]) -> None:
    """Raise WeightsError for networks that differ in their settings, or whose pictures have not three channels."""
    first = next(iter(networks), "")
    for name, network in networks.items():
        for setting in ("inputs", "outputs", "channels"):
            if (channels := network.settings.get(setting, 3)) != 3:
                raise WeightsError(f"{name} has {setting} of {channels} channels; pictures of CycleGAN have 3.")
        expected = networks[first].settings
        for setting in sorted({*expected} | {*network.settings}):
            theirs, ours = expected.get(setting, "none"), network.settings.get(setting, "none")
            if theirs != ours:
                raise WeightsError(
                    f"{first} and {name} differ in {setting}, {theirs} and {ours}: they are not of one run."
                )
