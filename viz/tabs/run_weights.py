"""The weights of training runs: the newest checkpoint of each run, on offer as soon as the run has saved one."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.models.manifest import MAX_LENGTHS
from ugatit.models.registry import title
from ugatit.training.runs import trained_weights


class RunWeights:
    """The weights of the runs in a folder, which is read again at every call.

    root: the folder of the runs. reserved_names: names of other weights; a run with such a name is offered as
    `runs/NAME`.
    """

    def __init__(self, root: Path, reserved_names: Collection[str] = ()) -> None:
        self.root, self._reserved_names = root, frozenset(reserved_names)

    def entries(self) -> list[WeightsEntry]:
        """Return each run's newest checkpoint, most recently active run first. The titles contain the run's name."""
        entries = []
        for checkpoint in trained_weights(self.root):
            manifest = checkpoint.manifest
            full = f"{title(manifest)} · {checkpoint.name}"
            titled = replace(manifest, title=full[: MAX_LENGTHS["title"]])
            entries.append(WeightsEntry(self.name_of(checkpoint.name), checkpoint.folder, titled))
        return entries

    def name_of(self, run: str) -> str:
        """Return the name of a run's weights on this page."""
        return f"runs/{run}" if run in self._reserved_names else run
