"""Read and write weights folders: `config.json`, from which the model is built, and `model.safetensors`."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from ugatit.checkpoints.familiarity import read_familiarity
from ugatit.errors import ConfigError, WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.models.registry import model_class
from ugatit.text import one_line

CONFIG_FILE, WEIGHTS_FILE = "config.json", "model.safetensors"
LARGEST_CONFIG = 2**20
ALIGNMENT = 64
"""Alignment in bytes of the memory that torch allocates on the CPU."""


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a folder's `config.json`."""
    text = json.dumps(manifest.to_dict(), indent=2, ensure_ascii=False)
    # A path that is not valid Unicode contains lone surrogates. Escaped by a backslash, they are valid JSON.
    (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's `config.json`. Raises WeightsError if it is missing or invalid."""
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


def build_model(manifest: Manifest) -> TranslationModel:
    """Return the model that a manifest describes, with random weights, on the CPU.

    Raises WeightsError for a model that is not registered or a config that it cannot be built from.
    """
    model_type = model_class(manifest.model)
    try:
        return model_type.from_config(model_type.config_type.from_dict(manifest.network))
    except ConfigError as error:
        raise WeightsError(f"The config's network cannot be built: {one_line(error)}") from error


def save_weights(folder: Path, model: TranslationModel, manifest: Manifest, half: bool = False) -> None:
    """Write `config.json` and `model.safetensors` into an existing folder. half: store 16-bit floats.

    Raises WeightsError if a number does not fit 16 bits or the folder is not writable.
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

    Reads the statistics of the domains beside them, if there are any.
    Raises WeightsError for files that are missing or damaged, and tensors of a wrong shape or not finite.
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
            model = build_model(manifest)
    except WeightsError as error:
        raise WeightsError(f"{folder / CONFIG_FILE}: {error}") from error
    model.manifest, model.statistics = manifest, read_familiarity(folder, model)
    return load_state(model, state, str(path))


def load_state(model: TranslationModel, state: Mapping[str, torch.Tensor], origin: str) -> TranslationModel:
    """Load a state dict into a model, as float32, and return the model in eval mode.

    model: may be on the meta device, which saves allocating the weights twice. origin: where the state dict comes
    from, for error messages.
    Strict: raises WeightsError naming the first tensor that is missing, unknown, of a wrong shape, not of floating
    point, or not finite.
    """
    expected = model.state_dict()
    if missing := sorted(set(expected) - set(state)):
        raise WeightsError(f"{origin} lacks {missing[0]!r}.")
    if unknown := sorted(set(state) - set(expected)):
        raise WeightsError(f"{origin} holds {one_line(repr(unknown[0]), 80)}, which this model does not know.")
    # Check all shapes before anything is copied.
    for name, tensor in state.items():
        if tensor.shape != expected[name].shape:
            shape, expected_shape = (tuple(t.shape) for t in (tensor, expected[name]))
            raise WeightsError(f"{origin}: {name!r} is {one_line(shape, 60)}, the config wants {expected_shape}.")
        if not tensor.is_floating_point():
            raise WeightsError(f"{origin}: {name!r} holds {tensor.dtype}, not floating-point numbers.")
    users = Counter(tensor.data_ptr() for tensor in state.values())
    converted = {}
    for name, tensor in state.items():
        # Tensors that share memory are copied: each is a parameter of its own in our models. Tensors mapped from a file
        # are copied to memory aligned by torch: its kernels round differently on other alignments, and the same
        # weights must give the same bytes wherever they are read from.
        address = tensor.data_ptr()
        converted[name] = tensor.to(torch.float32, copy=users[address] > 1 or address % ALIGNMENT > 0)
        if not torch.isfinite(converted[name]).all():
            raise WeightsError(f"{origin}: {name!r} holds numbers that are not finite.")
    model.load_state_dict(converted, assign=True)
    return model.eval()
