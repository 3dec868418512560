"""Sources of pairs: two sources whose pictures at one position, and whose held-out pictures, belong together."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from ugatit.data.domain import Domain
from ugatit.data.face_cache import Report
from ugatit.data.face_set import FaceSet
from ugatit.data.sources import FaceSource, FileSource, PictureSource
from ugatit.errors import DataError

PairSources = tuple[PictureSource, PictureSource]


class PairFileSource(FileSource):
    """One domain of pairs. Where both domains name the same file, a picture is the left (A) or the right (B) half.

    domains: as `ingest_pairs` gives them. number: 0 for A, 1 for B. seed: of the order, one for both.
    Raises DataError for a file that can no longer be read.
    """

    def __init__(self, domains: Sequence[Domain], number: int, seed: int) -> None:
        super().__init__(domains[number], seed)
        self.number = number
        a, b = ({picture.path for picture in (*domain.training, *domain.held_out)} for domain in domains)
        self.halved = a & b

    def _open(self, path: Path, min_side: int | None) -> Image.Image:
        if path not in self.halved:
            return super()._open(path, min_side)
        # Whole, because a picture that is decoded smaller may have its middle within a pixel.
        return half_of(super()._open(path, None), self.number)


def half_of(picture: Image.Image, number: int) -> Image.Image:
    """Return the left half of a picture that shows a pair side by side for number 0, the right one for 1."""
    width, height = picture.width // 2, picture.height
    left = number * width
    return picture.crop((left, 0, left + width, height))


def file_pairs(domains: Sequence[Domain], seed: int) -> PairSources:
    """Return the sources of two domains of pairs. Raises DataError if their pictures are not in pairs."""
    if len(domains) != 2:
        raise DataError(f"Pairs need two domains, got {len(domains)}: start a new run, or name another --run.")
    a, b = domains
    if len(a.training) != len(b.training) or len(a.held_out) != len(b.held_out):
        raise DataError(
            f"{a.name} and {b.name} are not in pairs: {len(a.training)} and {len(b.training)} training pictures, "
            f"{len(a.held_out)} and {len(b.held_out)} held out."
        )
    return PairFileSource(domains, 0, seed), PairFileSource(domains, 1, seed)


def face_pairs(faces: FaceSet, size: int, seed: int, report: Report = lambda line: None) -> PairSources:
    """Return drawn faces as lines and, of the same seeds, in colour. size: side in pixels. seed: of the order.

    Raises DataError for a style that has no lines, and where the faces cannot be drawn.
    """
    lines, color = (FaceSource(side, size, 0, 1, seed, report) for side in faces.line_pair())
    return lines, color
