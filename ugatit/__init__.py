"""U-GAT-IT: attention-guided image translation, and the picture of its attention."""

from ugatit.errors import TranslationError
from ugatit.translator import AttentionMap, Translation, Translator, load_translator
from ugatit.zoo import load_model

__all__ = ["AttentionMap", "Translation", "TranslationError", "Translator", "load_model", "load_translator"]
