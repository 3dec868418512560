"""Weights that were trained alike, with CAM attention and without it: what differs is what the attention brings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.inference.translator import Translator
from ugatit.models.manifest import Manifest
from ugatit.models.registry import has_attention


@dataclass(frozen=True)
class CamPair:
    """Two weights that differ in CAM attention alone. open: returns the translator of weights."""

    with_cam: WeightsEntry
    without_cam: WeightsEntry
    open: Callable[[WeightsEntry], Translator]

    @property
    def folders(self) -> tuple[Path, Path]:
        """The folders of the weights with CAM and without it."""
        return self.with_cam.folder, self.without_cam.folder

    def translators(self) -> tuple[Translator, Translator]:
        """Return the translators with CAM and without it. Raises WeightsError for damaged weights."""
        return self.open(self.with_cam), self.open(self.without_cam)


def find_cam_pair(
    entries: Iterable[WeightsEntry], like: Manifest, open: Callable[[WeightsEntry], Translator]
) -> CamPair | None:
    """Return the first such pair among weights for the pictures that `like` was trained on; None if there is none."""
    fitting = [entry for entry in entries if like.sources and _pictures(entry.manifest) == _pictures(like)]
    without = [entry for entry in fitting if not has_attention(entry.manifest)]
    for entry in fitting:
        if has_attention(entry.manifest):
            for other in without:
                if _training(other.manifest) == _training(entry.manifest):
                    return CamPair(entry, other, open)
    return None


def _pictures(manifest: Manifest) -> list[tuple[str, frozenset[str]]]:
    """Return each domain with the parts of its source string, without the number of pictures."""
    parts = (source.split(",") for source in manifest.sources)
    kinds = (frozenset(part for part in each if not part.startswith("count=")) for each in parts)
    return list(zip(manifest.domains, kinds, strict=False))


def _training(manifest: Manifest) -> tuple[Any, ...]:
    network = {name: value for name, value in manifest.network.items() if name != "attention"}
    return manifest.model, network, manifest.data, manifest.step
