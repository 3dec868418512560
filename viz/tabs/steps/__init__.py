"""The steps of the lesson, as they join the page, in their order."""

from importlib import import_module
from importlib.util import find_spec

from viz.tabs.step_box import Step

_NAMES = (
    "question", "encoder", "pooling", "evidence", "elsewhere", "occlusion", "adalin", "critics", "cycle", "growth",
    "faithful",
)  # fmt: skip

STEPS: tuple[Step, ...] = tuple(
    import_module(f"{__name__}.{name}").STEP for name in _NAMES if find_spec(f"{__name__}.{name}")
)
