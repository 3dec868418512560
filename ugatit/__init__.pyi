from ugatit.checkpoints.loading import load_model as load_model
from ugatit.errors import TranslationError as TranslationError
from ugatit.inference.translation import AttentionMap as AttentionMap
from ugatit.inference.translation import Translation as Translation
from ugatit.inference.translator import Translator as Translator
from ugatit.inference.translator import load_translator as load_translator

__version__: str
__all__ = ["AttentionMap", "Translation", "TranslationError", "Translator", "load_model", "load_translator"]
