"""Validate picture files: decode each completely, in threads, and record its size and a digest of its pixels."""

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
"""Pixels. Larger pictures are decoded one at a time, because each takes some hundred megabytes."""
STRIP = 256
"""Rows that are hashed at once."""
SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "JPEG2000": ".jp2", "TIFF": ".tif"}
"""Suffixes of written files by format; other formats use their own name as the suffix."""


@dataclass
class ValidatedPictures:
    """The pictures that could be decoded, the candidate of each, and the files that could not be decoded."""

    pictures: list[Picture] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


@dataclass(frozen=True)
class PictureFacts:
    """Facts of a decoded picture. size: (width, height) after EXIF rotation. suffix: of the file's format."""

    size: tuple[int, int]
    digest: str
    suffix: str


def validate_pictures(candidates: Iterable[Candidate], folder: Path) -> ValidatedPictures:
    """Decode every candidate, and write those that are not read in place to `folder`.

    The folder is created if it is needed; its files are called 00001.png and so on. Files that turn out unusable are
    deleted from it. Raises DataError if the disk cannot be written to, or a source is refused while it is unpacked.
    """
    with warnings.catch_warnings():
        # Where Pillow's warnings matter they are among the reasons; the command line shows one line per error.
        warnings.filterwarnings("ignore", module=r"PIL\.")
        return _validate(candidates, folder)


def _validate(candidates: Iterable[Candidate], folder: Path) -> ValidatedPictures:
    result = ValidatedPictures()
    pending: deque[tuple[Candidate, Path, Future[PictureFacts]]] = deque()
    # One thread decodes all large pictures, because memory that a thread has used stays reserved for it.
    with ThreadPoolExecutor(1) as large_reader, ThreadPoolExecutor(READERS) as readers:
        for number, candidate in enumerate(candidates, start=1):
            try:
                path = candidate.path if candidate.write_to is None else _write(candidate, folder / f"{number:05d}")
            except UnusableError as error:
                result.dropped.append(dropped(candidate.name, error))
                continue
            pending.append((candidate, path, readers.submit(_read, path, large_reader)))
            # The queue is short so that bad files are deleted before many more are unpacked.
            if len(pending) > 2 * READERS:
                _add_result(result, *pending.popleft())
        while pending:
            _add_result(result, *pending.popleft())
    return result


def _write(candidate: Candidate, target: Path) -> Path:
    assert candidate.write_to is not None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        candidate.write_to(target)
    except UnusableError:
        target.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise DataError(
            f"{target.parent} cannot be written to ({error.strerror or one_line(error)}): "
            "free some space, or choose another place."
        ) from error
    return target


def _read(path: Path, large_reader: Executor) -> PictureFacts:
    pixels, suffix = _read_header(path)
    return large_reader.submit(_decode, path, suffix).result() if pixels > LARGE else _decode(path, suffix)


def _decode(path: Path, suffix: str) -> PictureFacts:
    picture = open_picture(path)
    digest = hashlib.blake2b(repr(picture.size).encode(), digest_size=16)
    for top in range(0, picture.height, STRIP):
        digest.update(picture.crop((0, top, picture.width, min(top + STRIP, picture.height))).tobytes())
    return PictureFacts(picture.size, digest.hexdigest(), suffix)


def _read_header(path: Path) -> tuple[int, str]:
    """Return the number of pixels and the suffix by a file's header; (0, "") if `open_picture` will refuse the file."""
    if not path.is_file():  # reading a pipe would not end
        return 0, ""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            kind = picture.format or ""
            return picture.width * picture.height, SUFFIXES.get(kind, f".{kind.lower()}")
    except Exception:  # a broken file can make a decoder raise nearly anything
        return 0, ""


def _add_result(result: ValidatedPictures, candidate: Candidate, path: Path, reading: Future[PictureFacts]) -> None:
    try:
        facts = reading.result()
    except PictureError as error:
        # Messages name a file as the user knows it, not the path it was read from.
        name = repr(str(path))
        reason = str(error).removeprefix(f"{name} ").replace(name, repr(candidate.name))
        result.dropped.append(dropped(candidate.name, reason))
        if candidate.write_to is not None:
            path.unlink(missing_ok=True)
        return
    if candidate.write_to is not None:
        path = path.rename(path.with_name(path.name + facts.suffix))
    result.candidates.append(candidate)
    result.pictures.append(Picture(path, facts.size, facts.digest))
