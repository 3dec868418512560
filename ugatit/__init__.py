"""U-GAT-IT: image-to-image translation guided by attention, with tools to inspect that attention.

Public names are imported lazily on first access (PEP 562), so `import ugatit` alone does not load torch.
`__init__.pyi` declares the same names for type checkers.
"""

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

_MODULE_OF = {
    "AttentionMap": "ugatit.inference.translation",
    "Translation": "ugatit.inference.translation",
    "TranslationError": "ugatit.errors",
    "Translator": "ugatit.inference.translator",
    "load_model": "ugatit.checkpoints.loading",
    "load_translator": "ugatit.inference.translator",
}

__all__ = list(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE_OF})
