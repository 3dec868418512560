"""Write checkpoints atomically, keep the newest few, and move damaged ones aside."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ugatit.checkpoints.run_folders import checkpoint_name, list_checkpoints
from ugatit.checkpoints.store import load_weights, save_weights
from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.text import unused_name
from ugatit.training.failures import is_out_of_memory

STATE_FILE = "training.pt"
DAMAGED_PREFIX = "damaged_"


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint read from disk. model: with its weights, on the CPU. state: as given to `save_checkpoint`."""

    path: Path
    model: TranslationModel
    state: dict[str, Any]


def save_checkpoint(
    folder: Path, model: TranslationModel, manifest: Manifest, state: dict[str, Any], keep: int
) -> Path:
    """Write `folder/step_N`, with N from the manifest, delete all but the newest `keep`, and return its path.

    The checkpoint is written under a temporary name, flushed to disk and then renamed. A kill at any moment, or a full
    disk, does not affect earlier checkpoints; after a failed write nothing of the new one is left.
    state: tensors, lists and primitives needed to resume. Raises OSError or WeightsError if it cannot be written.
    """
    final = folder / checkpoint_name(manifest.step)
    partial = folder / f".{final.name}.partial"
    for leftover in folder.glob(".step_*"):
        shutil.rmtree(leftover)
    partial.mkdir(parents=True)
    try:
        save_weights(partial, model, manifest)
        _save_state(state, partial / STATE_FILE)
        for path in (*partial.iterdir(), partial):
            flush(path)
        if final.exists():
            final.rename(final.with_name(f".{final.name}.dropped"))
        os.replace(partial, final)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    for parent in (folder, folder.parent):
        flush(parent)
    for leftover in folder.glob(".step_*"):
        shutil.rmtree(leftover)
    for old in list_checkpoints(folder)[:-keep]:
        _delete(old)
    return final


def open_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint. Raises WeightsError if a part of it is missing or damaged."""
    return Checkpoint(path, load_weights(path), load_state(path))


def open_newest_checkpoint(folder: Path) -> tuple[Checkpoint | None, list[Path]]:
    """Read the newest readable checkpoint, and move damaged newer ones aside.

    Returns the checkpoint, None if the folder has none, and the new paths of the damaged ones. Raises WeightsError,
    without moving anything, if there are checkpoints but none can be read.
    """
    damaged: list[Path] = []
    first_error: WeightsError | None = None
    for path in reversed(list_checkpoints(folder)):
        try:
            checkpoint = open_checkpoint(path)
        except WeightsError as error:
            first_error = first_error or error
            damaged.append(path)
            continue
        return checkpoint, [_move_aside(path) for path in damaged]
    if first_error:
        raise WeightsError(
            f"No checkpoint in {folder} can be read, so the run cannot go on: begin another. {first_error}"
        )
    return None, []


def load_state(checkpoint: Path) -> dict[str, Any]:
    """Read the state given to `save_checkpoint`. Raises WeightsError if it is missing or damaged."""
    path = checkpoint / STATE_FILE
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch.load raises many types for a damaged file
        if is_out_of_memory(error):
            raise
        raise WeightsError(f"{path} cannot be read.") from error
    if not isinstance(state, dict):
        raise WeightsError(f"{path} is not the state of a training run.")
    return state


def flush(path: Path) -> None:
    """Flush a file or the entries of a folder to disk (fsync)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _save_state(state: dict[str, Any], path: Path) -> None:
    # Through a Python file: errors of torch's own writer lack the reason, such as a full disk.
    with path.open("wb") as file:
        torch.save(state, file)


def _move_aside(path: Path) -> Path:
    taken = {other.name for other in path.parent.iterdir()}
    return path.rename(path.with_name(unused_name(DAMAGED_PREFIX + path.name, taken)))


def _delete(checkpoint: Path) -> None:
    # Renamed to a hidden name first: a kill during deletion must not leave an incomplete checkpoint.
    shutil.rmtree(checkpoint.rename(checkpoint.with_name(f".{checkpoint.name}.dropped")))
