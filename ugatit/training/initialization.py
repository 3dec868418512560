"""Weights to begin with instead of random ones: which settings they bring, what of them can be taken over."""

from collections.abc import Mapping
from typing import Any

from ugatit.config import UGATITConfig
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel

SHAPING = ("light", "ngf", "blocks", "attention")
"""Settings that the shapes of all generators depend on; a full one's also on the image size."""


def network_settings(start: TranslationModel, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a network that begins with these weights: their own, with those given in their place.

    The domains' names are the run's own matter and left out. Raises WeightsError naming every given setting that the
    generators do not fit, and what would fit.
    """
    theirs = _checked(start).config
    settings: dict[str, Any] = {**theirs.to_dict(), **UGATITConfig.picked(given)}
    del settings["domains"]
    fixed = SHAPING if theirs.light else (*SHAPING, "image_size")
    if wrong := [name for name in fixed if settings[name] != getattr(theirs, name)]:
        have = ", ".join(f"{name} {getattr(theirs, name)}" for name in wrong)
        ours = ", ".join(str(settings[name]) for name in wrong)
        ways = " ".join(_flag(name, getattr(theirs, name)) for name in wrong)
        raise WeightsError(f"These weights have {have}, the run {ours}: set {ways}, or nothing of the kind.")
    if settings["image_size"] < start.canvas_rule().least:
        # Their critics are too deep for pictures so small: others of the usual depth take their place.
        for name in ("global_layers", "local_layers"):
            if name not in given:
                settings[name] = 0
    return settings


def initialized_from(start: TranslationModel, network: UGATITConfig) -> tuple[UGATIT, list[str]]:
    """A model of this config with the weights of another, and what is to be said of it.

    Where the domains have the same names in the other order, each network goes to the domain it knows. Critics of
    another depth or width start anew, which is said. Raises WeightsError for generators that do not fit.
    """
    theirs = _checked(start)
    network_settings(start, network.to_dict())
    model = UGATIT(network)
    model.init_weights()
    turned = network.domains == theirs.domains[::-1]
    remarks = [f"The weights know {' and '.join(theirs.domains)} in the other order: matched by name."] * turned
    anew: list[str] = []
    for ours, domain in zip(network.domains, theirs.domains[::-1] if turned else theirs.domains, strict=True):
        model.generator(ours).load_state_dict(theirs.generator(domain).state_dict())
        for name, critic in model.critics(ours).items():
            known = theirs.critics(domain)[name].state_dict()
            if {k: v.shape for k, v in critic.state_dict().items()} == {k: v.shape for k, v in known.items()}:
                critic.load_state_dict(known)
            elif name not in anew:
                anew.append(name)
    for name in anew:
        depth, known_depth = (getattr(c, f"{name}_layers") for c in (network, theirs.config))
        remarks.append(
            f"The {name} critics start anew: {depth} layers of width {network.ndf}, "
            f"where the weights have {known_depth} of width {theirs.config.ndf}."
        )
    return model, remarks


def _checked(start: TranslationModel) -> UGATIT:
    if not isinstance(start, UGATIT):
        raise WeightsError(f"U-GAT-IT cannot start from a {start.name} model.")
    return start


def _flag(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    return f"--{name.replace('_', '-')} {value}"
