"""Endless sources of training pictures: picture files of a domain, or scenes and faces drawn from a seed."""

from abc import ABC, abstractmethod
from itertools import islice
from pathlib import Path
from typing import ClassVar

import numpy as np
from PIL import Image

from ugatit.data.domain import Domain
from ugatit.data.face_cache import Report, draw_faces
from ugatit.data.face_labels import FaceLabels, labels_of
from ugatit.data.face_set import FIRST_HELD_OUT, FaceSet
from ugatit.data.scenes import KINDS, scene
from ugatit.errors import DataError, PictureError
from ugatit.images.decoding import open_picture

UNSEEN_SCENES = 1_000_000
"""Training draws scenes from this seed on; scenes of lower seeds are never trained on."""
MAX_SEARCHED = 10_000
"""How many held-out faces are looked through for those with an attribute."""


class PictureSource(ABC):
    """The pictures of one domain, in an endless order that depends on the seed and the position alone.

    repeats: whether pictures occur more than once, so that caching them is useful.
    attributes: the names of what `labels` says of each picture; empty without labels.
    """

    repeats: ClassVar[bool]
    attributes: tuple[str, ...] = ()

    @abstractmethod
    def index_at(self, position: int) -> int:
        """Return the index of the training picture at a position of the endless order."""

    @abstractmethod
    def read(self, index: int, min_side: int | None = None) -> Image.Image:
        """Return a training picture, RGB. It may be decoded smaller if that is faster, no side below `min_side` px."""

    @abstractmethod
    def held_out(self, count: int) -> list[Image.Image]:
        """Return at most `count` pictures that are never trained on, always the same ones."""

    def labels(self, index: int) -> tuple[int, ...]:
        """Return 1 or 0 for each of the `attributes` of a training picture."""
        return ()

    def held_out_with(self, attribute: str, count: int) -> list[Image.Image]:
        """Return at most `count` held-out pictures that have one of the `attributes`, always the same ones."""
        return []

    def picture(self, position: int) -> Image.Image:
        """Return the training picture, RGB, at a position of the endless order."""
        return self.read(self.index_at(position))


class SceneSource(PictureSource):
    """Scenes drawn from a seed (`ugatit.data.scenes`), a new one at every position.

    kind: "disc" or "square". size: side in pixels. Raises DataError for another kind.
    """

    repeats = False

    def __init__(self, kind: str, size: int) -> None:
        if kind not in KINDS:
            raise DataError(f"There are no scenes of {kind!r}; use scenes:{' or scenes:'.join(KINDS)}.")
        self.kind, self.size = kind, size

    def index_at(self, position: int) -> int:
        # The index is the scene's seed. The kinds alternate: no seed is used by both, so the pair stays unpaired.
        return UNSEEN_SCENES + len(KINDS) * position + KINDS.index(self.kind)

    def read(self, index: int, min_side: int | None = None) -> Image.Image:
        return scene(self.kind, index, self.size)[0]

    def held_out(self, count: int) -> list[Image.Image]:
        return [scene(self.kind, seed, self.size)[0] for seed in range(count)]


class FaceSource(PictureSource):
    """Drawn faces (`ugatit.data.faces`), in a new random order every epoch; held-out ones have seeds of their own.

    number: of the source among the `sources` of a run, whose training seeds differ and whose held-out seeds are equal.
    size: side in pixels. seed: of the order. report: called with lines on the drawing, which is done here, once.
    Raises DataError where the faces cannot be drawn.
    """

    repeats = True

    def __init__(
        self, faces: FaceSet, size: int, number: int, sources: int, seed: int, report: Report = lambda line: None
    ) -> None:
        self.faces, self.size = faces, size
        self.paths = draw_faces(faces, faces.training_seeds(number, sources), size, report)
        self._order = ShuffledEpochs(len(self.paths), seed)

    def index_at(self, position: int) -> int:
        return self._order.index_at(position)

    def read(self, index: int, min_side: int | None = None) -> Image.Image:
        try:
            return open_picture(self.paths[index])
        except PictureError as error:
            raise DataError(f"A drawn face: {error}") from error

    def held_out(self, count: int) -> list[Image.Image]:
        return [self.faces.draw(FIRST_HELD_OUT + number, self.size) for number in range(count)]


class LabelledFaceSource(FaceSource):
    """Drawn faces with binary attributes, which follow from their seeds.

    labels: those to learn, as `ugatit.data.face_labels` gives them. The rest as for `FaceSource`.
    """

    def __init__(
        self, faces: FaceSet, labels: FaceLabels, size: int, number: int, sources: int, seed: int,
        report: Report = lambda line: None,
    ) -> None:  # fmt: skip
        seeds = faces.training_seeds(number, sources)
        super().__init__(faces, size, number, sources, seed, report)
        self.face_labels, self.attributes = labels, tuple(labels)
        self._labels = [labels_of(faces, each, labels) for each in seeds]

    def labels(self, index: int) -> tuple[int, ...]:
        return self._labels[index]

    def held_out_with(self, attribute: str, count: int) -> list[Image.Image]:
        place = self.attributes.index(attribute)
        having = (
            seed
            for seed in range(FIRST_HELD_OUT, FIRST_HELD_OUT + MAX_SEARCHED)
            if labels_of(self.faces, seed, self.face_labels)[place]
        )
        return [self.faces.draw(seed, self.size) for seed in islice(having, count)]


class ShuffledEpochs:
    """An endless order of `count` items: a new random one every epoch, a function of the seed and the epoch alone."""

    def __init__(self, count: int, seed: int) -> None:
        self._count, self._seed = count, seed
        self._epoch, self._order = -1, [0]

    def index_at(self, position: int) -> int:
        epoch, place = divmod(position, self._count)
        if epoch != self._epoch:
            rng = np.random.default_rng([self._seed, epoch])
            self._epoch, self._order = epoch, rng.permutation(self._count).tolist()
        return self._order[place]


class FileSource(PictureSource):
    """The picture files of a domain, in a new random order every epoch.

    Raises DataError for a file that can no longer be read.
    """

    repeats = True

    def __init__(self, domain: Domain, seed: int) -> None:
        self.domain, self.seed, self.attributes = domain, seed, domain.attributes
        self._order = ShuffledEpochs(len(domain.training), seed)

    def index_at(self, position: int) -> int:
        return self._order.index_at(position)

    def read(self, index: int, min_side: int | None = None) -> Image.Image:
        return self._open(self.domain.training[index].path, min_side)

    def held_out(self, count: int) -> list[Image.Image]:
        # A tiny domain has no held-out pictures; its first training pictures are shown instead.
        pictures = self.domain.held_out or self.domain.training
        return [self._open(picture.path, None) for picture in pictures[:count]]

    def labels(self, index: int) -> tuple[int, ...]:
        return self.domain.training[index].labels

    def held_out_with(self, attribute: str, count: int) -> list[Image.Image]:
        place = self.attributes.index(attribute)
        held_out, training = (
            [picture for picture in pictures if picture.labels[place]]
            for pictures in (self.domain.held_out, self.domain.training)
        )
        # As in `held_out`, where none is held out.
        return [self._open(picture.path, None) for picture in (held_out or training)[:count]]

    def _open(self, path: Path, min_side: int | None) -> Image.Image:
        try:
            return open_picture(path, min_side)
        except PictureError as error:
            raise DataError(f"A picture of {self.domain.name}: {error}") from error
