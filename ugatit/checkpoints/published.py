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

    domains: their names; None for the model's default. Raises WeightsError naming the file and what is wrong with it.
    """
    try:
        checkpoint = _read_checkpoint(path)
        model_type = _find_model(checkpoint)
    except WeightsError as error:
        raise WeightsError(f"{one_line(path, 4096)} {error}") from error
    try:
        config, state = model_type.from_published(checkpoint, domains, image_size)
        with torch.device("meta"):
            model = model_type.from_config(config)
        return load_state(model, state, "the checkpoint")
    except WeightsError as error:
        raise WeightsError(f"{one_line(path, 4096)}: {error}") from error


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
