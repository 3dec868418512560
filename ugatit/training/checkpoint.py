"""Checkpoints: whole or not at all, the newest few kept, a damaged one moved aside."""

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
from ugatit.text import unused
from ugatit.training.failures import is_out_of_memory

STATE_FILE = "training.pt"
DAMAGED = "damaged_"


@dataclass(frozen=True)
class Checkpoint:
    """One that was read whole. model: with its weights, on the CPU. state: what `save_checkpoint` was given."""

    path: Path
    model: TranslationModel
    state: dict[str, Any]


def save_checkpoint(
    folder: Path, model: TranslationModel, manifest: Manifest, state: dict[str, Any], keep: int
) -> Path:
    """Write `folder/step_N`, N from the manifest, and drop all but the newest `keep`.

    It is written beside its place, flushed to the disk and then renamed: a kill at any moment leaves
    the checkpoints before it as they were, and so does a full disk, which leaves nothing of the new one.
    state: tensors, lists and primitives that resuming needs. Raises OSError or WeightsError where it cannot be written.
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
    for place in (folder, folder.parent):
        flush(place)
    for leftover in folder.glob(".step_*"):
        shutil.rmtree(leftover)
    for old in list_checkpoints(folder)[:-keep]:
        _drop(old)
    return final


def open_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint. Raises WeightsError where a part of it is missing or damaged."""
    return Checkpoint(path, load_weights(path), load_state(path))


def newest_readable(folder: Path) -> tuple[Checkpoint | None, list[Path]]:
    """The newest checkpoint that can be read, and where damaged newer ones were moved; None where there is none at all.

    Raises WeightsError, moving nothing, where there are checkpoints but none can be read.
    """
    found = list_checkpoints(folder)
    damaged: list[Path] = []
    flaw: WeightsError | None = None
    for path in reversed(found):
        try:
            whole = open_checkpoint(path)
        except WeightsError as error:
            flaw = flaw or error
            damaged.append(path)
            continue
        return whole, [_set_aside(broken) for broken in damaged]
    if flaw:
        raise WeightsError(f"No checkpoint in {folder} can be read, so the run cannot go on: begin another. {flaw}")
    return None, []


def load_state(checkpoint: Path) -> dict[str, Any]:
    """What `save_checkpoint` was given as state. Raises WeightsError where it is missing or damaged."""
    path = checkpoint / STATE_FILE
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch.load raises a dozen kinds for a damaged file
        if is_out_of_memory(error):
            raise
        raise WeightsError(f"{path} cannot be read.") from error
    if not isinstance(state, dict):
        raise WeightsError(f"{path} is not the state of a training run.")
    return state


def flush(path: Path) -> None:
    """Have a file's bytes, or a folder's entries, on the disk before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _save_state(state: dict[str, Any], path: Path) -> None:
    # Through a file of Python's: torch's own writer forgets why a write failed.
    with path.open("wb") as file:
        torch.save(state, file)


def _set_aside(path: Path) -> Path:
    taken = {other.name for other in path.parent.iterdir()}
    return path.rename(path.with_name(unused(DAMAGED + path.name, taken)))


def _drop(checkpoint: Path) -> None:
    # Hidden first: a kill while its files go must not leave half a checkpoint to be found.
    shutil.rmtree(checkpoint.rename(checkpoint.with_name(f".{checkpoint.name}.dropped")))
