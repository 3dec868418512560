"""The settings of a run: built from a preset and the given values, stored in the run folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ugatit.checkpoints.store import CONFIG_FILE, model_class, read_manifest, write_manifest
from ugatit.config import DataConfig, TrainingConfig
from ugatit.data.source_string import is_drawn, source_name
from ugatit.errors import ConfigError
from ugatit.models.base import TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.models.preset import Preset
from ugatit.training.checkpoint import flush
from ugatit.training.initialization import network_settings


@dataclass(frozen=True)
class RunSettings:
    """All settings of a run. model: its class. network: the model's config, with a field `domains`."""

    model: type[TranslationModel]
    network: Any
    data: DataConfig
    training: TrainingConfig

    def manifest(self) -> Manifest:
        """Return the manifest for the run folder and its weights."""
        return Manifest(
            model=self.model.name,
            network=self.network.to_dict(),
            data=self.data.to_dict(),
            training=self.training.to_dict(),
            title=" ↔ ".join(self.network.domains),
        )

    def with_domains(self, names: tuple[str, str]) -> "RunSettings":
        """Return a copy with other domain names."""
        return replace(self, network=replace(self.network, domains=names))

    def with_overrides(self, given: Mapping[str, Any]) -> "RunSettings":
        """Return a copy with the given training settings. Raises ConfigError for one that a run cannot change."""
        if fixed := set(given) & {*self.model.config_type.names(), *DataConfig.names(), "start_from", "freeze"}:
            raise ConfigError(f"--{min(fixed).replace('_', '-')} cannot change in a resumed run.")
        weights = {**self.training.weights, **self.model.loss_weights_type.select(given)}
        training = {**self.training.to_dict(), **TrainingConfig.select(given), "weights": weights}
        return replace(self, training=TrainingConfig.from_dict(training))


def settings_from_preset(
    model: type[TranslationModel],
    preset: Preset,
    given: Mapping[str, Any],
    pretrained: TranslationModel | None = None,
) -> RunSettings:
    """Return the preset's settings, overridden by the given ones; domains are named after their sources by default.

    pretrained: a model to start from; its network settings replace those of the preset.
    Raises ConfigError or WeightsError for settings that are invalid or do not go together.
    """
    if given.get("domain_a") is None or given.get("domain_b") is None:
        raise ConfigError("--domain-a and --domain-b are needed to start a run.")
    values = {**preset.settings, **given}
    if values.get("freeze") and pretrained is None:
        raise ConfigError("--freeze needs --start-from: a random encoder is not worth keeping.")
    if pretrained is not None:
        values |= network_settings(model, pretrained, given)
    sources = (given["domain_a"], given["domain_b"])
    if sources[0] == sources[1] and is_drawn(sources[0]):
        raise ConfigError(f"Both domains are {sources[0]}: a pair needs two different ones.")
    if all(map(is_drawn, sources)):
        # Drawn pictures are unlimited and of the right size: random crops would add no variety, only blur.
        values.setdefault("margin", 0.0)
    values.setdefault("domains", distinct_names(source_name(sources[0], "a"), source_name(sources[1], "b")))
    weights = model.loss_weights_type(**model.loss_weights_type.select(values))
    training = TrainingConfig(**TrainingConfig.select(values), weights=weights.to_dict())
    network = model.config_type(**model.config_type.select(values))
    model.check_config(network)
    return RunSettings(model, network, DataConfig(**DataConfig.select(values)), training)


def distinct_names(a: str, b: str) -> tuple[str, str]:
    """Return the names of two domains; equal names get the suffixes A and B."""
    return (a, b) if a != b else (f"{a} A", f"{b} B")


def write_settings(folder: Path, settings: RunSettings) -> None:
    """Write a run's settings atomically: without them the run could not be resumed."""
    partial = folder / ".config.partial"
    partial.mkdir(exist_ok=True)
    write_manifest(partial, settings.manifest())
    flush(partial / CONFIG_FILE)
    os.replace(partial / CONFIG_FILE, folder / CONFIG_FILE)
    partial.rmdir()
    flush(folder)


def read_settings(folder: Path) -> RunSettings:
    """Read the settings of a run folder. Raises ConfigError or WeightsError if it holds no valid ones."""
    if not (folder / CONFIG_FILE).exists():
        raise ConfigError(f"{folder} holds no run to resume; leave --resume out to start one.")
    manifest = read_manifest(folder)
    model = model_class(manifest.model)
    training = TrainingConfig.from_dict(manifest.training)
    # The weights of an older run may lack a term; an unknown one is an error.
    weights = model.loss_weights_type.from_dict(training.weights).to_dict()
    return RunSettings(
        model,
        model.config_type.from_dict(manifest.network),
        DataConfig.from_dict(manifest.data),
        replace(training, weights=weights),
    )
