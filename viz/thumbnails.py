"""Thumbnails of training pictures that show how they become square: cropped, padded or stretched."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from ugatit.data.domain import Domain, Dropped, Picture
from ugatit.data.face_set import FaceSet
from ugatit.data.pair_sources import half_of
from ugatit.data.transforms import square_box, to_square
from ugatit.errors import PictureError
from ugatit.images.decoding import open_picture
from viz.i18n.schema import Words

SIDE = 72
MAX_THUMBNAILS = 10
MAX_ASPECT = 2.5
"""The maximum aspect of a thumbnail; it leaves out parts far outside the crop."""
GRAY = (138, 143, 152)
DIMMED = 0.72
MAX_REASONS = 5


@dataclass(frozen=True)
class Thumbnail:
    """A thumbnail. picture: RGB. alt: the alternative text."""

    picture: Image.Image
    alt: str


@dataclass(frozen=True)
class ThumbnailStrip:
    """A summary of a domain's pictures.

    left_out: one line for each of the first few dropped pictures. labels: a line on attributes; empty without.
    """

    thumbnails: tuple[Thumbnail, ...]
    counts: str
    left_out: tuple[str, ...] = ()
    labels: str = ""


def thumbnail_strip(
    domain: Domain,
    words: Words,
    fit: str = "crop",
    side: int = SIDE,
    half: int | None = None,
) -> ThumbnailStrip:
    """Return thumbnails of evenly selected training pictures, the counts, and the dropped pictures with reasons.

    fit: crop, pad or stretch. side: the side of the square that training uses, in pixels of the thumbnail.
    half: which half of a file's picture is trained on, 0 for the left, 1 for the right; None for the whole.
    """
    texts = words.train
    thumbnails = []
    for picture in _select_evenly(domain.training, MAX_THUMBNAILS):
        width, height = picture.size
        try:
            whole = open_picture(picture.path)
            image = thumbnail(whole if half is None else half_of(whole, half), fit, side)
        except PictureError:  # deleted since the domain was read
            continue
        thumbnails.append(Thumbnail(image, texts.picture_alt.format(width=width, height=height)))
    learned, held_out, dropped = (len(items) for items in (domain.training, domain.held_out, domain.dropped))
    counts = [
        texts.learned[learned != 1].format(count=f"{learned:,}"),
        texts.held_out.format(count=held_out) if held_out else texts.none_held_out,
    ]
    if dropped:
        counts.append(texts.left_out.format(count=dropped))
    return ThumbnailStrip(tuple(thumbnails), " · ".join(counts), _reasons(domain.dropped, words))


def scene_strip(pictures: Sequence[Image.Image], kind: str, words: Words, side: int = SIDE) -> ThumbnailStrip:
    """Return the strip of a domain of drawn scenes, which has no files."""
    alt = words.train.scene_alt.format(kind=kind)
    thumbnails = tuple(Thumbnail(thumbnail(picture, "crop", side), alt) for picture in pictures)
    return ThumbnailStrip(thumbnails, words.train.endless.format(kind=kind))


def face_strip(pictures: Sequence[Image.Image], faces: FaceSet, words: Words, side: int = SIDE) -> ThumbnailStrip:
    """Return the strip of a domain of drawn faces, which has no files yet."""
    alt = words.train.face_alt.format(style=faces.style)
    thumbnails = tuple(Thumbnail(thumbnail(picture, "crop", side), alt) for picture in pictures)
    return ThumbnailStrip(thumbnails, words.train.faces.format(count=f"{faces.count:,}", style=faces.style))


def thumbnail(picture: Image.Image, fit: str, side: int = SIDE) -> Image.Image:
    """Draw how a picture becomes square, `side` pixels high; RGB.

    crop: the picture with the removed parts dimmed. pad: the square with the padding dimmed. stretch: the square.
    """
    if picture.width == picture.height or fit == "stretch":
        return to_square(picture, side, fit)
    if fit == "pad":
        scale = side / max(picture.size)
        width, height = (max(1, round(edge * scale)) for edge in picture.size)
        left, top = (side - width) // 2, (side - height) // 2
        return _dim_outside(to_square(picture, side, fit), (left, top, left + width, top + height))
    crop_box = square_box(picture.size, fit)
    visible = [min(edge, MAX_ASPECT * min(picture.size)) for edge in picture.size]
    start = [(edge - length) / 2 for edge, length in zip(picture.size, visible, strict=True)]
    visible_box = (start[0], start[1], start[0] + visible[0], start[1] + visible[1])
    scale = side / visible[1]
    resized = picture.resize((max(1, round(visible[0] * scale)), side), Image.Resampling.BICUBIC, box=visible_box)
    left, top, right, bottom = (
        round((edge - offset) * scale) for edge, offset in zip(crop_box, start * 2, strict=True)
    )
    return _dim_outside(resized, (left, top, right, bottom))


def _dim_outside(picture: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    dimmed = Image.blend(picture, Image.new("RGB", picture.size, GRAY), DIMMED)
    dimmed.paste(picture.crop(box), box[:2])
    return dimmed


def _select_evenly(pictures: Sequence[Picture], limit: int) -> list[Picture]:
    count = min(limit, len(pictures))
    return [pictures[index * len(pictures) // count] for index in range(count)]


def _reasons(dropped: Sequence[Dropped], words: Words) -> tuple[str, ...]:
    lines = [f"{picture.name}: {picture.reason}" for picture in dropped[:MAX_REASONS]]
    if more := len(dropped) - len(lines):
        lines.append(words.train.more_left_out.format(count=f"{more:,}"))
    return tuple(lines)
