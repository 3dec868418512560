"""Weights on disk: a folder with `config.json`, which rebuilds the model, and `model.safetensors`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from ugatit.config import Settings
from ugatit.errors import ConfigError, WeightsError
from ugatit.models import MODELS
from ugatit.models.base import TranslationModel

CONFIG_FILE, WEIGHTS_FILE = "config.json", "model.safetensors"


@dataclass(frozen=True)
class Manifest(Settings):
    """What `config.json` says: everything needed to rebuild the model, and where it comes from.

    model: a name of `ugatit.models.MODELS`. network: that model's config. data, training: the run that made it.
    step: updates behind the weights. title, description: for people, shown in the app.
    """

    model: str
    network: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    step: int = 0
    title: str = ""
    description: str = ""

    def build(self) -> TranslationModel:
        """The model with fresh weights, on the CPU. Raises WeightsError for a model or config that cannot be."""
        if self.model not in MODELS:
            raise WeightsError(f"There is no model {self.model!r}; there are: {', '.join(MODELS)}.")
        model_type = MODELS[self.model]
        try:
            return model_type(model_type.config_type.from_dict(self.network))
        except ConfigError as error:
            raise WeightsError(f"The config's network cannot be built: {error}") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    (folder / CONFIG_FILE).write_text(json.dumps(manifest.to_dict(), indent=2, ensure_ascii=False) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's `config.json`. Raises WeightsError where it is missing or not what it should be."""
    path = folder / CONFIG_FILE
    try:
        values = json.loads(path.read_text())
    except OSError as error:
        raise WeightsError(f"{folder} has no readable {CONFIG_FILE}: {error.strerror}.") from error
    except ValueError as error:
        raise WeightsError(f"{path} is not JSON: {error}.") from error
    try:
        return Manifest.from_dict(values)
    except ConfigError as error:
        raise WeightsError(f"{path}: {error}") from error


def save_weights(folder: Path, model: TranslationModel, manifest: Manifest, half: bool = False) -> None:
    """Write `config.json` and `model.safetensors` into an existing folder. half: store 16-bit floats."""
    state = {
        name: tensor.detach().to("cpu", torch.float16 if half else tensor.dtype).contiguous()
        for name, tensor in model.state_dict().items()
    }
    save_file(state, folder / WEIGHTS_FILE)
    write_manifest(folder, manifest)


def load_weights(folder: Path) -> TranslationModel:
    """Build a folder's model and load its weights strictly, as float32 on the CPU.

    Raises WeightsError for what is missing, damaged, misshapen or not finite.
    """
    manifest = read_manifest(folder)
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        raise WeightsError(f"{folder} has no {WEIGHTS_FILE}.")
    try:
        state = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(f"{path} is damaged or no safetensors file: {error}.") from error
    with torch.device("meta"):
        model = manifest.build()
    return fill(model, state, str(path))


def fill(model: TranslationModel, state: Mapping[str, torch.Tensor], origin: str) -> TranslationModel:
    """Give a model (built on the meta device, so that nothing is allocated twice) these weights, as float32, in eval mode; strictly.

    Raises WeightsError naming the first tensor that is missing, unknown, misshapen or not finite.
    """
    wanted = model.state_dict()
    if missing := sorted(set(wanted) - set(state)):
        raise WeightsError(f"{origin} lacks {missing[0]!r}.")
    if unknown := sorted(set(state) - set(wanted)):
        raise WeightsError(f"{origin} holds {unknown[0]!r}, which this model does not know.")
    for name, tensor in state.items():
        if tensor.shape != wanted[name].shape:
            raise WeightsError(
                f"{origin}: {name!r} is {tuple(tensor.shape)}, the config wants {tuple(wanted[name].shape)}."
            )
        if not torch.isfinite(tensor).all():
            raise WeightsError(f"{origin}: {name!r} holds numbers that are not finite.")
    model.load_state_dict({name: tensor.float() for name, tensor in state.items()}, assign=True)
    return model.eval()
