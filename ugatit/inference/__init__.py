"""Translate pictures with a trained model and return the translations with their attention maps."""

from ugatit.inference.translation import AttentionMap, Translation
from ugatit.inference.translator import Translator, load_translator

__all__ = ["AttentionMap", "Translation", "Translator", "load_translator"]
