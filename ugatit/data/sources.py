"""Where a pair's pictures come from: what was taken in and listed, or drawn scenes without end."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from PIL import Image

from ugatit.config import DataConfig
from ugatit.data.domain import Domain, Side
from ugatit.data.hub import PREFIX as HUB
from ugatit.data.hub import HubSource
from ugatit.data.ingest import ingest
from ugatit.data.layout import domain_name, letter_of
from ugatit.data.listing import DatasetListing, check_present, read_listing, write_listing
from ugatit.data.scenes import KINDS, scene
from ugatit.data.warnings import data_warnings
from ugatit.errors import DataError, PictureError
from ugatit.images.decoding import open_picture
from ugatit.text import unused

UNSEEN_SCENES = 1_000_000
"""Training draws scenes from this seed on; those below are never trained on."""
DRAWN = "scenes:"
SIDES: tuple[Side, Side] = ("a", "b")
LANDED = "data"
"""The folder of a run for what came out of zips and from the Hub."""


class PictureSource(ABC):
    """The pictures of one domain in an order that depends on the seed and the position alone.

    repeats: whether pictures return, so that it pays to keep them.
    """

    repeats: ClassVar[bool]

    @abstractmethod
    def place(self, position: int) -> int:
        """Which picture is the training picture at a position of the endless order."""

    @abstractmethod
    def read(self, place: int, least_side: int | None = None) -> Image.Image:
        """That picture, RGB; where that is faster it may be smaller, but no side below `least_side` pixels."""

    @abstractmethod
    def held_out(self, count: int) -> list[Image.Image]:
        """At most `count` pictures that training never shows, always the same."""

    def picture(self, position: int) -> Image.Image:
        """The training picture, RGB, at a position of the endless order."""
        return self.read(self.place(position))


class SceneSource(PictureSource):
    """Scenes drawn from a seed (`ugatit.data.scenes`), a new one at every position."""

    repeats = False

    def __init__(self, kind: str, size: int) -> None:
        if kind not in KINDS:
            raise DataError(f"There are no scenes of {kind!r}; use scenes:{' or scenes:'.join(KINDS)}.")
        self.kind, self.size = kind, size

    def place(self, position: int) -> int:
        # The kinds take turns on the seeds: no scene occurs on both sides, so the pair stays unpaired.
        return UNSEEN_SCENES + len(KINDS) * position + KINDS.index(self.kind)

    def read(self, place: int, least_side: int | None = None) -> Image.Image:
        return scene(self.kind, place, self.size)[0]

    def held_out(self, count: int) -> list[Image.Image]:
        return [scene(self.kind, seed, self.size)[0] for seed in range(count)]


class ListedSource(PictureSource):
    """The pictures of a domain, in a new random order every epoch."""

    repeats = True

    def __init__(self, domain: Domain, seed: int) -> None:
        self.domain, self.seed = domain, seed
        self._epoch, self._order = -1, [0]

    def place(self, position: int) -> int:
        epoch, place = divmod(position, len(self.domain.training))
        if epoch != self._epoch:
            draw = np.random.default_rng([self.seed, epoch])
            self._epoch, self._order = epoch, draw.permutation(len(self.domain.training)).tolist()
        return self._order[place]

    def read(self, place: int, least_side: int | None = None) -> Image.Image:
        return self._open(self.domain.training[place].path, least_side)

    def held_out(self, count: int) -> list[Image.Image]:
        # Of a tiny domain nothing is set aside; its first pictures stand in.
        pictures = self.domain.held_out or self.domain.training
        return [self._open(picture.path, None) for picture in pictures[:count]]

    def _open(self, path: Path, least_side: int | None) -> Image.Image:
        try:
            return open_picture(path, least_side)
        except PictureError as error:
            raise DataError(f"A picture of {self.domain.name}: {error}") from error


@dataclass(frozen=True)
class Pair:
    """Both sides of a run. remarks: warnings for people. domains: what was taken in; None for drawn scenes."""

    a: PictureSource
    b: PictureSource
    remarks: tuple[str, ...]
    domains: tuple[Domain | None, Domain | None]


def is_drawn(text: str) -> bool:
    """Whether a source is drawn scenes, `scenes:KIND`."""
    return text.startswith(DRAWN)


def source_name(text: str, side: Side = "a") -> str:
    """What a domain is called by its source alone: the kind of scene, the folder's, zip's or label's name.

    Of horse2zebra side a is horse, whether a folder, a zip or the folder around trainA has that name.
    """
    if is_drawn(text):
        return text.removeprefix(DRAWN)
    if text.startswith(HUB):
        source = HubSource.read(text)
        return domain_name([source.name], "b" if letter_of(source.split) == "b" else side, letter_of(source.split))
    path = Path(text).expanduser().absolute()
    letter = letter_of(path.name)
    if letter:
        return domain_name([path.parent.name], "b" if letter == "b" else "a", letter)
    return domain_name([path.name], side)


def open_pair(data: DataConfig, size: int, seed: int, folder: Path) -> Pair:
    """Both domains of a run.

    The first time they are taken in (`ugatit.data.ingest`) and listed in the run's folder; what comes out of zips and
    from the Hub lands in its `data`. From then on the list decides, whatever is added to the sources.

    size: side in pixels of drawn scenes. seed: of order and held-out pictures. Raises DataError for a source that
    cannot be used, leaving the folder as it was, and for listed pictures that are gone.
    """
    asked = {name: getattr(data, name) for name in ("domain_a", "domain_b", "test_a", "test_b")}
    drawn = [is_drawn(text) for text in (data.domain_a, data.domain_b)]
    listing = None if all(drawn) else read_listing(folder)
    # A start that was given up may have left the list of another pair.
    if listing is None or listing.asked != asked:
        listing = DatasetListing(asked, None, None) if all(drawn) else _taken_in(asked, seed, folder)
    domains = (listing.a, listing.b)
    for domain in domains:
        if domain is not None:
            check_present(domain)
    a, b = (
        ListedSource(domain, seed + number) if domain is not None else SceneSource(text.removeprefix(DRAWN), size)
        for number, (domain, text) in enumerate(zip(domains, (data.domain_a, data.domain_b), strict=True))
    )
    return Pair(a, b, listing.remarks, domains)


def _taken_in(asked: dict[str, str], seed: int, folder: Path) -> DatasetListing:
    with _undone_on_failure(folder) as landing:
        a, b = (
            None
            if is_drawn(asked[f"domain_{side}"])
            else landing.settled(
                ingest(asked[f"domain_{side}"], landing.partial(side), side, asked[f"test_{side}"], seed + number), side
            )
            for number, side in enumerate(SIDES)
        )
        listing = DatasetListing(asked, a, b, tuple(data_warnings(a, b)) if a and b else ())
        write_listing(folder, listing)
    return listing


class _Landing:
    """Where in a run's folder both sides land, and whence they are moved when they are whole."""

    def __init__(self, parent: Path) -> None:
        self.parent = parent
        # What stands there already is not ours: the folder may be anyone's.
        taken = {path.name for path in parent.iterdir()} if parent.is_dir() else set()
        self.places: dict[Side, Path] = {side: parent / unused(side, taken) for side in SIDES}

    def partial(self, side: Side) -> Path:
        return self.parent / f".{side}.partial"

    def settled(self, domain: Domain, side: Side) -> Domain:
        """The domain with what has landed of it in its place."""
        partial, place = self.partial(side), self.places[side]
        if not partial.exists():
            return domain
        partial.rename(place)
        return domain.moved(partial, place)

    def clear(self) -> None:
        """Remove what was left half landed."""
        for side in SIDES:
            shutil.rmtree(self.partial(side), ignore_errors=True)


@contextmanager
def _undone_on_failure(folder: Path) -> Iterator[_Landing]:
    """Where both sides are to land; what was made there and above goes where the block fails."""
    parent = folder / LANDED
    new = [path for path in (parent, folder) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        landing = _Landing(parent)
    except OSError as error:
        raise DataError(f"{folder} cannot be used ({error.strerror}): name another --run.") from error
    landing.clear()  # of a start that was killed
    try:
        yield landing
    except BaseException:
        landing.clear()
        for path in (*landing.places.values(), *new):
            shutil.rmtree(path, ignore_errors=True)
        raise
