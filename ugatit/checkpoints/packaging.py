"""Weights to hand on: a folder with its model card, or a zip of one."""

import os
import tempfile
import zipfile
from pathlib import Path

from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.model_card import model_card, without_local_paths
from ugatit.checkpoints.store import save_weights
from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.manifest import Manifest

CARD_FILE = "README.md"


def write_package(
    folder: Path, model: TranslationModel, name: str, manifest: Manifest | None = None, half: bool = True
) -> None:
    """Write `config.json`, `model.safetensors` and a model card into an existing folder.

    name: what the weights are loaded by, for the card. manifest: what they say of themselves, the model's own if not
    given. half: store 16-bit floats. Raises WeightsError where a number does not fit these or nothing can be written.
    """
    manifest = without_local_paths(manifest or model.manifest or Manifest(model.name, model.config.to_dict()))
    save_weights(folder, model, manifest, half)
    try:
        (folder / CARD_FILE).write_text(model_card(manifest, name), encoding="utf-8")
    except OSError as error:
        raise WeightsError(f"{folder} cannot be written to: {error.strerror}.") from error


def zip_weights(source: str | Path, target: Path, half: bool = True) -> Path:
    """Write a zip of a weights folder, named like the zip; of a run its newest checkpoint. Returns `target`.

    source: as `load_model` takes it. The zip appears whole or not at all.
    Raises WeightsError for weights that cannot be loaded, or stored as asked.
    """
    model = load_model(source, "cpu")
    name = target.stem
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".parcel-", dir=target.parent) as room:
            folder = Path(room) / name
            folder.mkdir()
            write_package(folder, model, name, half=half)
            packed = Path(room) / target.name
            # Stored: weights hardly compress, and a gigabyte takes its time.
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
                for file in sorted(folder.iterdir()):
                    archive.write(file, f"{name}/{file.name}")
            os.replace(packed, target)
    except OSError as error:
        raise WeightsError(f"{target} cannot be written: {error.strerror or error}.") from error
    return target
