"""Example pictures for each of the weights: files, or scenes and faces drawn like the training data."""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from PIL import Image

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.checkpoints.store import build_model
from ugatit.data.face_styles import STYLES
from ugatit.data.scenes import KINDS, scene
from ugatit.data.source_string import is_scene, source_name
from ugatit.errors import DataError, WeightsError
from ugatit.images.decoding import open_picture
from ugatit.inference.translation import Translation
from viz.drawn_face import HELD_OUT, DrawnFace, FacePair, face_sets, has_faces, image_size
from viz.ground_truth import GroundTruth

SEEDS = (11, 4, 18, 6, 29, 21)
"""Seeds of good example scenes: the object is visible and not alone."""
FACE_SEEDS: Mapping[str, tuple[int, ...]] = {
    "toon-head": (900_027, 900_015, 900_032, 900_047, 900_049, 900_009),
    "lorelei": (900_005, 900_013, 900_017, 900_027, 900_037, 900_038),
}
"""Seeds of good example faces by style: the eyes are open, and no hair hides them. Directions take turns."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    """A picture of domain `origin` to translate to domain `to`.

    weights: the name of the weights it is for. scene_truth: of a drawn scene. faces: the drawn face and the same face
    in domain `to`, if it is one.
    """

    weights: str
    name: str
    origin: str
    to: str
    picture: Image.Image
    scene_truth: GroundTruth | None = None
    faces: FacePair | None = None

    @property
    def has_truth(self) -> bool:
        """Whether the masks of what the translation should change are known."""
        return self.scene_truth is not None or (self.faces is not None and self.faces.is_edit)

    @property
    def truth(self) -> GroundTruth | None:
        """The masks of what the translation should change, if they are known. Raises DataError as drawing a face does.

        Those of a face are drawn when they are first asked for.
        """
        return self.faces.truth() if self.faces else self.scene_truth

    @property
    def answer(self) -> Image.Image | None:
        """The one right translation of a drawn face; None where there are many, or none is known.

        Raises DataError as drawing a face does.
        """
        return self.faces.target.draw() if self.faces and self.faces.is_edit else None


@dataclass(frozen=True)
class Examples:
    """All examples, in the order of the weights."""

    all: tuple[Example, ...]
    _truths: dict[tuple[str, str], GroundTruth] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        scenes = ((each, each.scene_truth) for each in self.all)
        truths = {(fingerprint(each.picture), each.to): truth for each, truth in scenes if truth is not None}
        object.__setattr__(self, "_truths", truths)

    def of(self, weights: str) -> list[Example]:
        """Return the examples for the weights of that name."""
        return [example for example in self.all if example.weights == weights]

    def truth_of(self, translation: Translation) -> GroundTruth | None:
        """Return the object's masks if the source is one of the example scenes, also when uploaded as a file."""
        return self._truths.get((fingerprint(translation.source), translation.to))


def load_examples(weights: Iterable[WeightsEntry], folder: Path) -> Examples:
    """Return the examples: `folder`/NAME/DOMAIN/*.png, and drawn pictures for weights trained on them."""
    examples: list[Example] = []
    for entry in weights:
        targets = _targets(entry)
        for origin, to in targets.items():
            examples += _files(entry, origin, to, folder / entry.name / origin)
        examples += _scenes(entry, targets)
        if not any(example.weights == entry.name for example in examples):
            try:
                examples += _faces(entry, targets)
            except DataError as error:
                logger.warning("%s has no example faces: %s", entry.name, error)
    return Examples(tuple(examples))


def _files(entry: WeightsEntry, origin: str, to: str, folder: Path) -> list[Example]:
    """Return the examples of a folder. A file called STYLE-SEED is the drawn face of that name."""
    return [
        Example(entry.name, path.stem, origin, to, open_picture(path), faces=_pair_of(entry, origin, to, path.stem))
        for path in sorted(folder.glob("*.png"))
    ]


def _pair_of(entry: WeightsEntry, origin: str, to: str, name: str) -> FacePair | None:
    style, _, seed = name.rpartition("-")
    if not has_faces(entry.manifest) or style not in STYLES or not seed.isdecimal():
        return None
    return face_pair(entry, origin, to, int(seed))


def face_pair(entry: WeightsEntry, origin: str, to: str, seed: int) -> FacePair:
    """Return the face of a seed in the domain `origin` of weights trained on faces, and the same face in `to`."""
    sets = face_sets(entry.manifest)
    source = DrawnFace.of(sets[origin], seed, image_size(entry.manifest))
    return FacePair(source, source.in_set(sets[to]))


def _targets(entry: WeightsEntry) -> dict[str, str]:
    """Return the domain that example pictures of each domain are translated to; empty if there is no such model."""
    try:
        with torch.device("meta"):
            return build_model(entry.manifest).sample_targets
    except WeightsError:
        return {}


def _scenes(entry: WeightsEntry, targets: Mapping[str, str]) -> list[Example]:
    domains, sources = entry.manifest.domains, entry.manifest.sources
    if not sources:
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


def _faces(entry: WeightsEntry, targets: Mapping[str, str]) -> list[Example]:
    """Return held-out faces of each domain. Raises DataError where they cannot be drawn."""
    sets = face_sets(entry.manifest)
    if not set(targets) <= set(sets):
        return []
    examples = []
    for index, (origin, to) in enumerate(targets.items()):
        seeds = FACE_SEEDS.get(sets[origin].style, HELD_OUT[: len(SEEDS)])
        for seed in seeds[index :: len(targets)]:
            pair = face_pair(entry, origin, to, seed)
            examples.append(Example(entry.name, pair.source.name, origin, to, pair.source.draw(), faces=pair))
    return examples


def fingerprint(picture: Image.Image) -> str:
    """Return what tells a picture from all others: a hash of its size and pixels."""
    return hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()
