"""Registry of translation models by the `model` name in their manifests."""

import logging
from importlib.metadata import EntryPoint, entry_points

from ugatit.data.kinds import DataKind
from ugatit.errors import ConfigError, WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.cyclegan import CycleGAN
from ugatit.models.manifest import Manifest
from ugatit.models.pix2pix import Pix2Pix
from ugatit.models.stargan import StarGAN
from ugatit.models.titles import domains_title
from ugatit.models.ugatit import UGATIT
from ugatit.text import one_line

MODELS: dict[str, type[TranslationModel]] = {model.name: model for model in (UGATIT, CycleGAN, Pix2Pix, StarGAN)}
"""The models of this package. Other packages add theirs by entry points of the group `ugatit.models`."""
DEFAULT_MODEL = UGATIT.name
ENTRY_POINT_GROUP = "ugatit.models"

logger = logging.getLogger(__name__)


def model_names() -> tuple[str, ...]:
    """Return the names of all registered models; no package of another model is imported."""
    return (*MODELS, *(name for name in _entry_points() if name not in MODELS))


def model_class(name: str) -> type[TranslationModel]:
    """Return the registered model class of that name.

    Raises WeightsError, listing the names, if there is none, and if the package of a registered one cannot be imported
    or its entry point is no model of that name.
    """
    if name in MODELS:
        return MODELS[name]
    registered = _entry_points()
    if name not in registered:
        raise WeightsError(f"There is no model {one_line(repr(name), 60)}; there are: {', '.join(model_names())}.")
    where = f"The model {name!r} of the entry point {registered[name].value}"
    try:
        model = registered[name].load()
    except Exception as error:  # a foreign package can raise anything when it is imported
        raise WeightsError(f"{where} cannot be imported: {type(error).__name__}: {one_line(error)}.") from error
    if not isinstance(model, type) or not issubclass(model, TranslationModel) or model.name != name:
        raise WeightsError(f"{where} is no TranslationModel with the name {name!r}.")
    return model


def has_attention(manifest: Manifest) -> bool:
    """Return whether the model of a manifest has attention maps; False if its package is missing or broken."""
    try:
        return model_class(manifest.model).has_attention(manifest.network)
    except WeightsError:
        return False


def data_kinds(manifest: Manifest) -> tuple[DataKind, ...]:
    """Return the kinds of data of a manifest's model; none if its package is missing or broken."""
    try:
        return model_class(manifest.model).data_kinds
    except WeightsError:
        return ()


def targets(manifest: Manifest) -> tuple[str, ...]:
    """Return the domains that the model of a manifest translates to; all of them if that cannot be told."""
    try:
        model = model_class(manifest.model)
        return model.targets_of(model.config_type.from_dict(manifest.network))
    except (ConfigError, WeightsError):
        return manifest.domains


def title(manifest: Manifest) -> str:
    """Return the title of weights: their own, else one made of their domains; empty if they name none."""
    return manifest.title or domains_title(manifest.domains, targets(manifest))


def registered_models() -> list[type[TranslationModel]]:
    """Return the classes of all registered models. Those that cannot be imported are left out, with a warning."""
    models = []
    for name in model_names():
        try:
            models.append(model_class(name))
        except WeightsError as error:
            logger.warning("Left out: %s", error)
    return models


def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}
