"""The checkpoints of a run folder: their names, and a list of the complete ones."""

import re
from pathlib import Path

from ugatit.checkpoints.store import WEIGHTS_FILE


def checkpoint_name(step: int) -> str:
    """Return the folder name of the checkpoint written at `step`."""
    return f"step_{step:07d}"


def step_of(checkpoint: Path) -> int:
    """Return the step in a checkpoint folder's name."""
    return int(checkpoint.name.removeprefix("step_"))


def list_checkpoints(folder: Path) -> list[Path]:
    """Return the complete checkpoints of a `checkpoints/` folder, oldest first; empty for a missing folder."""
    if not folder.is_dir():
        return []
    complete = (p for p in folder.iterdir() if re.fullmatch(r"step_\d+", p.name) and (p / WEIGHTS_FILE).is_file())
    return sorted(complete, key=step_of)
