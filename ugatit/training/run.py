"""Create or reopen a run folder, and train in it."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL.Image import Image

from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.run_folders import list_checkpoints, step_of
from ugatit.checkpoints.store import CONFIG_FILE
from ugatit.data.datasets import LabelledDataset, PairedDataset, UnpairedDataset
from ugatit.data.face_cache import Report
from ugatit.data.opened import OpenedData, open_data
from ugatit.data.transforms import square_tensor
from ugatit.errors import ConfigError, DataError
from ugatit.models.base import TranslationModel
from ugatit.models.preset import Preset
from ugatit.training.distributed import ProcessGroup
from ugatit.training.initialization import initialize_from
from ugatit.training.lock import hold_lock
from ugatit.training.progress import Progress, print_now
from ugatit.training.run_log import RunLog
from ugatit.training.run_settings import (
    RunSettings,
    distinct_names,
    read_settings,
    settings_from_preset,
    write_settings,
)
from ugatit.training.trainer import Trainer

SAMPLES_PER_DOMAIN = 6
DROPPED_SHOWN = 5


@dataclass(frozen=True)
class OpenedRun:
    """A run that is ready to train.

    start: the model that a run without checkpoints begins with, where its weights come from elsewhere; else None.
    remarks: lines to print before training begins.
    """

    settings: RunSettings
    data: OpenedData
    start: TranslationModel | None = None
    remarks: tuple[str, ...] = ()


@contextmanager
def lock_run_folder(folder: Path, device: torch.device) -> Iterator[None]:
    """Hold the lock of a run folder; where a failure leaves it without a run, delete the folders made for it.

    Raises ConfigError where another process trains there.
    """
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        with hold_lock(folder, f"cuda:{device.index or 0}" if device.type == "cuda" else device.type):
            yield
    except BaseException:
        if new and not (folder / CONFIG_FILE).exists():
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):
                for parent in new[1:]:
                    parent.rmdir()
        raise


def create_run(folder: Path, model: type[TranslationModel], preset: Preset, given: Mapping[str, Any]) -> OpenedRun:
    """Create a run folder: import the pictures, then write the settings.

    Raises TranslationError where the folder already holds a run or a given setting cannot be used.
    """
    if (folder / CONFIG_FILE).exists():
        raise ConfigError(f"{folder} already holds a run: go on with it by --resume, or name another by --run.")
    weights = load_model(given["start_from"], "cpu") if given.get("start_from") else None
    settings = settings_from_preset(model, preset, given, weights)
    data = _open_data(settings, folder, print_now)
    if settings.labelled:
        sets = [(one.names, one.binary) for one in data.sets]
        settings = settings.with_label_sets(sets, given.get("domains"))
    else:
        settings = settings.with_domains(_domain_names(settings, data, given.get("domains")))
    start, remarks = initialize_from(model, weights, settings.network) if weights else (None, [])
    write_settings(folder, settings)
    return OpenedRun(settings, data, start, (*describe_run(data), *remarks))


def _domain_names(settings: RunSettings, data: OpenedData, given: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the given names of the domains, else those found in the sources. Raises ConfigError for a wrong number."""
    if given is not None:
        if len(given) != len(data.domains):
            raise ConfigError(f"--domains has {len(given)} names, but there are {len(data.domains)} domains.")
        return tuple(given)
    # Drawn domains are named by their sources, which the settings did already.
    defaults = settings.network.domains
    return distinct_names([d.name if d else defaults[number] for number, d in enumerate(data.domains)])


