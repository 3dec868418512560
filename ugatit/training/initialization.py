"""Initialise the networks of a run from the weights of another model."""

from collections.abc import Mapping
from typing import Any

from ugatit.config import UGATITConfig
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel

SHAPE_SETTINGS = ("light", "ngf", "blocks", "attention")
"""Settings that determine the shapes of all generators; those of a full one also depend on the image size."""


def network_settings(pretrained: TranslationModel, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the network settings of a run that starts from a model: the model's, overridden by the given ones.

    The domain names are left out: a run has its own. Raises WeightsError naming every given setting that does not fit
    the generators, and the value that would.
    """
    config = _require_ugatit(pretrained).config
    settings: dict[str, Any] = {**config.to_dict(), **UGATITConfig.select(given)}
    del settings["domains"]
    fixed = SHAPE_SETTINGS if config.light else (*SHAPE_SETTINGS, "image_size")
    if wrong := [name for name in fixed if settings[name] != getattr(config, name)]:
        expected = ", ".join(f"{name} {getattr(config, name)}" for name in wrong)
        actual = ", ".join(str(settings[name]) for name in wrong)
        flags = " ".join(_flag(name, getattr(config, name)) for name in wrong)
        raise WeightsError(f"These weights have {expected}, the run {actual}: set {flags}, or nothing of the kind.")
    if settings["image_size"] < pretrained.canvas_rule().min_side:
        # The model's critics are too deep for such small pictures: use critics of the default depth.
        for name in ("global_layers", "local_layers"):
            if name not in given:
                settings[name] = 0
    return settings


def initialize_from(pretrained: TranslationModel, network: UGATITConfig) -> tuple[UGATIT, list[str]]:
    """Return a model of config `network` with the weights of another model, and remarks for the user.

    If the domains have the same names in the other order, networks are matched by domain name. Critics of another
    depth or width keep their random weights; a remark says so. Raises WeightsError for generators that do not fit.
    """
    source = _require_ugatit(pretrained)
    network_settings(pretrained, network.to_dict())
    model = UGATIT(network)
    model.init_weights()
    swapped = network.domains == source.domains[::-1]
    remarks = [f"The weights know {' and '.join(source.domains)} in the other order: matched by name."] * swapped
    reset: list[str] = []
    source_domains = source.domains[::-1] if swapped else source.domains
    for domain, source_domain in zip(network.domains, source_domains, strict=True):
        model.generator(domain).load_state_dict(source.generator(source_domain).state_dict())
        for name, critic in model.critics(domain).items():
            weights = source.critics(source_domain)[name].state_dict()
            if {k: v.shape for k, v in critic.state_dict().items()} == {k: v.shape for k, v in weights.items()}:
                critic.load_state_dict(weights)
            elif name not in reset:
                reset.append(name)
    for name in reset:
        depth, source_depth = (getattr(config, f"{name}_layers") for config in (network, source.config))
        remarks.append(
            f"The {name} critics start anew: {depth} layers of width {network.ndf}, "
            f"where the weights have {source_depth} of width {source.config.ndf}."
        )
    return model, remarks


def _require_ugatit(model: TranslationModel) -> UGATIT:
    if not isinstance(model, UGATIT):
        raise WeightsError(f"U-GAT-IT cannot start from a {model.name} model.")
    return model


def _flag(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    return f"--{name.replace('_', '-')} {value}"
