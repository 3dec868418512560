"""Where a domain's pictures come from: a folder, or drawn scenes without end."""

import logging
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from ugatit.data.scenes import KINDS, scene
from ugatit.errors import DataError, PictureError
from ugatit.images import open_picture

logger = logging.getLogger(__name__)

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
UNSEEN_SCENES = 1_000_000
"""Training draws scenes from this seed on; those below are never trained on."""
DRAWN = "scenes:"
HELD_OUT_SHARE, HELD_OUT_MOST = 0.1, 16


class PictureSource(ABC):
    """The pictures of one domain in an order that depends on the seed and the position alone."""

    @abstractmethod
    def picture(self, position: int) -> Image.Image:
        """The training picture, RGB, at a position of the endless order."""

    @abstractmethod
    def held_out(self, count: int) -> list[Image.Image]:
        """At most `count` pictures that training never shows, always the same."""


class SceneSource(PictureSource):
    """Scenes drawn from a seed (`ugatit.data.scenes`), a new one at every position."""

    def __init__(self, kind: str, size: int) -> None:
        if kind not in KINDS:
            raise DataError(f"There are no scenes of {kind!r}; use scenes:{' or scenes:'.join(KINDS)}.")
        self.kind, self.size = kind, size

    def picture(self, position: int) -> Image.Image:
        # The kinds take turns on the seeds: no scene occurs on both sides, so the pair stays unpaired.
        seed = UNSEEN_SCENES + len(KINDS) * position + KINDS.index(self.kind)
        return scene(self.kind, seed, self.size)[0]

    def held_out(self, count: int) -> list[Image.Image]:
        return [scene(self.kind, seed, self.size)[0] for seed in range(count)]


class FolderSource(PictureSource):
    """The pictures of a folder, in a new random order every epoch.

    test: a folder of pictures to hold out; without it a tenth of the training folder is set aside (16 at most).
    Pictures that cannot be read are left out, each with a warning. Raises DataError where fewer than two are left.
    """

    def __init__(self, folder: Path, seed: int, test: Path | None = None) -> None:
        self.seed = seed
        paths = _pictures_in(folder)
        if test is not None:
            self._test = _pictures_in(test)
            # The held-out folder may lie inside the training folder.
            held_out = {path.resolve() for path in self._test}
            paths = [path for path in paths if path.resolve() not in held_out]
        else:
            shuffled = [paths[i] for i in np.random.default_rng(seed).permutation(len(paths))]
            count = min(HELD_OUT_MOST, int(len(paths) * HELD_OUT_SHARE))
            self._test, paths = sorted(shuffled[:count]), sorted(shuffled[count:])
        if len(paths) < 2:
            raise DataError(f"{folder} holds {len(paths)} training pictures; a domain needs at least two.")
        self.paths = paths
        self._order = lru_cache(maxsize=2)(self._permutation)

    def _permutation(self, epoch: int) -> list[int]:
        order: list[int] = np.random.default_rng([self.seed, epoch]).permutation(len(self.paths)).tolist()
        return order

    def picture(self, position: int) -> Image.Image:
        epoch, place = divmod(position, len(self.paths))
        return open_picture(self.paths[self._order(epoch)[place]])

    def held_out(self, count: int) -> list[Image.Image]:
        # Of a tiny folder nothing is set aside; its first pictures stand in.
        return [open_picture(path) for path in (self._test or self.paths)[:count]]


def _pictures_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}; name a folder of pictures, or scenes:disc, scenes:square.")
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    if not paths:
        raise DataError(f"{folder} holds no pictures ({', '.join(sorted(SUFFIXES))}).")
    # Each is decoded once: a damaged one is better found now than after hours of training.
    with ThreadPoolExecutor(max_workers=4) as readers:
        flaws = list(readers.map(_flaw, paths))
    for flaw in filter(None, flaws):
        logger.warning("Left out of the training pictures: %s", flaw)
    readable = [path for path, flaw in zip(paths, flaws, strict=True) if flaw is None]
    if not readable:
        raise DataError(f"None of the {len(paths)} pictures in {folder} can be read; the first: {flaws[0]}")
    return readable


def _flaw(path: Path) -> str | None:
    """Why a picture cannot be read, or None."""
    try:
        open_picture(path)
    except PictureError as error:
        return str(error)
    return None


def is_drawn(text: str) -> bool:
    """Whether a source is drawn scenes, `scenes:KIND`."""
    return text.startswith(DRAWN)


def source_name(text: str) -> str:
    """What a domain is called unless the user says otherwise: the folder's name, or the kind of scene."""
    return text.removeprefix(DRAWN) if is_drawn(text) else Path(text).expanduser().absolute().name


def open_source(text: str, size: int, seed: int, test: str = "") -> PictureSource:
    """A domain by what the user wrote: a folder, or `scenes:KIND`.

    size: side in pixels of drawn scenes. test: a folder of pictures to hold out, or nothing.
    Raises DataError for a source that is not there or holds too few pictures.
    """
    if is_drawn(text):
        return SceneSource(text.removeprefix(DRAWN), size)
    return FolderSource(Path(text).expanduser(), seed, Path(test).expanduser() if test else None)