def reopen_run(folder: Path, given: Mapping[str, Any]) -> OpenedRun:
    """Open an existing run folder, with the given training settings in place of its own.

    Raises TranslationError where it holds no run, or its pictures are gone.
    """
    settings = read_settings(folder).with_overrides(given)
    kept = list_checkpoints(folder / "checkpoints")
    try:
        data = _open_data(settings, folder, print_now)
    except DataError as error:
        RunLog(folder, writes=False).log_failure(step_of(kept[-1]) if kept else 0, str(error))
        raise
    write_settings(folder, settings)
    if settings.training.start_from and not kept:
        # The run was killed before its first checkpoint.
        start, remarks = initialize_from(
            settings.model, load_model(settings.training.start_from, "cpu"), settings.network
        )
        return OpenedRun(settings, data, start, tuple(remarks))
    return OpenedRun(settings, data)


def join_run(folder: Path, settings: RunSettings) -> OpenedRun:
    """Open the run that the main process has created or reopened, in another process of the same training."""
    return OpenedRun(settings, _open_data(settings, folder))


def _open_data(settings: RunSettings, folder: Path, report: Report = lambda line: None) -> OpenedData:
    """Open the pictures of a run. Raises DataError as `open_data` does."""
    size, seed = settings.network.image_size, settings.training.seed
    return open_data(settings.data, size, seed, folder, report, settings.paired, settings.labelled)


def describe_run(data: OpenedData) -> list[str]:
    """Lines for people: the pictures of each domain, the files that were dropped, the labels, and warnings."""
    lines = []
    for domain in filter(None, data.domains):
        lines.append(f"{domain.name}: {len(domain.training)} pictures to train on, {len(domain.held_out)} held out.")
        lines += [f"  dropped {one.name}: {one.reason}" for one in domain.dropped[:DROPPED_SHOWN]]
        if (more := len(domain.dropped) - DROPPED_SHOWN) > 0:
            lines.append(f"  and {more} more")
    lines += [f"{'Attributes' if one.binary else 'Domains'}: {', '.join(one.names)}." for one in data.sets]
    return [*lines, *data.warnings]


def train_run(folder: Path, run: OpenedRun, processes: ProcessGroup) -> bool:
    """Train in a run folder, from its last checkpoint or from the start. Return whether all steps are done."""
    network, training = run.settings.network, run.settings.training
    torch.manual_seed(training.seed)
    model = run.start
    if model is None:
        model = run.settings.model.from_config(network)
        model.init_weights()
    batches = training.steps * model.critic_updates * training.accumulate * processes.world_size
    common = (network.image_size, run.settings.data, training.seed, batches * training.batch_size)
    dataset: UnpairedDataset
    if run.settings.labelled:
        dataset = LabelledDataset([one.sources for one in run.data.sets], *common)
    else:
        dataset_type = PairedDataset if run.settings.paired else UnpairedDataset
        dataset = dataset_type(dict(zip(network.domains, run.data.pictures, strict=True)), *common)
    held_out = {
        domain: torch.stack([square_tensor(p, network.image_size, run.settings.data.fit) for p in pictures])
        for domain, pictures in _held_out(run).items()
    }
    trainer = Trainer(
        model,
        dataset,
        held_out,
        training,
        run.settings.manifest(),
        folder,
        processes.device,
        Progress(training.steps) if processes.is_main else lambda step: None,
        processes,
        run.remarks,
    )
    # Weights from elsewhere cannot be drawn again from the seed: a run killed early needs them saved.
    return trainer.train(keep_start=bool(training.start_from))


def _held_out(run: OpenedRun) -> dict[str, list[Image]]:
    """Return the pictures for the samples by domain; of attributes, those that have it."""
    domains = iter(run.settings.network.domains)
    pictures: dict[str, list[Image]] = {}
    for source in run.data.pictures:
        for attribute in source.attributes:
            pictures[next(domains)] = source.held_out_with(attribute, SAMPLES_PER_DOMAIN)
        if not source.attributes:
            pictures[next(domains)] = source.held_out(SAMPLES_PER_DOMAIN)
    return {domain: found for domain, found in pictures.items() if found}


def default_folder(domains: Sequence[str]) -> Path:
    """Return `runs/A2B` for the domains A and B, `runs/A` for a single name."""
    return Path("runs") / "2".join(domains)
