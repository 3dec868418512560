"""Where weights come from: a bundled name, a weights folder, a run folder, a published checkpoint, a Hub id."""

import re
from dataclasses import dataclass
from pathlib import Path

import torch

from ugatit.devices import resolve_device, resolve_precision
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel
from ugatit.published import config_from_shapes, convert, is_published
from ugatit.store import CONFIG_FILE, WEIGHTS_FILE, Manifest, fill, load_weights, read_manifest
from ugatit.training.checkpoint import checkpoints

BUNDLED = Path(__file__).resolve().parent.parent / "weights"
PUBLISHED_SUFFIXES = (".pt", ".pth", ".ckpt")
HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True)
class Found:
    """Weights that are there: what they are called and what they say of themselves."""

    name: str
    folder: Path
    manifest: Manifest


def bundled(folder: Path = BUNDLED) -> list[Found]:
    """The weights that come with the project, by name."""
    folders = sorted(p for p in folder.glob("*") if (p / CONFIG_FILE).is_file() and (p / WEIGHTS_FILE).is_file())
    return [Found(path.name, path, read_manifest(path)) for path in folders]


def locate(source: str | Path) -> Path:
    """The weights folder or checkpoint file behind a source; the Hub is asked only for what looks like its id.

    Raises WeightsError for what is not there, naming the kinds of source there are.
    """
    path = Path(source).expanduser()
    text = str(source)
    if re.fullmatch(r"[\w-]+", text) and (BUNDLED / text / CONFIG_FILE).is_file():
        return BUNDLED / text
    if path.is_file():
        return path
    if path.is_dir():
        if (path / WEIGHTS_FILE).is_file():
            return path
        if found := checkpoints(path / "checkpoints"):
            return found[-1]
        if files := sorted(p for p in path.iterdir() if p.suffix in PUBLISHED_SUFFIXES):
            return files[-1]
        raise WeightsError(
            f"{path} holds neither {WEIGHTS_FILE}, nor a run's checkpoints, nor a published checkpoint."
        )
    if HUB_ID.fullmatch(text) and not path.suffix:
        return _from_hub(text)
    names = ", ".join(found.name for found in bundled()) or "none"
    raise WeightsError(
        f"There are no weights {text!r}: name bundled ones ({names}), a weights or run folder, "
        "a published checkpoint file, or a Hub id (owner/name)."
    )


def load_model(
    source: str | Path,
    device: str = "auto",
    precision: str = "fp32",
    *,
    domains: tuple[str, str] = ("A", "B"),
    image_size: int | None = None,
) -> TranslationModel:
    """Load a model in eval mode.

    source: a bundled name, weights folder, run folder, Hub "owner/name", published checkpoint, or a folder of them.
    device: auto, cpu, cuda, cuda:1, mps. precision: fp32, bf16 (convolutions in 16 bits, weights and results in 32), or auto.
    domains, image_size: of a published checkpoint, which names no domains and, if light, no size.
    Raises WeightsError for what is missing, damaged, foreign or dangerous, ConfigError for a device not there.
    """
    where = resolve_device(device)
    path = locate(source)
    model = read_published(path, domains, image_size) if path.is_file() else load_weights(path)
    model.to(where)
    if resolve_precision(precision, where) == "bf16":
        for network in (*model.generator_modules().values(), *model.critic_modules().values()):
            network.forward = torch.autocast(where.type, torch.bfloat16)(network.forward)
    return model


def read_published(path: Path, domains: tuple[str, str], image_size: int | None = None) -> TranslationModel:
    """Read a published PyTorch checkpoint without running anything that is in it.

    Raises WeightsError naming the file and what is wrong with it.
    """
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True, mmap=False)
    except Exception as error:  # torch.load raises a dozen kinds for damaged and hostile files
        raise WeightsError(
            f"{path} is not a checkpoint that can be read safely (damaged, cut off, or it holds more than tensors)."
        ) from error
    if not is_published(checkpoint):
        held = ", ".join(list(map(str, checkpoint))[:6]) if isinstance(checkpoint, dict) else type(checkpoint).__name__
        raise WeightsError(f"{path} is not a published U-GAT-IT checkpoint (genA2B, … disLB); it holds: {held}.")
    try:
        config = config_from_shapes(checkpoint, domains, image_size)
        with torch.device("meta"):
            model = UGATIT(config)
        return fill(model, convert(checkpoint, config), str(path))
    except WeightsError as error:
        raise WeightsError(f"{path}: {error}") from error


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled

    try:
        folder = snapshot_download(name, allow_patterns=[CONFIG_FILE, WEIGHTS_FILE])
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WeightsError(f"There are no weights {name!r} on this machine or on the Hub: {reason}") from error
    return Path(folder)
