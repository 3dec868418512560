"""`python -m ugatit train`, alone or as one of several processes that torchrun starts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from ugatit.checkpoints.store import read_manifest
from ugatit.cli.options import option, overrides
from ugatit.config import DataConfig, TrainingConfig
from ugatit.data.kinds import DataKind
from ugatit.data.source_string import source_name
from ugatit.errors import ConfigError, WeightsError
from ugatit.models.base import TranslationModel
from ugatit.models.preset import describe_defaults
from ugatit.models.registry import DEFAULT_MODEL, MODELS, model_class, model_names
from ugatit.text import one_line
from ugatit.training.distributed import PeerFailedError, PeerLostError, ProcessGroup, process_group
from ugatit.training.host_memory import keep_freed_memory
from ugatit.training.progress import print_now
from ugatit.training.run import OpenedRun, create_run, default_folder, join_run, lock_run_folder, reopen_run, train_run
from ugatit.training.run_settings import SOURCE_FLAGS, default_names, missing_sources
from ugatit.training.stop_request import end_on_signal

SOURCE = (
    "folder, zip, hub:owner/name[:split[:label]], scenes:disc or scenes:square, "
    "faces:STYLE[,ATTRIBUTE=VALUE...][,count=5000]"
)


PAIR_EXAMPLES = """\
examples:
  python -m ugatit train --domain-a photos/cats --domain-b photos/dogs
  python -m ugatit train --domain-a horse2zebra.zip --domain-b horse2zebra.zip \\
      --preset light --batch-size 2
  python -m ugatit train --domain-a flat --domain-b clay \\
      --start-from flat2clay --freeze encoder
  python -m ugatit train --run runs/cats2dogs --resume --steps 6000
the options of another model:
  python -m ugatit train --model NAME --help
several GPUs (mind the --, or torchrun takes --run for its own):
  torchrun --nproc_per_node 2 -m -- ugatit train --domain-a cats \\
      --domain-b dogs --preset paper --run runs/cats
"""
FOLDERS_EXAMPLES = """\
examples, where photos has the folders cats, dogs and foxes:
  python -m ugatit train --model {name} --data photos
  python -m ugatit train --run runs/photos --resume --steps 6000
"""
PAIRED_EXAMPLES = """\
examples:
  python -m ugatit train --model {name} --data facades --direction BtoA
  python -m ugatit train --model {name} --data faces:adventurer
  python -m ugatit train --run runs/facades --resume --steps 9000
"""
LABELLED_EXAMPLES = """\
examples, where photos has the folders cats, dogs and foxes, and celeba an
attribute table beside its pictures:
  python -m ugatit train --model {name} --data photos
  python -m ugatit train --model {name} --data celeba \\
      --attributes Eyeglasses Black_Hair Blond_Hair
  python -m ugatit train --model {name} \\
      --data faces:lorelei,beard=any,freckles=any faces:micah
  python -m ugatit train --model {name} --data faces:lorelei \\
      --attributes hair glasses
  python -m ugatit train --run runs/photos --resume --steps 6000
