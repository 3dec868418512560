"""The weights that runs have made, offered as soon as a run has saved some: always its newest checkpoint."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.models.manifest import LONGEST
from ugatit.training.runs import trained_weights


class RunWeights:
    """The runs in a folder that have weights to offer, looked up anew at every question.

    taken: names that are someone else's; a run of such a name is offered as `runs/NAME`.
    """

    def __init__(self, root: Path, taken: Collection[str] = ()) -> None:
        self.root, self._taken = root, frozenset(taken)

    def offered(self) -> list[WeightsEntry]:
        """Each run's newest checkpoint, the run with the newest activity first; the title also tells the run."""
        found = []
        for each in trained_weights(self.root):
            title = f"{each.manifest.title or ' ↔ '.join(each.manifest.domains)} · {each.name}"
            manifest = replace(each.manifest, title=title[: LONGEST["title"]])
            found.append(WeightsEntry(self.name_of(each.name), each.folder, manifest))
        return found

    def name_of(self, run: str) -> str:
        """What a run's weights are called on this page."""
        return f"runs/{run}" if run in self._taken else run
