"""Every file is decoded once, as a whole, before it is trusted: in threads, while the next ones are unpacked."""

import hashlib
import os
import warnings
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from ugatit.data.candidates import Candidate, UnusableError, dropped
from ugatit.data.domain import Dropped, Picture
from ugatit.errors import DataError, PictureError
from ugatit.images.decoding import FORMATS, open_picture
from ugatit.text import one_line

READERS = min(4, os.cpu_count() or 1)
LARGE = 16_000_000
"""Pixels beyond which pictures are decoded one at a time: each takes some hundred megabytes."""
STRIP = 256
"""Rows that are hashed at once."""
SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "JPEG2000": ".jp2", "TIFF": ".tif"}
"""Of landed files by what they are; other formats lend their own names."""


@dataclass
class ValidatedPictures:
    """What was kept and what was not."""

    pictures: list[Picture] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


@dataclass(frozen=True)
class PictureFacts:
    """What was seen of a picture. size: (width, height), upright. suffix: of its format."""

    size: tuple[int, int]
    digest: str
    suffix: str


def validate_pictures(offers: Iterable[Candidate], into: Path) -> ValidatedPictures:
    """Read every offer; those that land do so in `into`, made for them, as 00001.png and so on.

    Raises DataError where the disk cannot take them, or a source is refused while it is unpacked.
    """
    with warnings.catch_warnings():
        # Pillow's warnings of a picture are among the reasons, where they matter; the shell shows one line an error.
        warnings.filterwarnings("ignore", module=r"PIL\.")
        return _checked(offers, into)


def _checked(offers: Iterable[Candidate], into: Path) -> ValidatedPictures:
    result = ValidatedPictures()
    waiting: deque[tuple[Candidate, Path, Future[PictureFacts]]] = deque()
    # One thread for all large pictures: memory that a thread has had is kept for it.
    with ThreadPoolExecutor(1) as alone, ThreadPoolExecutor(READERS) as readers:
        for number, offer in enumerate(offers, start=1):
            try:
                path = offer.path if offer.land is None else _landed(offer, into / f"{number:05d}")
            except UnusableError as error:
                result.dropped.append(dropped(offer.name, error))
                continue
            waiting.append((offer, path, readers.submit(_read, path, alone)))
            # Few at a time: what turns out bad leaves the disk before much more is unpacked.
            if len(waiting) > 2 * READERS:
                _settle(result, *waiting.popleft())
        while waiting:
            _settle(result, *waiting.popleft())
    return result


def _landed(offer: Candidate, target: Path) -> Path:
    assert offer.land is not None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        offer.land(target)
    except UnusableError:
        target.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise DataError(
            f"{target.parent} cannot be written to ({error.strerror or one_line(error)}): "
            "free some space, or choose another place."
        ) from error
    return target


def _read(path: Path, alone: Executor) -> PictureFacts:
    size, suffix = _header(path)
    return alone.submit(_decode, path, suffix).result() if size > LARGE else _decode(path, suffix)


def _decode(path: Path, suffix: str) -> PictureFacts:
    picture = open_picture(path)
    digest = hashlib.blake2b(repr(picture.size).encode(), digest_size=16)
    for top in range(0, picture.height, STRIP):
        digest.update(picture.crop((0, top, picture.width, min(top + STRIP, picture.height))).tobytes())
    return PictureFacts(picture.size, digest.hexdigest(), suffix)


def _header(path: Path) -> tuple[int, str]:
    """The pixels a file promises and the suffix it should have; nothing for one that `open_picture` will refuse."""
    if not path.is_file():  # a pipe would not end
        return 0, ""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            kind = picture.format or ""
            return picture.width * picture.height, SUFFIXES.get(kind, f".{kind.lower()}")
    except Exception:  # a broken file can make a decoder raise nearly anything
        return 0, ""


def _settle(result: ValidatedPictures, offer: Candidate, path: Path, reading: Future[PictureFacts]) -> None:
    try:
        read = reading.result()
    except PictureError as error:
        # The page and the shell name a file by its owner's name, not by where it was read.
        name = repr(str(path))
        reason = str(error).removeprefix(f"{name} ").replace(name, repr(offer.name))
        result.dropped.append(dropped(offer.name, reason))
        if offer.land is not None:
            path.unlink(missing_ok=True)
        return
    if offer.land is not None:
        path = path.rename(path.with_name(path.name + read.suffix))
    result.pictures.append(Picture(path, read.size, read.digest))
