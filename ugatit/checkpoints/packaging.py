"""Package weights for sharing: a folder with a model card, or a zip of it."""

import os
import tempfile
import zipfile
from pathlib import Path

from ugatit.checkpoints.familiarity import write_familiarity
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

    Also writes the statistics of the domains, if the model has them.
    Local paths in the manifest are reduced to file names.

    name: the source that the card's example loads. manifest: defaults to the model's own. half: store 16-bit floats.
    Raises WeightsError if a number does not fit 16 bits or the folder is not writable.
    """
    manifest = without_local_paths(manifest or model.manifest or Manifest(model.name, model.config.to_dict()))
    save_weights(folder, model, manifest, half)
    if model.statistics is not None:
        write_familiarity(folder, model.statistics)
    try:
        (folder / CARD_FILE).write_text(model_card(manifest, name), encoding="utf-8")
    except OSError as error:
        raise WeightsError(f"{folder} cannot be written to: {error.strerror}.") from error


def save_pretrained(model: TranslationModel, folder: Path, half: bool = False) -> None:
    """Write a model as a weights folder with a model card; the folder is made if it is missing.

    half: store 16-bit floats. Raises WeightsError if a number does not fit 16 bits or the folder is not writable.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WeightsError(f"{folder} cannot be written to: {error.strerror}.") from error
    write_package(folder, model, folder.name, half=half)


def zip_weights(source: str | Path, target: Path, half: bool = True) -> Path:
    """Write weights to the zip `target`, in a folder with the zip's name, and return `target`.

    The zip is written atomically. source: as in `load_model`; for a run, its newest checkpoint is used.
    Raises WeightsError for weights that cannot be loaded or do not fit 16 bits, and for an unwritable target.
    """
    model = load_model(source, "cpu")
    name = target.stem
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".package-", dir=target.parent) as temporary:
            folder = Path(temporary) / name
            folder.mkdir()
            write_package(folder, model, name, half=half)
            archive_path = Path(temporary) / target.name
            # Uncompressed: weights hardly compress, and a gigabyte would take long.
            with zipfile.ZipFile(archive_path, "w", zipfile.ZIP_STORED) as archive:
                for file in sorted(folder.iterdir()):
                    archive.write(file, f"{name}/{file.name}")
            os.replace(archive_path, target)
    except OSError as error:
        raise WeightsError(f"{target} cannot be written: {error.strerror or error}.") from error
    return target
