"""Read and write `familiarity.safetensors`: the statistics of the domains that lie beside the weights."""

import os
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from ugatit.errors import WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.familiarity import DomainStatistics
from ugatit.text import one_line

FAMILIARITY_FILE = "familiarity.safetensors"
LARGEST_FAMILIARITY = 4 * 2**20


def read_familiarity(folder: Path, model: TranslationModel) -> DomainStatistics | None:
    """Read a weights folder's statistics; None if it has none.

    Raises WeightsError for a file that is damaged, too large, or made for a model of other domains.
    """
    path = folder / FAMILIARITY_FILE
    if not path.is_file():
        return None
    try:
        if path.stat().st_size > LARGEST_FAMILIARITY:
            raise WeightsError(f"it is larger than {LARGEST_FAMILIARITY // 2**20} MB")
        # Cloned, because load_file maps the file, which may be replaced.
        tensors = {name: tensor.clone() for name, tensor in load_file(path).items()}
        features = 2 * model.feature_channels
        return DomainStatistics.from_tensors(tensors, len(model.targets), len(model.domains), features)
    except (WeightsError, SafetensorError, OSError, ValueError, KeyError, RuntimeError) as error:
        raise WeightsError(f"{path} is damaged: {one_line(error, 160)}. Fetch it again or remove it.") from error


def write_familiarity(folder: Path, statistics: DomainStatistics) -> Path:
    """Write `folder/familiarity.safetensors` atomically and return its path.

    Raises WeightsError if the folder cannot be written to.
    """
    path, partial = folder / FAMILIARITY_FILE, folder / f".{FAMILIARITY_FILE}.partial"
    try:
        save_file({name: tensor.contiguous() for name, tensor in statistics.tensors().items()}, partial)
        os.replace(partial, path)
    except (SafetensorError, OSError) as error:
        raise WeightsError(f"{folder} cannot be written to: {one_line(error)}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return path
