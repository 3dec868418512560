"""Read the attributes off pictures of drawn faces: hair and skin by colour, smile and glasses by small classifiers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ugatit.checkpoints.registry import BUNDLED
from ugatit.data.face_styles import HAIR, SKIN, STYLES
from ugatit.data.transforms import square_tensor
from ugatit.errors import WeightsError
from ugatit.evaluation.domain_classifier import DomainClassifier, build_network
from ugatit.text import one_line

READERS = BUNDLED / "readers"
"""The folder of the classifiers, a file STYLE.safetensors for each style that has any."""
READ_BY_NETWORK = ("glasses", "smile")
SIDE = 128
"""The side, in pixels, to which pictures are reduced before they are read."""
NETWORK_WIDTH = 16
TOLERANCE = 30.0
"""How far, in RGB levels, a pixel's colour may be from a colour of the palette to be counted."""
OTHERS = ((255, 255, 255), (0, 0, 0))
"""The colours of paper and ink, which are neither hair nor skin."""


@dataclass(frozen=True)
class FaceReading:
    """The attributes read off a picture. glasses, smile: None where there is no classifier for the style."""

    hair: str
    skin: str
    glasses: bool | None
    smile: bool | None


@dataclass(frozen=True)
class FaceReader:
    """Reads attributes off faces of one style. classifiers: by attribute; class 1 is "yes"."""

    style: str
    classifiers: Mapping[str, DomainClassifier]

    def read(self, pictures: Tensor) -> list[FaceReading]:
        """Read pictures of faces, (N, 3, S, S) in [-1, 1]."""
        answers = {name: classifier.predict(pictures).bool() for name, classifier in self.classifiers.items()}
        readings = []
        for index, picture in enumerate(pictures):
            hair, skin = _hair_and_skin(picture)
            glasses, smile = (bool(answers[name][index]) if name in answers else None for name in READ_BY_NETWORK)
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
    return FaceReader(style, _load_classifiers(path) if path.is_file() else {})


def _load_classifiers(path: Path) -> dict[str, DomainClassifier]:
    try:
        with safe_open(path, "pt") as file:
            trained_on = json.loads((file.metadata() or {})["trained_on"])
            state = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
        classifiers = {}
        for attribute, count in trained_on.items():
            own = {key.partition(".")[2]: value for key, value in state.items() if key.startswith(f"{attribute}.")}
            network = build_network(NETWORK_WIDTH)
            network.load_state_dict(own)
            classifiers[attribute] = DomainClassifier(network.eval(), int(count))
    except (SafetensorError, OSError, KeyError, ValueError, RuntimeError, AttributeError) as error:
        raise WeightsError(f"{path} is damaged: {one_line(error, 100)}. Fetch it again or remove it.") from error
    return classifiers


def _hair_and_skin(picture: Tensor) -> tuple[str, str]:
    """Return the colours of hair and skin: of each palette the colour that most pixels are nearest to.

    picture: (3, S, S) in [-1, 1].
    """
    pixels = ((picture.detach().cpu().float().numpy() + 1) * 127.5).reshape(3, -1).T
    distances = np.linalg.norm(pixels[:, None] - _palette()[None], axis=2)
    nearest = distances.argmin(axis=1)[distances.min(axis=1) <= TOLERANCE]
    counts = np.bincount(nearest, minlength=len(_palette()))
    return (
        list(HAIR)[int(counts[: len(HAIR)].argmax())],
        list(SKIN)[int(counts[len(HAIR) : len(HAIR) + len(SKIN)].argmax())],
    )


@lru_cache(maxsize=1)
def _palette() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    colors = [tuple(bytes.fromhex(color[1:])) for color in (*HAIR.values(), *SKIN.values())]
    return np.array([*colors, *OTHERS], np.float32)
