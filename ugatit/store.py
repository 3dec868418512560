"""Weights on disk: a folder with `config.json`, which rebuilds the model, and `model.safetensors`."""

import json
from collections import Counter
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
from ugatit.text import is_plain, one_line

CONFIG_FILE, WEIGHTS_FILE = "config.json", "model.safetensors"
LARGEST_CONFIG = 2**20
ALIGNMENT = 64
"""Of the memory that torch allocates on the CPU, in bytes."""
LONGEST = {"title": 200, "description": 400, "domain": 80}
"""How many characters of the words that people see."""


@dataclass(frozen=True)
class Manifest(Settings):
    """What `config.json` says: everything needed to rebuild the model, and where it comes from.

    model: a name of `ugatit.models.MODELS`. network: that model's config. data, training: the run that made it.
    step: updates behind the weights. title, description: for people, shown in the app: one line each.
    """

    model: str
    network: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    step: int = 0
    title: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        for name, kind in (("model", str), ("network", dict), ("data", dict), ("training", dict)):
            if not isinstance(value := getattr(self, name), kind):
                raise ConfigError(f"{name} must be a {kind.__name__}, got {one_line(repr(value), 60)}.")
        if self.step < 0:
            raise ConfigError(f"step must be at least 0, got {one_line(self.step, 60)}.")
        domains = self.network.get("domains", ())
        named = [("domain", domain) for domain in domains] if isinstance(domains, list | tuple) else []
        for name, text in (("title", self.title), ("description", self.description), *named):
            if not isinstance(text, str) or not is_plain(text, LONGEST[name]):
                raise ConfigError(
                    f"{name} must be one line of at most {LONGEST[name]} visible characters, "
                    f"got {one_line(repr(text), 60)}."
                )

    @property
    def domains(self) -> tuple[str, ...]:
        """The names of the network's domains; empty where its config names none."""
        domains = self.network.get("domains")
        return tuple(map(str, domains)) if isinstance(domains, list | tuple) else ()

    def build(self) -> TranslationModel:
        """The model with fresh weights, on the CPU. Raises WeightsError for a model or config that cannot be."""
        if self.model not in MODELS:
            raise WeightsError(f"There is no model {one_line(repr(self.model), 60)}; there are: {', '.join(MODELS)}.")
        model_type = MODELS[self.model]
        try:
            return model_type(model_type.config_type.from_dict(self.network))
        except ConfigError as error:
            raise WeightsError(f"The config's network cannot be built: {one_line(error)}") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest.to_dict(), indent=2, ensure_ascii=False)
    # A file name that is no Unicode reads as lone surrogates; with a backslash they are JSON's own escapes.
    (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's `config.json`. Raises WeightsError where it is missing or not what it should be."""
    path = folder / CONFIG_FILE
    try:
        if path.stat().st_size > LARGEST_CONFIG:
            raise WeightsError(f"{path} is larger than a config can be: {LARGEST_CONFIG // 2**20} MB.")
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WeightsError(f"{folder} has no readable {CONFIG_FILE}: {error.strerror}.") from error
    except RecursionError as error:
        raise WeightsError(f"{path} is nested too deeply to be a config.") from error
    except ValueError as error:
        raise WeightsError(f"{path} is not JSON: {one_line(error)}.") from error
    try:
        return Manifest.from_dict(values)
    except ConfigError as error:
        raise WeightsError(f"{path}: {one_line(error)}") from error


def save_weights(folder: Path, model: TranslationModel, manifest: Manifest, half: bool = False) -> None:
    """Write `config.json` and `model.safetensors` into an existing folder. half: store 16-bit floats.

    Raises WeightsError where a number does not fit 16 bits or the folder cannot be written to.
    """
    state = {
        name: tensor.detach().to("cpu", torch.float16 if half else tensor.dtype).contiguous()
        for name, tensor in model.state_dict().items()
    }
    if half and (large := next((name for name, tensor in state.items() if not torch.isfinite(tensor).all()), None)):
        raise WeightsError(f"{large!r} holds numbers too large for 16 bits: leave --half out.")
    try:
        save_file(state, folder / WEIGHTS_FILE)
        write_manifest(folder, manifest)
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{folder} cannot be written to: {one_line(error)}.") from error


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
    except (SafetensorError, OSError, ValueError, KeyError, RuntimeError) as error:
        raise WeightsError(f"{path} is damaged or no safetensors file: {one_line(error, 100)}.") from error
    try:
        with torch.device("meta"):
            model = manifest.build()
    except WeightsError as error:
        raise WeightsError(f"{folder / CONFIG_FILE}: {error}") from error
    model.manifest = manifest
    return fill(model, state, str(path))


def fill(model: TranslationModel, state: Mapping[str, torch.Tensor], origin: str) -> TranslationModel:
    """Give a model (on the meta device, so that nothing is allocated twice) these weights, as float32, in eval mode.

    Strict: raises WeightsError naming the first tensor that is missing, unknown, misshapen, of another type or not
    finite.
    """
    wanted = model.state_dict()
    if missing := sorted(set(wanted) - set(state)):
        raise WeightsError(f"{origin} lacks {missing[0]!r}.")
    if unknown := sorted(set(state) - set(wanted)):
        raise WeightsError(f"{origin} holds {one_line(repr(unknown[0]), 80)}, which this model does not know.")
    # All shapes first: what follows may copy.
    for name, tensor in state.items():
        if tensor.shape != wanted[name].shape:
            found, expected = (tuple(t.shape) for t in (tensor, wanted[name]))
            raise WeightsError(f"{origin}: {name!r} is {one_line(found, 60)}, the config wants {expected}.")
        if not tensor.is_floating_point():
            raise WeightsError(f"{origin}: {name!r} holds {tensor.dtype}, not floating-point numbers.")
    places = Counter(tensor.data_ptr() for tensor in state.values())
    filled = {}
    for name, tensor in state.items():
        # Tied tensors are parted: each is a parameter of its own here. Tensors mapped from a file are moved to where
        # torch would put them: its kernels round differently on other alignments, and the same weights are to give
        # the same bytes wherever they were read from.
        place = tensor.data_ptr()
        filled[name] = tensor.to(torch.float32, copy=places[place] > 1 or place % ALIGNMENT > 0)
        if not torch.isfinite(filled[name]).all():
            raise WeightsError(f"{origin}: {name!r} holds numbers that are not finite.")
    model.load_state_dict(filled, assign=True)
    return model.eval()
