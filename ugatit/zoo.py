"""Where weights come from: a bundled name, a weights folder, a run folder, a published checkpoint, a Hub id."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ugatit.devices import keep_float32_exact, resolve_device, resolve_precision
from ugatit.errors import WeightsError
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel
from ugatit.published import config_from_shapes, convert, is_published, networks_of
from ugatit.store import CONFIG_FILE, WEIGHTS_FILE, Manifest, fill, load_weights, read_manifest
from ugatit.survey import check_promises
from ugatit.text import one_line
from ugatit.training.checkpoint import checkpoints
from ugatit.training.job import runs

logger = logging.getLogger(__name__)

BUNDLED = Path(__file__).resolve().parent.parent / "weights"
PUBLISHED_SUFFIXES = (".pt", ".pth", ".ckpt")
HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*")


@dataclass(frozen=True)
class Found:
    """Weights that are there: what they are called and what they say of themselves."""

    name: str
    folder: Path
    manifest: Manifest


def bundled(folder: Path = BUNDLED) -> list[Found]:
    """The weights that come with the project, by name. Those whose config is damaged are left out, with a warning."""
    found = []
    for path in sorted(p.parent for p in folder.glob(f"*/{CONFIG_FILE}")):
        if not (path / WEIGHTS_FILE).is_file():
            continue
        try:
            found.append(Found(path.name, path, read_manifest(path)))
        except WeightsError as error:
            logger.warning("Left out: %s", error)
    return found


def trained(root: Path) -> list[Found]:
    """The weights of the runs in a folder, each run's newest checkpoint under the run's name; newest activity first.

    Runs without a checkpoint have none yet; a damaged one is left out, with a warning.
    """
    return [found for run in runs(root) if (found := _newest(run))]


def _newest(run: Path) -> Found | None:
    listed, problem = None, None
    while (saved := checkpoints(run / "checkpoints")) and saved[-1] != listed:
        # Asked again where it cannot be read: a run in training may have dropped it since, for a newer one.
        listed = saved[-1]
        try:
            return Found(run.name, listed, read_manifest(listed))
        except WeightsError as error:
            problem = error
    if problem:
        logger.warning("Left out: %s", problem)
    return None


def locate(source: str | Path) -> Path:
    """The weights folder or checkpoint file behind a source; the Hub is asked only for what looks like its id.

    A bundled name comes first, then what is on the disk, then the Hub.
    Raises WeightsError for what is not there, naming the kinds of source there are.
    """
    text = str(source)
    if re.fullmatch(r"[\w-]+", text) and (BUNDLED / text / CONFIG_FILE).is_file():
        return BUNDLED / text
    path = Path(source)
    try:
        path = path.expanduser()
        if path.is_file():
            return path.parent if path.name == WEIGHTS_FILE else path
        if path.is_dir():
            return _in_folder(path)
    except (OSError, RuntimeError) as error:  # a name too long, a folder closed to us, a user unknown
        raise WeightsError(f"{one_line(text)} cannot be looked at: {one_line(error)}.") from error
    if HUB_ID.fullmatch(text) and path.suffix not in PUBLISHED_SUFFIXES:
        return _from_hub(text)
    names = ", ".join(found.name for found in bundled()) or "none"
    raise WeightsError(
        f"There are no weights {one_line(repr(text))}: name bundled ones ({names}), a weights or run folder, "
        "a published checkpoint file, or a Hub id (owner/name)."
    )


def _in_folder(folder: Path) -> Path:
    """What a folder holds: weights, a run's newest checkpoint, or the last published checkpoint by name."""
    if (folder / WEIGHTS_FILE).is_file():
        return folder
    if found := checkpoints(folder / "checkpoints"):
        return found[-1]
    if files := sorted(p for p in folder.iterdir() if p.suffix in PUBLISHED_SUFFIXES and p.is_file()):
        return files[-1]
    raise WeightsError(f"{folder} holds neither {WEIGHTS_FILE}, nor a run's checkpoints, nor a published checkpoint.")


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
    device: auto, cpu, cuda, cuda:1, mps.
    precision: fp32, bf16 (convolutions in 16 bits, weights and results in 32), or auto.
    domains, image_size: of a published checkpoint, which names no domains and, if light, no size.
    Raises WeightsError for what is missing, damaged, foreign or dangerous, ConfigError for a device not there.
    """
    where = resolve_device(device)
    model = _load(source, domains, image_size)
    model.to(where)
    if resolve_precision(precision, where) == "bf16":
        for network in (*model.generator_modules().values(), *model.critic_modules().values()):
            network.forward = torch.autocast(where.type, torch.bfloat16)(network.forward)
    elif where.type == "cuda":
        keep_float32_exact()
    return model


def _load(source: str | Path, domains: tuple[str, str], image_size: int | None) -> TranslationModel:
    path = locate(source)
    while path.is_dir():
        try:
            return load_weights(path)
        except WeightsError:
            # A run in training drops old checkpoints, perhaps this one while it was read: then there is a newer one.
            newest = locate(source)
            if newest == path:
                raise
            path = newest
    return read_published(path, domains, image_size)


def read_published(path: Path, domains: tuple[str, str], image_size: int | None = None) -> TranslationModel:
    """Read a published PyTorch checkpoint without running anything that is in it.

    Raises WeightsError naming the file and what is wrong with it.
    """
    try:
        checkpoint = _read_checkpoint(path)
        if not is_published(checkpoint):
            kind = type(checkpoint).__name__
            keys = list(checkpoint)[:6] if isinstance(checkpoint, dict) else []
            held = ", ".join(one_line(key, 40) for key in keys) or f"a {kind} without names"
            raise WeightsError(f"is not a published U-GAT-IT checkpoint (genA2B, … disLB); it holds: {held}.")
    except WeightsError as error:
        raise WeightsError(f"{one_line(path, 4096)} {error}") from error
    try:
        networks = networks_of(checkpoint)
        config = config_from_shapes(networks, domains, image_size)
        with torch.device("meta"):
            model = UGATIT(config)
        return fill(model, convert(networks, config), "the checkpoint")
    except WeightsError as error:
        raise WeightsError(f"{one_line(path, 4096)}: {error}") from error


def _read_checkpoint(path: Path) -> Any:
    try:
        check_promises(path)
    except WeightsError as error:
        raise WeightsError(f"is not a checkpoint that can be read safely: it {error}.") from error
    except OSError as error:
        raise WeightsError(f"cannot be read: {error.strerror}.") from error
    try:
        return torch.load(path, map_location="cpu", weights_only=True, mmap=False)
    except Exception as error:  # torch.load raises a dozen kinds for damaged and hostile files
        raise WeightsError("is damaged, or holds more than tensors.") from error


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        folder = snapshot_download(name, allow_patterns=[CONFIG_FILE, WEIGHTS_FILE])
    # The Hub's own errors are all of these two kinds: no net, offline mode, no such repository, an id that cannot be.
    except (OSError, ValueError) as error:
        reason = one_line((str(error).splitlines() or [type(error).__name__])[0])
        raise WeightsError(f"There are no weights {name!r} on this machine or on the Hub: {reason}") from error
    return Path(folder)
