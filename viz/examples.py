"""Pictures to begin with, for each of the weights: files that lie beside them, or scenes drawn to their recipe."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.data.scenes import KINDS, scene
from ugatit.data.sources import is_drawn, source_name
from ugatit.images.decoding import open_picture
from ugatit.inference.translation import Translation

SEEDS = (11, 4, 18, 6, 29, 21)
"""Scenes that show well: their object is neither hidden by its colours nor alone."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class GroundTruth:
    """Where the object that tells the domains apart is: (h, w) bool on the input, and on its true translation."""

    source: Mask
    translation: Mask


@dataclass(frozen=True)
class Example:
    """A picture of domain `origin` for the weights of that name, to be translated to domain `to`."""

    weights: str
    name: str
    origin: str
    to: str
    picture: Image.Image
    truth: GroundTruth | None = None


@dataclass(frozen=True)
class Examples:
    """All examples, in the order of the weights."""

    all: tuple[Example, ...]
    _truths: dict[tuple[str, str], GroundTruth] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        truths = {(_print(each.picture), each.to): each.truth for each in self.all if each.truth is not None}
        object.__setattr__(self, "_truths", truths)

    def of(self, weights: str) -> list[Example]:
        return [example for example in self.all if example.weights == weights]

    def truth_of(self, translation: Translation) -> GroundTruth | None:
        """Where the differing object is, if the picture is one of the scenes, however it came in."""
        return self._truths.get((_print(translation.source), translation.to))


def load_examples(weights: Iterable[WeightsEntry], folder: Path) -> Examples:
    """Examples of each of the weights: `folder`/NAME/DOMAIN/*.png, and drawn scenes where it was trained on such."""
    found: list[Example] = []
    for each in weights:
        domains = each.manifest.domains
        if len(domains) != 2:
            continue
        for index, origin in enumerate(domains):
            to = domains[1 - index]
            found += _files(each.name, origin, to, folder / each.name / origin)
            found += _scenes(each, index, origin, to)
    return Examples(tuple(found))


def _files(weights: str, origin: str, to: str, folder: Path) -> list[Example]:
    return [Example(weights, path.stem, origin, to, open_picture(path)) for path in sorted(folder.glob("*.png"))]


def _scenes(found: WeightsEntry, index: int, origin: str, to: str) -> list[Example]:
    sources = [str(found.manifest.data.get(f"domain_{letter}", "")) for letter in "ab"]
    kinds = [source_name(source) for source in sources if is_drawn(source)]
    if len(kinds) != 2 or not set(kinds) <= set(KINDS):
        return []
    size = int(found.manifest.network.get("image_size", 64))
    drawn = []
    for seed in SEEDS[index::2]:
        picture, mask = scene(kinds[index], seed, size)
        # A scene's true translation is the other kind's of the same seed.
        _, translated = scene(kinds[1 - index], seed, size)
        drawn.append(Example(found.name, f"{kinds[index]}-{seed}", origin, to, picture, GroundTruth(mask, translated)))
    return drawn


def _print(picture: Image.Image) -> str:
    return hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()
