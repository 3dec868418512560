"""Example pictures for each of the weights: files, or scenes drawn like the training data."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.data.scenes import KINDS, scene
from ugatit.data.source_string import is_drawn, source_name
from ugatit.images.decoding import open_picture
from ugatit.inference.translation import Translation

SEEDS = (11, 4, 18, 6, 29, 21)
"""Seeds of good example scenes: the object is visible and not alone."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class GroundTruth:
    """The masks of the object that distinguishes the domains, (h, w) bool: on the input and on its true translation."""

    source: Mask
    translation: Mask


@dataclass(frozen=True)
class Example:
    """A picture of domain `origin` to translate to domain `to`. weights: the name of the weights it is for."""

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
        truths = {(_fingerprint(each.picture), each.to): each.truth for each in self.all if each.truth is not None}
        object.__setattr__(self, "_truths", truths)

    def of(self, weights: str) -> list[Example]:
        """Return the examples for the weights of that name."""
        return [example for example in self.all if example.weights == weights]

    def truth_of(self, translation: Translation) -> GroundTruth | None:
        """Return the object's masks if the source is one of the example scenes, also when uploaded as a file."""
        return self._truths.get((_fingerprint(translation.source), translation.to))


def load_examples(weights: Iterable[WeightsEntry], folder: Path) -> Examples:
    """Return the examples: `folder`/NAME/DOMAIN/*.png, and drawn scenes for weights trained on scenes."""
    examples: list[Example] = []
    for entry in weights:
        domains = entry.manifest.domains
        if len(domains) != 2:
            continue
        for index, origin in enumerate(domains):
            to = domains[1 - index]
            examples += _files(entry.name, origin, to, folder / entry.name / origin)
            examples += _scenes(entry, index, origin, to)
    return Examples(tuple(examples))


def _files(weights: str, origin: str, to: str, folder: Path) -> list[Example]:
    return [Example(weights, path.stem, origin, to, open_picture(path)) for path in sorted(folder.glob("*.png"))]


def _scenes(entry: WeightsEntry, index: int, origin: str, to: str) -> list[Example]:
    sources = [str(entry.manifest.data.get(f"domain_{letter}", "")) for letter in "ab"]
    kinds = [source_name(source) for source in sources if is_drawn(source)]
    if len(kinds) != 2 or not set(kinds) <= set(KINDS):
        return []
    size = int(entry.manifest.network.get("image_size", 64))
    examples = []
    for seed in SEEDS[index::2]:
        picture, source_mask = scene(kinds[index], seed, size)
        # A scene's true translation is the scene of the other kind with the same seed.
        _, translation_mask = scene(kinds[1 - index], seed, size)
        truth = GroundTruth(source_mask, translation_mask)
        examples.append(Example(entry.name, f"{kinds[index]}-{seed}", origin, to, picture, truth))
    return examples


def _fingerprint(picture: Image.Image) -> str:
    return hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()
