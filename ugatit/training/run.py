"""A run folder from its settings: start one, or go on with one, and train."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from ugatit.config import DataConfig, TrainingConfig, UGATITConfig
from ugatit.data.datasets import UnpairedDataset
from ugatit.data.sources import PictureSource, open_source
from ugatit.data.transforms import fitted
from ugatit.errors import ConfigError, WeightsError
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel
from ugatit.store import CONFIG_FILE, Manifest, read_manifest, write_manifest
from ugatit.training.checkpoint import checkpoints
from ugatit.training.progress import Progress
from ugatit.training.trainer import Trainer

SAMPLES_PER_DOMAIN = 6

PRESETS: dict[str, dict[str, Any]] = {
    # Minutes on a CPU.
    "quick": {"image_size": 64, "ngf": 16, "ndf": 16, "batch_size": 4, "learning_rate": 2e-4, "steps": 3000},
    # What a single GPU trains in an evening.
    "light": {"image_size": 256, "ngf": 64, "ndf": 64, "batch_size": 1, "steps": 100_000},
    # The published hyper-parameters, to the letter.
    "paper": {"image_size": 256, "light": False, "batch_size": 1, "steps": 1_000_000, "ema": 0.0},
}


@dataclass(frozen=True)
class RunSettings:
    """Everything a run is made of."""

    network: UGATITConfig
    data: DataConfig
    training: TrainingConfig

    def manifest(self) -> Manifest:
        a, b = self.network.domains
        return Manifest(
            model=UGATIT.name,
            network=self.network.to_dict(),
            data=self.data.to_dict(),
            training=self.training.to_dict(),
            title=f"{a} ↔ {b}",
        )


def open_sources(data: DataConfig, size: int, seed: int) -> tuple[PictureSource, PictureSource]:
    """Both domains' pictures. Raises DataError for a source that is not there or holds too few pictures."""
    return (
        open_source(data.domain_a, size, seed, data.test_a),
        open_source(data.domain_b, size, seed + 1, data.test_b),
    )


def new_run(folder: Path, settings: RunSettings) -> None:
    """Make a run folder. Raises ConfigError where one stands already."""
    if (folder / CONFIG_FILE).exists():
        raise ConfigError(f"{folder} already holds a run: go on with it by --resume, or name another by --run.")
    folder.mkdir(parents=True, exist_ok=True)
    keep_settings(folder, settings)


def keep_settings(folder: Path, settings: RunSettings) -> None:
    """Write a run's settings, whole or not at all: a run without them could not be resumed."""
    partial = folder / ".config.partial"
    partial.mkdir(exist_ok=True)
    write_manifest(partial, settings.manifest())
    os.replace(partial / CONFIG_FILE, folder / CONFIG_FILE)
    partial.rmdir()


def settings_of(folder: Path) -> RunSettings:
    """The settings a run folder was made with. Raises ConfigError or WeightsError where it holds none."""
    if not (folder / CONFIG_FILE).exists():
        raise ConfigError(f"{folder} holds no run to resume; leave --resume out to start one.")
    manifest = read_manifest(folder)
    return RunSettings(
        UGATITConfig.from_dict(manifest.network),
        DataConfig.from_dict(manifest.data),
        TrainingConfig.from_dict(manifest.training),
    )


def train_run(
    folder: Path,
    settings: RunSettings,
    device: torch.device,
    start: UGATIT | None = None,
    sources: tuple[PictureSource, PictureSource] | None = None,
) -> bool:
    """Train in a run folder, from its last checkpoint or from the start.

    start: a model whose weights a run without checkpoints begins with. sources: the settings' sources, if they are
    open already. Returns whether all steps were done.
    """
    network, training = settings.network, settings.training
    torch.manual_seed(training.seed)
    begins = start is not None and not checkpoints(folder / "checkpoints")
    if start is not None and begins:
        model = start
    else:
        model = UGATIT(network)
        model.init_weights()
    sources = sources or open_sources(settings.data, network.image_size, training.seed)
    by_domain = dict(zip(network.domains, sources, strict=True))
    length = training.steps * training.batch_size
    dataset = UnpairedDataset(by_domain, network.image_size, settings.data, training.seed, length)
    held_out = {
        domain: torch.stack([fitted(p, network.image_size) for p in source.held_out(SAMPLES_PER_DOMAIN)])
        for domain, source in by_domain.items()
    }
    progress = Progress(training.steps)
    trainer = Trainer(model, dataset, held_out, training, settings.manifest(), folder, device, progress)
    if begins:
        # Weights from elsewhere cannot be drawn again from the seed: a run killed early must find them.
        trainer.save()
    return trainer.train()


def started_from(start: TranslationModel, network: UGATITConfig) -> UGATIT:
    """A model of this config with the weights of another, whose networks must be of the same shapes.

    The image size may differ for light generators; critics of another depth or width start anew.
    Raises WeightsError naming the first setting that does not fit.
    """
    if not isinstance(start, UGATIT):
        raise WeightsError(f"U-GAT-IT cannot start from a {start.name} model.")
    names = ["light", "ngf", "blocks"] + ([] if network.light else ["image_size"])
    for name in names:
        ours, theirs = getattr(network, name), getattr(start.config, name)
        if ours != theirs:
            flag = name.replace("_", "-")
            way_out = f"--{flag} {theirs}" if name != "light" else "--light" if theirs else "--no-light"
            raise WeightsError(f"These weights have {name} {theirs}, the run {ours}: set {way_out}.")
    model = UGATIT(network)
    model.init_weights()
    model.generator_ab.load_state_dict(start.generator_ab.state_dict())
    model.generator_ba.load_state_dict(start.generator_ba.state_dict())
    for name, critic in model.critic_modules().items():
        theirs = start.critic_modules()[name].state_dict()
        if {k: v.shape for k, v in critic.state_dict().items()} == {k: v.shape for k, v in theirs.items()}:
            critic.load_state_dict(theirs)
    return model
