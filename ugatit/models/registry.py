"""Registry of translation models by the `model` name in their manifests."""

from ugatit.models.base import TranslationModel
from ugatit.models.ugatit import UGATIT

MODELS: dict[str, type[TranslationModel]] = {UGATIT.name: UGATIT}
