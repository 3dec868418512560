"""The models by the name their configs carry."""

from ugatit.models.base import TranslationModel
from ugatit.models.ugatit import UGATIT

__all__ = ["MODELS", "UGATIT", "TranslationModel"]

MODELS: dict[str, type[TranslationModel]] = {UGATIT.name: UGATIT}
