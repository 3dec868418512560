"""The settings of a run: built from a preset and the given values, stored in the run folder."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import Any

from ugatit.checkpoints.store import CONFIG_FILE, read_manifest, write_manifest
from ugatit.config import DataConfig, TrainingConfig
from ugatit.data.domain import SIDES
from ugatit.data.face_set import FaceSet
from ugatit.data.kinds import DataKind
from ugatit.data.source_string import is_drawn, is_face, source_name
from ugatit.errors import ConfigError
from ugatit.models.base import TranslationModel
from ugatit.models.manifest import Manifest
from ugatit.models.preset import Preset
from ugatit.models.registry import model_class
from ugatit.models.titles import domains_title
from ugatit.training.checkpoint import flush
from ugatit.training.initialization import network_settings

SOURCE_FLAGS = {
    DataKind.PAIR: "--domain-a and --domain-b", DataKind.FOLDERS: "--data", DataKind.PAIRED: "--data",
    DataKind.LABELLED: "--data",
}  # fmt: skip
"""The options that name the sources, by kind of data."""
LINES_AND_COLOR = ("lines", "color")
"""The names of the domains of drawn pairs."""


@dataclass(frozen=True)
class RunSettings:
    """All settings of a run. model: its class. network: the model's config, with a field `domains`."""

    model: type[TranslationModel]
    network: Any
    data: DataConfig
    training: TrainingConfig

    @property
    def paired(self) -> bool:
        """Whether the pictures of the two domains are in pairs."""
        return DataKind.PAIRED in self.model.data_kinds

    @property
    def labelled(self) -> bool:
        """Whether the pictures have labels."""
        return DataKind.LABELLED in self.model.data_kinds

    def manifest(self) -> Manifest:
        """Return the manifest for the run folder and its weights."""
        return Manifest(
            model=self.model.name,
            network=self.network.to_dict(),
            data=self.data.to_dict(),
            training=self.training.to_dict(),
            title=domains_title(self.network.domains, self.model.targets_of(self.network)),
        )

    def with_domains(self, names: tuple[str, ...]) -> "RunSettings":
        """Return a copy with other domain names. Raises ConfigError for names or a number the model cannot take."""
        network = replace(self.network, domains=names)
        self.model.check_config(network)
        return replace(self, network=network)

    def with_label_sets(self, sets: Sequence[tuple[Sequence[str], bool]], names: Sequence[str] | None) -> "RunSettings":
        """Return a copy of a labelled model's settings for its data sets, each its domains and if they are attributes.

        names: the domains' own; without them, equal names get the suffixes A and B.
        Raises ConfigError for sets or names the model cannot take.
        """
        if names is None:
            names = distinct_names([name for domains, _ in sets for name in domains])
        network = self.model.with_label_sets(self.network, sets, names)
        self.model.check_config(network)
        return replace(self, network=network)

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

    given: settings by name, among them `sources`. The domains of a single source are known once it is read; until then
    they have the names of the model's config. pretrained: a model to start from; its network settings replace those of
    the preset. Raises ConfigError or WeightsError for settings that are invalid or do not go together.
    """
    sources = tuple(given.get("sources") or ())
    _check_sources(model, sources)
    values = {**preset.settings, **given}
    if (part := values.get("freeze")) and part not in model.freezable_parts:
        parts = ", ".join(model.freezable_parts) or "none"
        raise ConfigError(f"A {model.name} model can freeze of its parts: {parts}; got {part!r}.")
    if values.get("freeze") and pretrained is None:
        raise ConfigError("--freeze needs --start-from: a random encoder is not worth keeping.")
    if pretrained is not None:
        values |= network_settings(model, pretrained, given)
    if all(map(is_drawn, sources)):
        # Drawn pictures are unlimited and of the right size: random crops would add no variety, only blur.
        values.setdefault("margin", 0.0)
    labelled = DataKind.LABELLED in model.data_kinds
    if len(sources) > 1 and not labelled:
        values.setdefault("domains", default_names(sources))
    elif DataKind.PAIRED in model.data_kinds and is_face(sources[0]):
        values.setdefault("domains", LINES_AND_COLOR)
    weights = model.loss_weights_type(**model.loss_weights_type.select(values))
    training = TrainingConfig(**TrainingConfig.select(values), weights=weights.to_dict())
    # The domains of labelled data are known once it is read; the names given are theirs then.
    unknown = ("domains",) if labelled else ()
    selected = {n: value for n, value in model.config_type.select(values).items() if n not in unknown}
    network = model.config_type(**selected)
    model.check_config(network)
    return RunSettings(model, network, DataConfig(**DataConfig.select(values)), training)


def default_settings(model: type[TranslationModel], preset: str) -> dict[str, Any]:
    """Return the settings of a preset by name, with the defaults of their classes where it lists none."""
    classes = (TrainingConfig, DataConfig, model.config_type, model.loss_weights_type)
    defaults = {item.name: item.default for settings in classes for item in fields(settings)}
    known = {name: value for name, value in defaults.items() if value is not MISSING}
    return {**known, **model.presets[preset].settings}


def missing_sources(model: type[TranslationModel]) -> ConfigError:
    """Return the error that names the options which a run of this model needs."""
    flags = " or ".join(SOURCE_FLAGS[kind] for kind in model.data_kinds)
    return ConfigError(f"{flags} {'are' if DataKind.PAIR in model.data_kinds else 'is'} needed to start a run.")


def _check_sources(model: type[TranslationModel], sources: tuple[str, ...]) -> None:
    """Raise ConfigError unless the model can be trained on this number of sources, and drawn ones differ."""
    kinds = {DataKind.LABELLED, *((DataKind.FOLDERS, DataKind.PAIRED) if len(sources) == 1 else (DataKind.PAIR,))}
    if len(sources) > 2:
        raise ConfigError(f"A run has one or two sources, got {len(sources)}.")
    if not sources or not kinds & set(model.data_kinds):
        raise missing_sources(model)
    if len(sources) > 1 and len(set(sources)) < len(sources) and all(map(is_drawn, sources)):
        what = "data sets" if DataKind.LABELLED in model.data_kinds else "domains"
        raise ConfigError(f"Both {what} are {sources[0]}: a pair needs two different ones.")


def default_names(sources: Sequence[str]) -> tuple[str, ...]:
    """Return the names of domains by their sources, one for each."""
    names = [source_name(source, SIDES[min(number, 1)]) for number, source in enumerate(sources)]
    if len(set(names)) < len(names) and all(map(is_face, sources)):
        # Faces of one style differ by their attributes.
        names = [FaceSet.parse(source).attribute_name for source in sources]
    return distinct_names(names)


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of domains; equal names get the suffixes A, B and so on."""
    return tuple(
        f"{name} {chr(ord('A') + names[:number].count(name))}" if names.count(name) > 1 else name
        for number, name in enumerate(names)
    )


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
