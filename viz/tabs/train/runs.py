"""The runs of this page's folder: which there are, which one a page shows, and how each is begun and stopped."""

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from ugatit.checkpoints.store import CONFIG_FILE
from ugatit.errors import ConfigError, DataError, TranslationError
from ugatit.text import unused
from ugatit.training import process
from ugatit.training.monitor import RunMonitor
from ugatit.training.runs import list_running, list_runs
from viz.tabs.access import on_space
from viz.tabs.train.resume_box import ResumeOptions
from viz.tabs.train.run_view import RunView
from viz.tabs.train.staging import StagedDomain

NAME = re.compile(r"\w[\w.-]{0,79}")
PERSISTENT = Path("/data")


def runs_folder() -> Path:
    """Where runs are kept: `runs` in the working folder, as for the command line; on a Space with a disk, there."""
    if on_space() and os.access(PERSISTENT, os.W_OK):
        return PERSISTENT / "runs"
    return Path.cwd() / "runs"


class Runs:
    """The runs in a folder, and a view of each that all open pages share. device: that runs are started on."""

    def __init__(self, root: Path, device: str = "auto") -> None:
        self.root, self._device = root, device
        self._views: dict[str, RunView] = {}
        self._lock = Lock()

    def listed(self) -> tuple[tuple[str, bool], ...]:
        """Names, and whether each is in training; the run with the newest activity first."""
        busy = {run.name for run in list_running(self.root)}
        return tuple((run.name, run.name in busy) for run in list_runs(self.root))

    def view(self, name: str) -> RunView:
        with self._lock:
            if name not in self._views:
                self._views[name] = RunView(RunMonitor(self.root / name))
            return self._views[name]

    def start(
        self, name: str, a: StagedDomain, b: StagedDomain, options: Sequence[str], domains: tuple[str, str]
    ) -> str:
        """Begin a run with pictures of its own; returns its name. name: empty for one after the domains.

        Raises ConfigError for a name that is taken or cannot be, or while another run trains on the device.
        """
        name = name.strip() or self._named_after(domains)
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
            process.start(folder, [*a.settle(folder, "a"), *b.settle(folder, "b"), *options, *self._where()])
        except TranslationError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return name

    def is_begun(self, name: str) -> bool:
        """Whether a run got as far as writing down what it is, so that it can go on."""
        return (self.root / name / CONFIG_FILE).is_file()

    def stop(self, name: str) -> None:
        process.stop(self._known(name))

    def resume(self, name: str, changes: ResumeOptions) -> None:
        """Go on with a run, with some settings changed. Raises TranslationError, also where all its steps are done."""
        folder = self._known(name)
        options = changes.arguments(folder, self.view(name).watch.look().step)
        process.resume(folder, [*options, *self._where()])

    def _known(self, name: str) -> Path:
        if name not in {run for run, _ in self.listed()}:
            raise ConfigError("There is no run to stop or resume: start one.")
        return self.root / name

    def _where(self) -> list[str]:
        return [] if self._device == "auto" else ["--device", self._device]

    def _named_after(self, domains: tuple[str, str]) -> str:
        words = "2".join(re.sub(r"[^\w]+", "-", domain).strip("-")[:30] for domain in domains)
        taken = {path.name for path in self.root.iterdir()} if self.root.is_dir() else set()
        return unused(words if NAME.fullmatch(words) else "run", taken)
