"""`python -m ugatit train`, alone or as one of several processes that torchrun starts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ugatit.cli.options import option, overrides
from ugatit.config import DataConfig, TrainingConfig
from ugatit.data.source_string import source_name
from ugatit.errors import ConfigError
from ugatit.models import UGATIT
from ugatit.models.preset import describe_defaults
from ugatit.text import one_line
from ugatit.training.distributed import PeerFailedError, PeerLostError, ProcessGroup, process_group
from ugatit.training.host_memory import keep_freed_memory
from ugatit.training.progress import print_now
from ugatit.training.run import OpenedRun, create_run, default_folder, join_run, lock_run_folder, reopen_run, train_run
from ugatit.training.run_settings import distinct_names
from ugatit.training.stop_request import end_on_signal

SOURCE = "folder, zip, hub:owner/name[:split[:label]], scenes:disc or scenes:square"


@dataclass(frozen=True)
class Train:
    """Train U-GAT-IT on two domains; every setting of the preset can be given its own value."""

    EXAMPLES: ClassVar[str] = """\
examples:
  python -m ugatit train --domain-a photos/cats --domain-b photos/dogs
  python -m ugatit train --domain-a horse2zebra.zip --domain-b horse2zebra.zip \\
      --preset light --batch-size 2
  python -m ugatit train --domain-a flat --domain-b clay \\
      --start-from flat2clay --freeze encoder
  python -m ugatit train --run runs/cats2dogs --resume --steps 6000
several GPUs (mind the --, or torchrun takes --run for its own):
  torchrun --nproc_per_node 2 -m -- ugatit train --domain-a cats \\
      --domain-b dogs --preset paper --run runs/cats
"""

    domain_a: str | None = option(SOURCE, default=None)
    domain_b: str | None = option("the same for the other side", default=None)
    preset: str | None = option(
        "where settings begin: "
        + "; ".join(f"{name}, {preset.summary}" for name, preset in UGATIT.presets.items())
        + f" [default {UGATIT.default_preset}]",
        default=None,
        choices=tuple(UGATIT.presets),
    )
    start_from: str | None = option(
        "weights to begin with instead of random ones: bundled, a folder, a published checkpoint or a Hub id; "
        "their networks take the place of the preset's",
        default=None,
    )
    run_folder: Path | None = option("run folder; runs/A2B unless given", default=None, flag="--run")
    resume: bool = option("go on with the run in --run", default=False)
    device: str = option("auto, cpu, cuda, cuda:1, mps", default="auto")
    settings: dict[str, Any] = overrides(
        TrainingConfig,
        UGATIT.config_type,
        DataConfig,
        UGATIT.loss_weights_type,
        defaults=describe_defaults(UGATIT.presets),
    )

    def run(self) -> int:
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
        if self.domain_a is None or self.domain_b is None:
            raise ConfigError("--domain-a and --domain-b are needed to start a run.")
        names = distinct_names(source_name(self.domain_a, "a"), source_name(self.domain_b, "b"))
        return default_folder(self.settings.get("domains", names))

    def _train(self, folder: Path, processes: ProcessGroup) -> int:
        opened: list[OpenedRun] = []

        def open_run() -> Any:
            own = {name: getattr(self, name) for name in ("domain_a", "domain_b", "start_from")}
            given = {**self.settings, **{name: value for name, value in own.items() if value is not None}}
            if not self.resume:
                opened.append(create_run(folder, UGATIT, UGATIT.presets[self.preset or UGATIT.default_preset], given))
            elif self.preset is None:
                opened.append(reopen_run(folder, given))
            else:
                raise ConfigError("--preset cannot change in a resumed run: leave it out, and name single settings.")
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


def _is_unicode(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True
