"""U-GAT-IT: attention-guided image translation, and the picture of its attention.

The names below are loaded when they are first asked for (PEP 562), so that `import ugatit` itself loads no torch.
`__init__.pyi` says the same to type checkers.
"""

from importlib import import_module
from typing import Any

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
