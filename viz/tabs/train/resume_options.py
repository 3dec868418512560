"""The settings that may change when a run is resumed, as command-line options."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ugatit.errors import ConfigError, TranslationError
from ugatit.training.run_settings import read_settings
from viz.i18n import words_in
from viz.i18n.schema import Words


class NoStepsLeftError(ConfigError):
    """A run cannot be resumed because all its steps are done. done: the number of steps done."""

    def __init__(self, done: int) -> None:
        self.done = done
        super().__init__(self.message_in(words_in("")))

    def message_in(self, words: Words) -> str:
        """Return the message in a language."""
        texts = words.train
        return texts.all_done.format(done=f"{self.done:,}", steps=texts.settings["steps"], box=texts.resume_with)


@dataclass(frozen=True)
class ResumeOptions:
    """The settings to resume a run with, in the order of the controls. None keeps a setting."""

    steps: int | None = None
    batch_size: int | None = None
    accumulate: int | None = None
    learning_rate: float | None = None
    precision: str | None = None

    def arguments(self, run: Path, done: int) -> list[str]:
        """Return options of `python -m ugatit train --resume`, for the settings that differ from the run's own.

        done: steps of the run so far. Raises NoStepsLeftError where none are left, and TranslationError for values
        that are not allowed, before anything is started.
        """
        settings = read_settings(run)
        changes = {
            name: value
            for name, value in asdict(self).items()
            if value is not None and value != getattr(settings.training, name)
        }
        if done >= settings.with_overrides(changes).training.steps:
            raise NoStepsLeftError(done)
        return [part for name, value in changes.items() for part in (f"--{name.replace('_', '-')}", str(value))]


def current_values(run: Path) -> tuple[Any, ...]:
    """Return a run's settings in the order of `ResumeOptions`; empty where they are missing or unreadable."""
    try:
        training = read_settings(run).training
    except TranslationError:
        return ()
    return tuple(getattr(training, name) for name in asdict(ResumeOptions()))
