"""Read a published checkpoint file without running any code in it."""

from pathlib import Path
from typing import Any

import torch

from ugatit.checkpoints.inspection import check_checkpoint_file
from ugatit.checkpoints.store import load_state
from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.registry import registered_models
from ugatit.text import one_line

PUBLISHED_SUFFIXES = (".pt", ".pth", ".ckpt")


def read_published(
    path: Path, domains: tuple[str, ...] | None = None, image_size: int | None = None
) -> TranslationModel:
    """Read a published PyTorch checkpoint of a registered model without running any code in it.

    path: the file, or one of those that make the checkpoint where the networks have files of their own.
    domains: their names; None for the model's default. Raises WeightsError naming the file and what is wrong with it.
    """
    model_type, checkpoint = _read_files(path)
    try:
        config, state = model_type.from_published(checkpoint, domains, image_size)
        with torch.device("meta"):
            model = model_type.from_config(config)
        return load_state(model, state, "the checkpoint")
    except WeightsError as error:
        raise WeightsError(f"{one_line(path, 4096)}: {error}") from error


def _read_files(path: Path) -> tuple[type[TranslationModel], Any]:
    """Return the model of a checkpoint and what its file, or its files by network, hold."""
    for model in registered_models():
        if files := model.published_files(_names_beside(path), path.name):
            return model, {network: _read_named(path.with_name(name)) for network, name in files.items()}
    checkpoint = _read_named(path)
    try:
        return _find_model(checkpoint), checkpoint
    except WeightsError as error:
        raise WeightsError(f"{one_line(path, 4096)} {error}") from error


def _names_beside(path: Path) -> list[str]:
    try:
        return sorted(file.name for file in path.parent.iterdir() if file.suffix in PUBLISHED_SUFFIXES)
    except OSError:
        return [path.name]


def _read_named(path: Path) -> Any:
    try:
        return _read_checkpoint(path)
    except WeightsError as error:
        raise WeightsError(f"{one_line(path, 4096)} {error}") from error


def _find_model(checkpoint: Any) -> type[TranslationModel]:
    """Return the model that a checkpoint belongs to. Raises WeightsError, saying what it holds, if there is none."""
    models = [model for model in registered_models() if model.published_format]
    for model in models:
        if model.is_published(checkpoint):
            return model
    known = " or ".join(model.published_format for model in models)
    keys = list(checkpoint)[:6] if isinstance(checkpoint, dict) else []
    contents = ", ".join(one_line(key, 40) for key in keys) or f"a {type(checkpoint).__name__} without names"
    raise WeightsError(f"is not a published {known}; it holds: {contents}.")


def _read_checkpoint(path: Path) -> Any:
    try:
        check_checkpoint_file(path)
    except WeightsError as error:
        raise WeightsError(f"is not a checkpoint that can be read safely: it {error}.") from error
    except OSError as error:
        raise WeightsError(f"cannot be read: {error.strerror}.") from error
    try:
        return torch.load(path, map_location="cpu", weights_only=True, mmap=False)
    except Exception as error:  # torch.load raises a dozen types for damaged and malicious files
        raise WeightsError("is damaged, or holds more than tensors.") from error
