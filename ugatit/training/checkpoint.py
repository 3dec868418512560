"""Checkpoints: whole or not at all, the newest few kept."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

import torch

from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel
from ugatit.store import WEIGHTS_FILE, Manifest, save_weights

STATE_FILE = "training.pt"


def checkpoint_name(step: int) -> str:
    return f"step_{step:07d}"


def checkpoints(folder: Path) -> list[Path]:
    """The whole checkpoints of a `checkpoints/` folder, oldest first."""
    if not folder.is_dir():
        return []
    whole = (p for p in folder.iterdir() if re.fullmatch(r"step_\d+", p.name) and (p / WEIGHTS_FILE).is_file())
    return sorted(whole, key=lambda path: int(path.name.removeprefix("step_")))


def save_checkpoint(
    folder: Path, model: TranslationModel, manifest: Manifest, state: dict[str, Any], keep: int
) -> Path:
    """Write `folder/step_N`, N from the manifest, and drop all but the newest `keep`.

    It is written beside its place, flushed to the disk and then renamed: a kill at any moment leaves
    the checkpoints before it as they were. state: tensors, lists and primitives that resuming needs.
    """
    final = folder / checkpoint_name(manifest.step)
    partial = folder / f".{final.name}.partial"
    for leftover in folder.glob(".step_*"):
        shutil.rmtree(leftover)
    partial.mkdir(parents=True)
    save_weights(partial, model, manifest)
    torch.save(state, partial / STATE_FILE)
    for path in partial.iterdir():
        _flush(path)
    if final.exists():
        _drop(final)
    os.replace(partial, final)
    _flush(folder)
    for old in checkpoints(folder)[:-keep]:
        _drop(old)
    return final


def load_state(checkpoint: Path) -> dict[str, Any]:
    """What `save_checkpoint` was given as state. Raises WeightsError where it is missing or damaged."""
    path = checkpoint / STATE_FILE
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch.load raises a dozen kinds for a damaged file
        raise WeightsError(
            f"{path} cannot be read, so the run cannot go on from it: delete {checkpoint} to go on from the one before."
        ) from error
    if not isinstance(state, dict):
        raise WeightsError(f"{path} is not the state of a training run.")
    return state


def _drop(checkpoint: Path) -> None:
    # Hidden first: a kill while its files go must not leave half a checkpoint to be found.
    shutil.rmtree(checkpoint.rename(checkpoint.with_name(f".{checkpoint.name}.dropped")))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
