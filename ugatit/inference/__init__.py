"""Translating pictures with a trained model: pictures in, translations with their attention maps out."""

from ugatit.inference.translation import AttentionMap, Translation
from ugatit.inference.translator import Translator, load_translator

__all__ = ["AttentionMap", "Translation", "Translator", "load_translator"]
