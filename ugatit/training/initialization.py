"""Initialise the networks of a run from the weights of another model."""

from collections.abc import Mapping
from typing import Any

from ugatit.config import Settings
from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel


def network_settings(
    model_type: type[TranslationModel], pretrained: TranslationModel, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the network settings of a run that starts from a model: the model's, overridden by the given ones.

    What the data decides, such as the domain names, is left out: a run has its own. Raises WeightsError for a model of
    another class, and naming every given setting that does not fit the generators, and the value that would.
    """
    if not isinstance(pretrained, model_type):
        raise WeightsError(f"A {model_type.name} run cannot start from a {pretrained.name} model.")
    config = pretrained.config
    settings: dict[str, Any] = {**config.to_dict(), **model_type.config_type.select(given)}
    for name in model_type.data_settings:
        del settings[name]
    if wrong := [name for name in pretrained.shape_settings if settings[name] != getattr(config, name)]:
        expected = ", ".join(f"{name} {getattr(config, name)}" for name in wrong)
        actual = ", ".join(str(settings[name]) for name in wrong)
        flags = " ".join(_flag(name, getattr(config, name)) for name in wrong)
        raise WeightsError(f"These weights have {expected}, the run {actual}: set {flags}, or nothing of the kind.")
    fitted = model_type.fit_to_size(settings, pretrained)
    return {**settings, **{name: value for name, value in fitted.items() if name not in given}}


def initialize_from(
    model_type: type[TranslationModel], pretrained: TranslationModel, network: Settings
) -> tuple[TranslationModel, list[str]]:
    """Return a model of config `network` with the weights of another model, and remarks for the user.

    Raises WeightsError for a model of another class and for generators that do not fit.
    """
    network_settings(model_type, pretrained, network.to_dict())
    model = model_type.from_config(network)
    model.init_weights()
    return model, model.copy_weights(pretrained)


def _flag(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}" if value else f"--no-{name}"
    return f"--{name.replace('_', '-')} {value}"
