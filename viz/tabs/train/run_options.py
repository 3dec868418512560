"""The settings of a new run, as command-line options."""

from dataclasses import asdict, dataclass

import torch

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import build_model
from ugatit.config import FITS, DataConfig, TrainingConfig
from ugatit.errors import ConfigError
from ugatit.models.registry import DEFAULT_MODEL, MODELS, model_class
from ugatit.training.run_settings import settings_from_preset

FREEZABLE = "encoder"


@dataclass(frozen=True)
class RunOptions:
    """The settings of a new run, in the order of the controls. None leaves a setting to the preset."""

    preset: str = MODELS[DEFAULT_MODEL].default_preset
    steps: int | None = None
    fit: str = FITS[0]
    batch_size: int | None = None
    image_size: int | None = None
    learning_rate: float | None = None
    cam: float | None = None
    freeze: bool = False
    seed: int | None = None
    model: str = DEFAULT_MODEL

    def arguments(
        self,
        sources: tuple[str, ...],
        domains: tuple[str, ...],
        initial_weights: WeightsEntry | None,
        attributes: tuple[str, ...] = (),
    ) -> list[str]:
        """Return options of `python -m ugatit train`, without those for the sources.

        Values of settings that the model does not have are left out. sources: one for each domain, or a single one.
        domains: their names, empty to take those found in the sources. initial_weights: the weights to start from; None
        for random ones. attributes: of the first source, those to learn; empty for all.
        Raises TranslationError for values that are not allowed, before anything is started.
        """
        model_type = model_class(self.model)
        if self.preset not in model_type.presets:
            raise ConfigError(f"There is no preset {self.preset!r}; choose one of: {', '.join(model_type.presets)}.")
        if self.freeze and initial_weights is None:
            raise ConfigError("A random encoder is not worth keeping: choose weights to start from, or let it learn.")
        parts = (TrainingConfig, DataConfig, model_type.config_type, model_type.loss_weights_type)
        known = {name for part in parts for name in part.names()}
        values = {name: value for name, value in asdict(self).items() if name in known and value is not None}
        values["freeze"] = FREEZABLE if self.freeze else ""
        # Validation needs shapes and names only: no weights are read yet.
        with torch.device("meta"):
            model = build_model(initial_weights.manifest) if initial_weights else None
        data = {"sources": sources, "attributes": attributes, **({"domains": domains} if domains else {})}
        settings_from_preset(model_type, model_type.presets[self.preset], {**values, **data}, model).manifest()
        for what, names in (("A domain", domains), ("An attribute", attributes)):
            if dashed := [name for name in names if name.startswith("-")]:
                raise ConfigError(f"{what} cannot be called {dashed[0]!r}: begin its name with a letter.")
        options = [] if self.model == DEFAULT_MODEL else ["--model", self.model]
        options += ["--preset", self.preset, *(["--domains", *domains] if domains else [])]
        options += ["--attributes", *attributes] if attributes else []
        if initial_weights is not None:
            options.append(f"--start-from={initial_weights.folder}")
        for name, value in values.items():
            if value != "":
                options += [f"--{name.replace('_', '-')}", str(value)]
        return options
