"""The weights that the page offers, bundled, learned and added, and their translators, loaded when first needed."""

import os
import shutil
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from ugatit.checkpoints.registry import HUB_ID, WeightsEntry, locate_weights
from ugatit.checkpoints.store import WEIGHTS_FILE, read_manifest
from ugatit.checkpoints.untrusted_upload import open_weights_file
from ugatit.errors import WeightsError
from ugatit.inference.translator import Translator, load_translator
from ugatit.text import unused
from viz.tabs.run_weights import RunWeights

Added = tuple[WeightsEntry, ...]
"""Weights that a person brought along: seen in their session alone."""


def may_add_weights() -> bool:
    """Whether strangers' weights are taken: not on a Space, unless its owner allows it."""
    return not os.environ.get("SPACE_ID") or os.environ.get("UGATIT_ADD_WEIGHTS") == "1"


class Catalog:
    """Weights by name. At most `keep` translators stay in memory, those used last.

    found: at least one. learned: what runs have made. device, precision: as `load_translator` takes them.
    """

    def __init__(
        self,
        found: Sequence[WeightsEntry],
        device: str = "auto",
        precision: str = "auto",
        keep: int = 3,
        learned: RunWeights | None = None,
    ) -> None:
        self._found = {each.name: each for each in found}
        self._learned = learned
        self._device, self._precision, self._keep = device, precision, keep
        self._translators: OrderedDict[tuple[Path, int], Translator] = OrderedDict()
        self._lock = Lock()
        self._room = TemporaryDirectory(prefix="ugatit-weights-")

    def offered(self, added: Added = ()) -> list[WeightsEntry]:
        learned = self._learned.offered() if self._learned else []
        return [*self._found.values(), *learned, *added]

    def find(self, name: str, added: Added = ()) -> WeightsEntry:
        """The weights offered under a name; a name is all that is taken, no path and no Hub id.

        Raises WeightsError, naming those on offer.
        """
        offered = {each.name: each for each in self.offered(added)}
        if name not in offered:
            raise WeightsError(f"There are no weights {name!r} here; choose one of: {', '.join(offered)}.")
        return offered[name]

    def translator(self, found: WeightsEntry) -> Translator:
        """The translator of weights on offer. Raises WeightsError where they are damaged."""
        try:
            return self._loaded(found)
        except WeightsError:
            # A run that goes on prunes its old checkpoints: its newest one stands for the same name.
            newest = next((each for each in self.offered() if each.name == found.name), found)
            if newest.folder == found.folder:
                raise
            return self._loaded(newest)

    def _loaded(self, found: WeightsEntry) -> Translator:
        key = (found.folder, _written(found.folder))
        with self._lock:
            if key in self._translators:
                self._translators.move_to_end(key)
            else:
                while len(self._translators) >= self._keep:
                    self._translators.popitem(last=False)
                self._translators[key] = load_translator(found.folder, self._device, self._precision)
            return self._translators[key]

    def add_file(self, file: Path, added: Added) -> WeightsEntry:
        """Check a zip of a weights folder or a published checkpoint as hostile and put it beside the others.

        Raises WeightsError saying what is wrong with it.
        """
        folder = open_weights_file(file, Path(self._room.name))
        return self._tried(WeightsEntry(self._unused(file.stem, added), folder, read_manifest(folder)))

    def add_from_hub(self, name: str, added: Added) -> WeightsEntry:
        """Fetch a Hub repository's weights and put them beside the others. Raises WeightsError."""
        if not HUB_ID.fullmatch(name) or Path(name).exists():
            raise WeightsError(f"{name!r} is no Hub id: it must read owner/name.")
        folder = locate_weights(name)
        return self._tried(WeightsEntry(self._unused(name.rpartition("/")[2], added), folder, read_manifest(folder)))

    def discard(self, added: Added) -> None:
        """Forget weights that were added, and delete what was unpacked for them."""
        for each in added:
            with self._lock:
                self._translators.pop((each.folder, _written(each.folder)), None)
            if each.folder.is_relative_to(self._room.name):
                shutil.rmtree(each.folder, ignore_errors=True)

    def _tried(self, found: WeightsEntry) -> WeightsEntry:
        self.translator(found)
        return found

    def _unused(self, name: str, added: Added) -> str:
        return unused(name, {each.name for each in self.offered(added)})


def _written(folder: Path) -> int:
    """When a folder's weights were written: a new run may take the name, and the steps, of one that was deleted."""
    try:
        return (folder / WEIGHTS_FILE).stat().st_mtime_ns
    except OSError:
        return 0
