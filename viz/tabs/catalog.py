"""The weights that the page offers: bundled, trained here, or added by a visitor. Translators are loaded lazily."""

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
from ugatit.text import unused_name
from viz.tabs.run_weights import RunWeights

AddedWeights = tuple[WeightsEntry, ...]
"""Weights that a visitor added; they are visible in that session only."""


def may_add_weights() -> bool:
    """Return whether visitors may add weights: not on a Space, unless its owner allows it."""
    return not os.environ.get("SPACE_ID") or os.environ.get("UGATIT_ADD_WEIGHTS") == "1"


class Catalog:
    """Weights by name, and a cache of their translators that drops the least recently used.

    entries: the fixed weights, at least one. device, precision: as for `load_translator`. max_loaded: translators kept
    in memory. run_weights: the weights of training runs.
    """

    def __init__(
        self,
        entries: Sequence[WeightsEntry],
        device: str = "auto",
        precision: str = "auto",
        max_loaded: int = 3,
        run_weights: RunWeights | None = None,
    ) -> None:
        self._entries = {entry.name: entry for entry in entries}
        self._run_weights = run_weights
        self._device, self._precision, self._max_loaded = device, precision, max_loaded
        self._translators: OrderedDict[tuple[Path, int], Translator] = OrderedDict()
        self._lock = Lock()
        self._unpacked = TemporaryDirectory(prefix="ugatit-weights-")

    def entries(self, added: AddedWeights = ()) -> list[WeightsEntry]:
        """Return all weights on offer: the fixed ones, those of training runs, and those the visitor added."""
        trained = self._run_weights.entries() if self._run_weights else []
        return [*self._entries.values(), *trained, *added]

    def find(self, name: str, added: AddedWeights = ()) -> WeightsEntry:
        """Return the weights with this name. Only names on offer are accepted, no path and no Hub id.

        Raises WeightsError, which lists the names on offer.
        """
        entries = {entry.name: entry for entry in self.entries(added)}
        if name not in entries:
            raise WeightsError(f"There are no weights {name!r} here; choose one of: {', '.join(entries)}.")
        return entries[name]

    def translator(self, entry: WeightsEntry) -> Translator:
        """Return the translator of weights on offer. Raises WeightsError where they are damaged."""
        try:
            return self._load(entry)
        except WeightsError:
            # A run that is still training prunes its old checkpoints: use its newest one, which has the same name.
            newest = next((other for other in self.entries() if other.name == entry.name), entry)
            if newest.folder == entry.folder:
                raise
            return self._load(newest)

    def _load(self, entry: WeightsEntry) -> Translator:
        key = (entry.folder, _modified_at(entry.folder))
        with self._lock:
            if key in self._translators:
                self._translators.move_to_end(key)
            else:
                while len(self._translators) >= self._max_loaded:
                    self._translators.popitem(last=False)
                self._translators[key] = load_translator(entry.folder, self._device, self._precision)
            return self._translators[key]

    def add_file(self, file: Path, added: AddedWeights) -> WeightsEntry:
        """Unpack an untrusted zip of a weights folder, or a published checkpoint, and return its entry.

        Raises WeightsError that says what is wrong with the file.
        """
        folder = open_weights_file(file, Path(self._unpacked.name))
        return self._loadable(WeightsEntry(self._unused_name(file.stem, added), folder, read_manifest(folder)))

    def add_from_hub(self, name: str, added: AddedWeights) -> WeightsEntry:
        """Download the weights of a Hub repository and return their entry. Raises WeightsError."""
        if not HUB_ID.fullmatch(name) or Path(name).exists():
            raise WeightsError(f"{name!r} is no Hub id: it must read owner/name.")
        folder = locate_weights(name)
        unused = self._unused_name(name.rpartition("/")[2], added)
        return self._loadable(WeightsEntry(unused, folder, read_manifest(folder)))

    def discard(self, added: AddedWeights) -> None:
        """Forget weights that were added, and delete the files that were unpacked for them."""
        for entry in added:
            with self._lock:
                self._translators.pop((entry.folder, _modified_at(entry.folder)), None)
            if entry.folder.is_relative_to(self._unpacked.name):
                shutil.rmtree(entry.folder, ignore_errors=True)

    def _loadable(self, entry: WeightsEntry) -> WeightsEntry:
        """Return the entry after loading it once. Raises WeightsError."""
        self.translator(entry)
        return entry

    def _unused_name(self, name: str, added: AddedWeights) -> str:
        return unused_name(name, {entry.name for entry in self.entries(added)})


def _modified_at(folder: Path) -> int:
    """Return when a folder's weights were written: a new run may reuse the name, and the steps, of a deleted one."""
    try:
        return (folder / WEIGHTS_FILE).stat().st_mtime_ns
    except OSError:
        return 0
