"""Read a published checkpoint file without running any code in it."""

from pathlib import Path
from typing import Any

import torch

from ugatit.checkpoints.inspection import check_checkpoint_file
from ugatit.checkpoints.published_format import config_from_shapes, convert, extract_networks, is_published
from ugatit.checkpoints.store import load_state
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel
from ugatit.text import one_line

PUBLISHED_SUFFIXES = (".pt", ".pth", ".ckpt")


def read_published(path: Path, domains: tuple[str, str], image_size: int | None = None) -> TranslationModel:
    """Read a published PyTorch checkpoint without running any code in it.

    Raises WeightsError naming the file and what is wrong with it.
    """
    try:
        checkpoint = _read_checkpoint(path)
        if not is_published(checkpoint):
            kind = type(checkpoint).__name__
            keys = list(checkpoint)[:6] if isinstance(checkpoint, dict) else []
            contents = ", ".join(one_line(key, 40) for key in keys) or f"a {kind} without names"
            raise WeightsError(f"is not a published U-GAT-IT checkpoint (genA2B, … disLB); it holds: {contents}.")
    except WeightsError as error:
        raise WeightsError(f"{one_line(path, 4096)} {error}") from error
    try:
        networks = extract_networks(checkpoint)
        config = config_from_shapes(networks, domains, image_size)
        with torch.device("meta"):
            model = UGATIT(config)
        return load_state(model, convert(networks, config), "the checkpoint")
    except WeightsError as error:
        raise WeightsError(f"{one_line(path, 4096)}: {error}") from error


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
