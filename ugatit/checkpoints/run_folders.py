"""The checkpoints of a run folder: how they are named, which are whole."""

import re
from pathlib import Path

from ugatit.checkpoints.store import WEIGHTS_FILE


def checkpoint_name(step: int) -> str:
    return f"step_{step:07d}"


def step_of(checkpoint: Path) -> int:
    return int(checkpoint.name.removeprefix("step_"))


def list_checkpoints(folder: Path) -> list[Path]:
    """The whole checkpoints of a `checkpoints/` folder, oldest first."""
    if not folder.is_dir():
        return []
    whole = (p for p in folder.iterdir() if re.fullmatch(r"step_\d+", p.name) and (p / WEIGHTS_FILE).is_file())
    return sorted(whole, key=step_of)
