"""Read the attributes off pictures of drawn faces: hair and skin by colour, smile and glasses by small classifiers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors import SafetensorError, safe_open
from torch import Tensor
from torch.nn.functional import interpolate

from ugatit.checkpoints.registry import BUNDLED
from ugatit.data.face_styles import HAIR, SKIN, STYLES
from ugatit.data.transforms import square_tensor
from ugatit.errors import WeightsError
from ugatit.evaluation.domain_classifier import DomainClassifier, build_network
from ugatit.text import one_line

READERS = BUNDLED / "readers"
"""The folder of the classifiers, a file STYLE.safetensors for each style that has any."""
READ_BY_NETWORK = {"glasses": "glasses", "smile": "mouth"}
"""The attributes that are read by classifiers, and the part of the face that each classifier sees."""
SIDE = 128
"""The side, in pixels, of the pictures that are read; others are resized to it."""
CROP = 64
"""The side, in pixels, to which the part of a picture is resized."""
NETWORK_WIDTH = 16
TOLERANCE = 30.0
"""How far, in RGB levels, a pixel's colour may be from a colour of the palette to be counted."""
REGIONS = ("hair", "skin")
OTHERS = ((255, 255, 255), (0, 0, 0))
"""The colours of paper and ink, which are neither hair nor skin."""


@dataclass(frozen=True)
class FaceReading:
    """The attributes read off a picture. glasses, smile: None where there is no classifier for the style."""

    hair: str
    skin: str
    glasses: bool | None
    smile: bool | None


Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of a picture, as shares of its side."""


@dataclass(frozen=True)
class PartClassifier:
    """A classifier of one attribute that sees one part of a face. box: where; faces of a style all have it there."""

    classifier: DomainClassifier
    box: Box

    def read(self, pictures: Tensor) -> list[bool]:
        """Return whether each face has the attribute. pictures: (N, 3, S, S) in [-1, 1]."""
        return [bool(answer) for answer in self.classifier.predict(crop_part(pictures, self.box))]


def to_side(pictures: Tensor) -> Tensor:
    """Return pictures, (N, 3, S, S), resized to SIDE."""
    return interpolate(pictures, size=(SIDE, SIDE), mode="bilinear", antialias=True)


def crop_part(pictures: Tensor, box: Box) -> Tensor:
    """Return a part of pictures, (N, 3, S, S) to (N, 3, CROP, CROP)."""
    left, top, right, bottom = (round(SIDE * share) for share in box)
    part = to_side(pictures)[:, :, top:bottom, left:right]
    return interpolate(part, size=(CROP, CROP), mode="bilinear", antialias=True)


@dataclass(frozen=True)
class FaceReader:
    """Reads attributes off faces of one style.

    classifiers: by attribute. regions: how often hair and skin lie at each pixel of true faces, (SIDE, SIDE), so that
    clothes of a hair's colour count little; without them all pixels count alike.
    """

    style: str
    classifiers: Mapping[str, PartClassifier]
    regions: Mapping[str, Tensor] = field(default_factory=dict)

    def read(self, pictures: Tensor) -> list[FaceReading]:
        """Read pictures of faces, (N, 3, S, S) in [-1, 1]."""
        pictures = to_side(pictures)
        answers = {name: classifier.read(pictures) for name, classifier in self.classifiers.items()}
        readings = []
        for index, picture in enumerate(pictures):
            hair, skin = _hair_and_skin(picture, self.regions)
            glasses, smile = (answers[name][index] if name in answers else None for name in READ_BY_NETWORK)
            readings.append(FaceReading(hair, skin, glasses, smile))
        return readings


def read_face(picture: Image.Image, style: str) -> FaceReading:
    """Read the attributes off one picture of a face of a style. Raises WeightsError for a damaged classifier."""
    return face_reader(style).read(square_tensor(picture, SIDE)[None])[0]


@lru_cache(maxsize=len(STYLES))
def face_reader(style: str, folder: Path = READERS) -> FaceReader:
    """Return the reader of a style, without classifiers if the folder has none for it.

    Raises WeightsError for a damaged file.
    """
    path = folder / f"{style}.safetensors"
    return _load_reader(style, path) if path.is_file() else FaceReader(style, {})


def _load_reader(style: str, path: Path) -> FaceReader:
    try:
        with safe_open(path, "pt") as file:
            described = json.loads((file.metadata() or {})["classifiers"])
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        classifiers = {}
        for attribute, values in described.items():
            own = {key.partition(".")[2]: value for key, value in state.items() if key.startswith(f"{attribute}.")}
            network = build_network(NETWORK_WIDTH)
            network.load_state_dict(own)
            left, top, right, bottom = map(float, values["box"])
            classifier = DomainClassifier(network.eval(), int(values["trained_on"]), mirror=False)
            classifiers[attribute] = PartClassifier(classifier, (left, top, right, bottom))
        regions = {part: state[f"region.{part}"].reshape(SIDE, SIDE) for part in REGIONS}
    except (SafetensorError, OSError, KeyError, ValueError, RuntimeError, AttributeError, TypeError) as error:
        raise WeightsError(f"{path} is damaged: {one_line(error, 100)}. Fetch it again or remove it.") from error
    return FaceReader(style, classifiers, regions)


def _hair_and_skin(picture: Tensor, regions: Mapping[str, Tensor]) -> tuple[str, str]:
    """Return the colours of hair and skin: of each palette the colour that most pixels are nearest to.

    picture: (3, SIDE, SIDE) in [-1, 1]. regions: weights of the pixels.
    """
    pixels = ((picture.detach().cpu().float().numpy() + 1) * 127.5).reshape(3, -1).T
    distances = np.linalg.norm(pixels[:, None] - _palette()[None], axis=2)
    nearest, is_near = distances.argmin(axis=1), distances.min(axis=1) <= TOLERANCE
    names = []
    for part, start, colors in zip(REGIONS, (0, len(HAIR)), (HAIR, SKIN), strict=True):
        weights = regions[part].numpy().ravel() if part in regions else np.ones(len(pixels))
        counts = np.bincount(nearest, weights * is_near, minlength=len(_palette()))
        names.append(list(colors)[int(counts[start : start + len(colors)].argmax())])
    return names[0], names[1]


@lru_cache(maxsize=1)
def _palette() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    colors = [tuple(bytes.fromhex(color[1:])) for color in (*HAIR.values(), *SKIN.values())]
    return np.array([*colors, *OTHERS], np.float32)
