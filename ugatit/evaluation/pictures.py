"""Held-out pictures to evaluate on: those of a folder, or drawn scenes and faces."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ugatit.data.face_cache import draw_faces
from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet
from ugatit.data.scenes import scene
from ugatit.data.source_string import is_face, is_scene, source_name
from ugatit.data.sources import UNSEEN_SCENES
from ugatit.data.transforms import square_tensor
from ugatit.errors import DataError, PictureError
from ugatit.images.decoding import open_picture

FIRST_SCENE = 1000
"""The first seed of the scenes to evaluate on; the tests of training and the examples use lower ones."""


@dataclass(frozen=True)
class Pictures:
    """Pictures with their names, such as those of a folder.

    names: without suffix. images: (N, 3, S, S) in [-1, 1]. errors: a message for each file that could not be read.
    """

    names: tuple[str, ...]
    images: Tensor
    errors: tuple[str, ...]


def read_folder(folder: Path, size: int) -> Pictures:
    """Read a folder's pictures by name, as squares of `size` px. Raises DataError if none is readable."""
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}.")
    names, images, errors = [], [], []
    for path in sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")):
        try:
            images.append(square_tensor(open_picture(path), size))
            names.append(path.stem)
        except PictureError as error:
            errors.append(str(error))
    if not images:
        raise DataError(f"{folder} holds no picture that can be read{f'; the first: {errors[0]}' if errors else ''}.")
    return Pictures(tuple(names), torch.stack(images), tuple(errors))


def read_pictures(source: str, size: int, count: int = 0, training: int | None = None) -> Pictures:
    """Read the pictures of a source as squares of `size` px: a folder, or `count` drawn scenes or faces, by seed.

    training: draw pictures of training seeds instead, those of this number of two sources.
    Raises DataError for a source without pictures.
    """
    if is_face(source):
        return face_pictures(FaceSet.parse(source), face_seeds(count, training), size)
    if is_scene(source):
        kind, first = source_name(source), FIRST_SCENE if training is None else UNSEEN_SCENES
        seeds = range(first, first + count)
        images = torch.stack([square_tensor(scene(kind, seed, size)[0], size) for seed in seeds])
        return Pictures(tuple(map(str, seeds)), images, ())
    return read_folder(Path(source), size)


def face_seeds(count: int, training: int | None = None) -> range:
    """Return the seeds of held-out faces, or of faces that one of two sources is trained on."""
    return range(FIRST_HELD_OUT, FIRST_HELD_OUT + count) if training is None else range(training, 2 * count, 2)


def face_pictures(faces: FaceSet, seeds: range, size: int) -> Pictures:
    """Return drawn faces as squares of `size` px, named by their seeds. Raises DataError if they cannot be drawn."""
    images = [square_tensor(open_picture(path), size) for path in draw_faces(faces, seeds, size)]
    return Pictures(tuple(map(str, seeds)), torch.stack(images), ())


Pairs = list[tuple[int, int]]
"""Indices of an input and of its true picture (the target of the same name)."""


def match_by_name(inputs: Pictures, targets: Pictures) -> Pairs:
    """Pair the inputs and targets that share a name. Raises DataError if none do."""
    indices = {name: index for index, name in enumerate(targets.names)}
    pairs = [(index, indices[name]) for index, name in enumerate(inputs.names) if name in indices]
    if not pairs:
        raise DataError(
            f"No target bears the name of an input ({inputs.names[0]!r}, …): --paired needs them to share names."
        )
    return pairs
