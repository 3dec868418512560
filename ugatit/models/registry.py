"""The models by the name that their configs carry."""

from ugatit.models.base import TranslationModel
from ugatit.models.ugatit import UGATIT

MODELS: dict[str, type[TranslationModel]] = {UGATIT.name: UGATIT}
