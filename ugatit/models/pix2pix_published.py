"""The published pix2pix checkpoints (`latest_net_G.pth`, `latest_net_D.pth`): their keys and settings become ours.

Each file is the state dict of one network. The generator is a U-Net or a ResNet.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ugatit.errors import WeightsError
from ugatit.models.generator_published import convert_generator, generator_settings
from ugatit.models.patchgan_published import convert_critic
from ugatit.models.published_state import PublishedNetwork
from ugatit.models.resnet_published import has_dropout
from ugatit.models.unet_published import is_published_unet

FILE = re.compile(r"(?P<epoch>\w+)_(?P<network>net_[GD])\.pth")


def published_files(names: Sequence[str], chosen: str) -> dict[str, str]:
    """Return the files of the epoch of the file `chosen`, by network; empty if it is none or a generator alone.

    names: of the files in its folder. A generator alone needs no name: its keys tell what it is.
    """
    if not (match := FILE.fullmatch(chosen)):
        return {}
    files = {network: f"{match['epoch']}_{network}.pth" for network in ("net_G", "net_D")}
    return {network: name for network, name in files.items() if name in names} if files["net_D"] in names else {}


def is_published(checkpoint: object) -> bool:
    """Return whether a loaded object holds both networks by their published names, or is a U-Net alone."""
    both = isinstance(checkpoint, Mapping) and {"net_G", "net_D"} <= {*checkpoint}
    return both or is_published_unet(checkpoint)


def convert(checkpoint: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, PublishedNetwork]]:
    """Return the settings of `Pix2PixConfig` that the shapes tell, and the networks by our names.

    Raises WeightsError for a network that is damaged or another, and for two that do not belong together.
    """
    if "net_D" in checkpoint and "net_G" not in checkpoint:
        raise WeightsError("net_G.pth is missing beside it: a critic alone translates nothing.")
    both = "net_G" in checkpoint
    state = checkpoint["net_G"] if both else checkpoint
    generator = convert_generator("net_G", state)
    networks = {"generator": generator}
    ours = generator.settings
    settings = {**generator_settings(generator), "inputs": ours["inputs"], "outputs": ours["outputs"], "critics": both}
    if settings["generator"] == "resnet":
        # A U-Net's keys are the same with dropout and without.
        settings |= {"noise": has_dropout(state)}
    if both:
        critic = networks["critic.patches"] = convert_critic("net_D", checkpoint["net_D"])
        judged, made = critic.settings["channels"], ours["inputs"] + ours["outputs"]
        if judged != made:
            raise WeightsError(
                f"net_D judges {judged} channels, net_G takes and makes {made}: they are not of one run."
            )
        settings |= {"ndf": critic.settings["width"], "layers": critic.settings["layers"]}
    return settings, networks
