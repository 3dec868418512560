"""List, start, stop and resume the runs in the page's folder."""

import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from ugatit.checkpoints.store import CONFIG_FILE
from ugatit.errors import ConfigError, DataError, TranslationError
from ugatit.text import unused_name
from ugatit.training import process
from ugatit.training.monitor import RunMonitor
from ugatit.training.runs import list_running, list_runs
from viz.tabs.access import on_space
from viz.tabs.train.resume_options import ResumeOptions
from viz.tabs.train.run_view import RunView

NAME = re.compile(r"\w[\w.-]{0,79}")
PERSISTENT = Path("/data")


def runs_folder() -> Path:
    """Return the folder of runs: `runs` in the working folder, as for the command line; on a Space its disk, if any."""
    if on_space() and os.access(PERSISTENT, os.W_OK):
        return PERSISTENT / "runs"
    return Path.cwd() / "runs"


class Runs:
    """The runs in a folder, with one view of each for all open pages. device: for new and resumed runs."""

    def __init__(self, root: Path, device: str = "auto") -> None:
        self.root, self._device = root, device
        self._views: dict[str, RunView] = {}
        self._lock = Lock()

    def entries(self) -> tuple[tuple[str, bool], ...]:
        """Return names, and whether each run is in training; most recently active run first."""
        running = {run.name for run in list_running(self.root)}
        return tuple((run.name, run.name in running) for run in list_runs(self.root))

    def view(self, name: str) -> RunView:
        """Return the view of a run, which is created once."""
        with self._lock:
            if name not in self._views:
                self._views[name] = RunView(RunMonitor(self.root / name))
            return self._views[name]

    def start(
        self, name: str, data: Callable[[Path], list[str]], options: Sequence[str], named_after: Sequence[str]
    ) -> str:
        """Start a run on its own copies of the pictures, and return its name.

        name: empty to name the run after `named_after`, its domains or its source. data: puts the pictures into the
        run's folder and returns the options that name them. options: further options of `python -m ugatit train`.
        Raises ConfigError for a name that is taken or not allowed, or while another run trains on the device.
        """
        name = name.strip() or self._name_after(named_after)
        if not NAME.fullmatch(name):
            raise ConfigError(
                f"A run cannot be called {name!r}: use letters, digits, dashes and underscores, 80 at most."
            )
        folder = self.root / name
        try:
            folder.mkdir(parents=True)
        except FileExistsError as error:
            raise ConfigError(f"There is a run {name!r} already: choose another name, or resume it.") from error
        except OSError as error:
            raise DataError(
                f"{self.root} cannot be written to ({error.strerror}): start the page elsewhere."
            ) from error
        try:
            process.start(folder, [*data(folder), *options, *self._device_options()])
        except TranslationError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return name

    def is_resumable(self, name: str) -> bool:
        """Return whether a run has written its config, without which it cannot be resumed."""
        return (self.root / name / CONFIG_FILE).is_file()

    def stop(self, name: str) -> None:
        """Stop a run. Raises ConfigError for an unknown name."""
        process.stop(self._existing(name))

    def resume(self, name: str, options: ResumeOptions) -> None:
        """Resume a run with changed settings. Raises TranslationError, also where all its steps are done."""
        folder = self._existing(name)
        arguments = options.arguments(folder, self.view(name).monitor.poll().step)
        process.resume(folder, [*arguments, *self._device_options()])

    def _existing(self, name: str) -> Path:
        if name not in {run for run, _ in self.entries()}:
            raise ConfigError("There is no run to stop or resume: start one.")
        return self.root / name

    def _device_options(self) -> list[str]:
        return [] if self._device == "auto" else ["--device", self._device]

    def _name_after(self, names: Sequence[str]) -> str:
        joined = "2".join(re.sub(r"[^\w]+", "-", domain).strip("-")[:30] for domain in names)
        taken = {path.name for path in self.root.iterdir()} if self.root.is_dir() else set()
        return unused_name(joined if NAME.fullmatch(joined) else "run", taken)