"""
EXAMPLES_OF = {
    DataKind.PAIR: PAIR_EXAMPLES,
    DataKind.FOLDERS: FOLDERS_EXAMPLES,
    DataKind.PAIRED: PAIRED_EXAMPLES,
    DataKind.LABELLED: LABELLED_EXAMPLES,
}


@dataclass(frozen=True)
class Train:
    """Train a model on pictures of its domains; every setting of the preset can be given its own value."""

    EXAMPLES: ClassVar[str]
    model_type: ClassVar[type[TranslationModel]] = MODELS[DEFAULT_MODEL]
    """The model whose options the command has."""

    model: str | None = option("the kind of model", default=None)
    domain_a: str | None = option(SOURCE, default=None)
    domain_b: str | None = option("the same for the other side", default=None)
    test_a: str | None = option(
        "folder or zip of pictures to hold out, only looked at; otherwise a tenth is set aside", default=None
    )
    test_b: str | None = option("the same for the other side", default=None)
    data: tuple[str, ...] | None = option(
        "for a model of several domains: folder, zip or hub:owner/name[:split] with a folder for each domain; for "
        "stargan also pictures with an attribute table, or faces:STYLE with the attributes that the seed decides, and "
        "two sources, learned at once; for pix2pix: pictures that show a pair side by side, A left, folders A and B "
        "with equal names inside, or faces:STYLE, lines to colour",
        default=None,
    )
    attributes: tuple[str, ...] | None = option(
        "of the first source of --data, its table or drawn faces, those to learn, such as Eyeglasses; of faces hair, "
        "skin or expression for all their values, 'hair red' for one; all that vary unless given",
        default=None,
    )
    preset: str | None = option("where settings begin", default=None)
    start_from: str | None = option(
        "weights to begin with instead of random ones: bundled, a folder, a published checkpoint or a Hub id; "
        "their networks take the place of the preset's",
        default=None,
    )
    run_folder: Path | None = option("run folder; runs/A2B unless given", default=None, flag="--run")
    resume: bool = option("go on with the run in --run", default=False)
    device: str = option("auto, cpu, cuda, cuda:1, mps", default="auto")
    settings: dict[str, Any] = field(default_factory=dict)

    def run(self) -> int:
        if self.model not in (None, self.model_type.name):
            # The options were read before the model was known, or the run's model is another.
            raise ConfigError(f"--model {one_line(self.model)} is not {self.model_type.name}: write --model in full.")
        folder = self._folder()
        keep_freed_memory()
        try:
            with end_on_signal(), process_group(self.device) as processes, lock_run_folder(folder, processes.device):
                return self._train(folder, processes)
        except (PeerFailedError, PeerLostError):
            # The process that failed has reported it.
            return 2

    def _folder(self) -> Path:
        if self.run_folder is not None:
            if not _is_unicode(self.run_folder):
                # Weights could be written there, but not read again.
                raise ConfigError(f"--run {one_line(self.run_folder)} is no name in Unicode: choose another.")
            return self.run_folder
        if self.resume:
            raise ConfigError("--resume needs --run, the folder of the run to go on with.")
        sources = self._given_sources()["sources"]
        names = default_names(sources) if len(sources) > 1 else (source_name(sources[0]),)
        return default_folder(self.settings.get("domains", names))

    def _given_sources(self) -> dict[str, tuple[str, ...]]:
        """Return the sources and test sources. Raises ConfigError unless they are complete and of one kind."""
        kinds = self.model_type.data_kinds
        pair_given = any(source is not None for source in (self.domain_a, self.domain_b, self.test_a, self.test_b))
        takes_data = any(SOURCE_FLAGS[kind] == SOURCE_FLAGS[DataKind.FOLDERS] for kind in kinds)
        if (self.data is not None and (pair_given or not takes_data)) or (pair_given and DataKind.PAIR not in kinds):
            needed = " or ".join(SOURCE_FLAGS[kind] for kind in kinds)
            got = SOURCE_FLAGS[DataKind.FOLDERS if self.data is not None else DataKind.PAIR]
            raise ConfigError(f"A {self.model_type.name} run takes {needed}; got {got}.")
        if self.data is not None:
            if len(self.data) > (2 if DataKind.LABELLED in kinds else 1):
                raise ConfigError(f"A {self.model_type.name} run has not {len(self.data)} sources of --data.")
            return {"sources": self.data}
        if self.domain_a is None or self.domain_b is None:
            raise missing_sources(self.model_type)
        tests = (self.test_a or "", self.test_b or "")
        return {"sources": (self.domain_a, self.domain_b), "test_sources": tests if any(tests) else ()}

    def _train(self, folder: Path, processes: ProcessGroup) -> int:
        opened: list[OpenedRun] = []

        def open_run() -> Any:
            opened.append(self._reopen(folder) if self.resume else self._create(folder))
            return opened[0].settings

        settings = processes.run_on_main(open_run)
        run = opened[0] if opened else join_run(folder, settings)
        write = print_now if processes.is_main else lambda _: None
        for line in run.remarks:
            write(line)
        others = f", {processes.world_size} processes" if processes.world_size > 1 else ""
        write(f"Training in {folder} on {processes.device}{others}; stop with Ctrl-C, go on with --resume.")
        done = train_run(folder, run, processes)
        write(f"{'Finished' if done else 'Stopped and saved'}: {folder}")
        return 0

    def _create(self, folder: Path) -> OpenedRun:
        model = self.model_type
        given = {**self.settings, **self._given_sources()}
        if self.attributes is not None:
            if DataKind.LABELLED not in model.data_kinds:
                raise ConfigError(f"A {model.name} run learns no attributes: leave --attributes out.")
            given["attributes"] = self.attributes
        if self.start_from is not None:
            given["start_from"] = self.start_from
        return create_run(folder, model, model.presets[self.preset or model.default_preset], given)

    def _reopen(self, folder: Path) -> OpenedRun:
        if self.preset is not None:
            raise ConfigError("--preset cannot change in a resumed run: leave it out, and name single settings.")
        for name in ("attributes", "data", "domain_a", "domain_b", "start_from", "test_a", "test_b"):
            if getattr(self, name) is not None:
                raise ConfigError(f"--{name.replace('_', '-')} cannot change in a resumed run.")
        return reopen_run(folder, self.settings)


def train_command(arguments: Sequence[str]) -> type[Train]:
    """Return the command with the options of the model that the arguments, or the run they resume, name.

    Raises WeightsError for a model that is not registered.
    """
    return _command_for(model_class(_model_name(arguments)))


def _command_for(chosen: type[TranslationModel]) -> type[Train]:
    presets = "; ".join(f"{name}, {preset.summary}" for name, preset in chosen.presets.items())

    @dataclass(frozen=True)
    class TrainModel(Train):
        __doc__ = Train.__doc__
        model_type: ClassVar[type[TranslationModel]] = chosen
        EXAMPLES: ClassVar[str] = next(
            examples.format(name=chosen.name) for kind, examples in EXAMPLES_OF.items() if kind in chosen.data_kinds
        )

        model: str | None = option(f"{', '.join(model_names())} [{DEFAULT_MODEL}]", default=None)
        preset: str | None = option(
            f"where settings begin: {presets} [default {chosen.default_preset}]",
            default=None,
            choices=tuple(chosen.presets),
        )
        settings: dict[str, Any] = overrides(
            TrainingConfig,
            chosen.config_type,
            DataConfig,
            chosen.loss_weights_type,
            defaults=describe_defaults(chosen.presets),
        )

    return TrainModel


def _model_name(arguments: Sequence[str]) -> str:
    if (name := _value_of("--model", arguments)) is not None:
        return name
    folder = _value_of("--run", arguments)
    if folder and "--resume" in arguments:
        try:
            return read_manifest(Path(folder)).model
        except WeightsError:
            # The run is reported as missing or damaged once it is opened.
            return DEFAULT_MODEL
    return DEFAULT_MODEL


def _value_of(flag: str, arguments: Sequence[str]) -> str | None:
    """Return the last value given to an option."""
    value = None
    for argument, following in zip(arguments, [*arguments, None][1:], strict=True):
        if argument == flag:
            value = following
        elif argument.startswith(f"{flag}="):
            value = argument.removeprefix(f"{flag}=")
    return value


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
