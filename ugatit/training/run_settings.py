"""Everything a run is made of: put together from a preset and what was asked for, kept in the run's folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from ugatit.checkpoints.store import CONFIG_FILE, read_manifest, write_manifest
from ugatit.config import DataConfig, LossWeights, TrainingConfig, UGATITConfig
from ugatit.data.sources import is_drawn, source_name
from ugatit.errors import ConfigError
from ugatit.models import UGATIT
from ugatit.models.base import TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.training.checkpoint import flush
from ugatit.training.initialization import network_settings
from ugatit.training.presets import Preset


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

    def named(self, names: tuple[str, str]) -> "RunSettings":
        """The same with other names for the domains."""
        return replace(self, network=replace(self.network, domains=names))

    def changed(self, given: Mapping[str, Any]) -> "RunSettings":
        """The same with other training settings. Raises ConfigError for a setting that a run cannot change."""
        if fixed := set(given) & {*UGATITConfig.names(), *DataConfig.names(), "start_from", "freeze"}:
            raise ConfigError(f"--{min(fixed).replace('_', '-')} cannot change in a resumed run.")
        weights = {**self.training.weights.to_dict(), **LossWeights.picked(given)}
        training = {**self.training.to_dict(), **TrainingConfig.picked(given), "weights": weights}
        return replace(self, training=TrainingConfig.from_dict(training))


def settings_from_preset(
    preset: Preset, given: Mapping[str, Any], start: TranslationModel | None = None
) -> RunSettings:
    """A preset's settings with those given in their place; domains are named after their sources unless given.

    start: weights to begin with, whose networks take the place of the preset's.
    Raises ConfigError or WeightsError for settings that cannot be or do not go together.
    """
    if given.get("domain_a") is None or given.get("domain_b") is None:
        raise ConfigError("--domain-a and --domain-b are needed to start a run.")
    values = {**preset.settings(), **given}
    if values.get("freeze") and start is None:
        raise ConfigError("--freeze needs --start-from: a random encoder is not worth keeping.")
    if start is not None:
        values |= network_settings(start, given)
    sources = (given["domain_a"], given["domain_b"])
    if sources[0] == sources[1] and is_drawn(sources[0]):
        raise ConfigError(f"Both domains are {sources[0]}: a pair needs two different ones.")
    if all(map(is_drawn, sources)):
        # Drawn without end and at the right size: crops would add no variety and blur what is drawn.
        values.setdefault("margin", 0.0)
    values.setdefault("domains", distinct_names(source_name(sources[0], "a"), source_name(sources[1], "b")))
    training = TrainingConfig(**TrainingConfig.picked(values), weights=LossWeights(**LossWeights.picked(values)))
    network = UGATITConfig(**UGATITConfig.picked(values))
    _check_depth(network)
    return RunSettings(network, DataConfig(**DataConfig.picked(values)), training)


def _check_depth(network: UGATITConfig) -> None:
    with torch.device("meta"):
        least = UGATIT(network).canvas_rule().least
    if least > network.image_size:
        raise ConfigError(
            f"Critics of {network.global_layers} and {network.local_layers} layers need pictures of {least} px, "
            f"the run's have {network.image_size}: set --global-layers and --local-layers lower, or leave them out."
        )


def distinct_names(a: str, b: str) -> tuple[str, str]:
    """Two names for two domains: those given, or, where they are the same, each with its side's letter."""
    return (a, b) if a != b else (f"{a} A", f"{b} B")


def write_settings(folder: Path, settings: RunSettings) -> None:
    """Write a run's settings, whole or not at all: a run without them could not be resumed."""
    partial = folder / ".config.partial"
    partial.mkdir(exist_ok=True)
    write_manifest(partial, settings.manifest())
    flush(partial / CONFIG_FILE)
    os.replace(partial / CONFIG_FILE, folder / CONFIG_FILE)
    partial.rmdir()
    flush(folder)


def read_settings(folder: Path) -> RunSettings:
    """The settings a run folder was made with. Raises ConfigError or WeightsError where it holds none."""
    if not (folder / CONFIG_FILE).exists():
        raise ConfigError(f"{folder} holds no run to resume; leave --resume out to start one.")
    manifest = read_manifest(folder)
    return RunSettings(
        UGATITConfig.from_dict(manifest.network),
        DataConfig.from_dict(manifest.data),
        TrainingConfig.from_dict(manifest.training),
    )
