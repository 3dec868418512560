"""Example pictures for each of the weights: files, or scenes drawn like the training data."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import build_model
from ugatit.data.scenes import KINDS, scene
from ugatit.data.source_string import is_scene, source_name
from ugatit.errors import WeightsError
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
        targets = _targets(entry)
        for origin, to in targets.items():
            examples += _files(entry.name, origin, to, folder / entry.name / origin)
        examples += _scenes(entry, targets)
    return Examples(tuple(examples))


def _files(weights: str, origin: str, to: str, folder: Path) -> list[Example]:
    return [Example(weights, path.stem, origin, to, open_picture(path)) for path in sorted(folder.glob("*.png"))]


def _targets(entry: WeightsEntry) -> dict[str, str]:
    """Return the domain that example pictures of each domain are translated to; empty if there is no such model."""
    try:
        with torch.device("meta"):
            return build_model(entry.manifest).sample_targets
    except WeightsError:
        return {}


def _scenes(entry: WeightsEntry, targets: Mapping[str, str]) -> list[Example]:
    domains, sources = entry.manifest.domains, entry.manifest.data.get("sources", ())
    if len(sources) != len(domains):
        return []
    kinds = {domain: source_name(source) for domain, source in zip(domains, sources, strict=True) if is_scene(source)}
    if set(kinds) != set(domains) or not set(kinds.values()) <= set(KINDS):
        return []
    size = int(entry.manifest.network.get("image_size", 64))
    examples = []
    for index, (origin, to) in enumerate(targets.items()):
        for seed in SEEDS[index :: len(targets)]:
            picture, source_mask = scene(kinds[origin], seed, size)
            # A scene's true translation is the scene of the other kind with the same seed.
            _, translation_mask = scene(kinds[to], seed, size)
            truth = GroundTruth(source_mask, translation_mask)
            examples.append(Example(entry.name, f"{kinds[origin]}-{seed}", origin, to, picture, truth))
    return examples


def _fingerprint(picture: Image.Image) -> str:
    return hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()
