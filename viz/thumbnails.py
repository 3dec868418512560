"""A strip of training pictures as they will be made square: what is cut off, filled in or squeezed shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from ugatit.data.domain import Domain, Dropped, Picture
from ugatit.data.transforms import square_box, to_square
from ugatit.errors import PictureError
from ugatit.images.decoding import open_picture
from viz.i18n.schema import Words

SIDE = 72
MOST = 10
WIDEST = 2.5
"""How much longer than its shorter side a thumbnail may be; what lies beyond is far outside the part that is kept."""
GRAY = (138, 143, 152)
DIMMED = 0.72
NAMED_DROPPED = 5


@dataclass(frozen=True)
class Thumbnail:
    """picture: RGB. words: what it is, for who cannot see it."""

    picture: Image.Image
    words: str


@dataclass(frozen=True)
class ThumbnailStrip:
    """What was understood of a domain's pictures. left_out: a line each, for the first few that were dropped."""

    thumbnails: tuple[Thumbnail, ...]
    counts: str
    left_out: tuple[str, ...] = ()


def thumbnail_strip(domain: Domain, words: Words, fit: str = "crop", side: int = SIDE) -> ThumbnailStrip:
    """Thumbnails of pictures evenly chosen among those learned from, the counts, and what was dropped and why.

    fit: crop, pad or stretch. side: of the square that training will see, in pixels of the thumbnail.
    """
    said = words.train
    shown = []
    for picture in _evenly(domain.training, MOST):
        width, height = picture.size
        try:
            drawn = thumbnail(open_picture(picture.path), fit, side)
        except PictureError:  # gone since it was read
            continue
        shown.append(Thumbnail(drawn, said.picture_alt.format(width=width, height=height)))
    learned, held_out, dropped = (len(each) for each in (domain.training, domain.held_out, domain.dropped))
    counts = [
        said.learned[learned != 1].format(count=f"{learned:,}"),
        said.held_out.format(count=held_out) if held_out else said.none_held_out,
    ]
    if dropped:
        counts.append(said.left_out.format(count=dropped))
    return ThumbnailStrip(tuple(shown), " · ".join(counts), _reasons(domain.dropped, words))


def scene_strip(pictures: Sequence[Image.Image], kind: str, words: Words, side: int = SIDE) -> ThumbnailStrip:
    """The strip of a domain of drawn scenes, which has no files."""
    alt = words.train.scene_alt.format(kind=kind)
    shown = tuple(Thumbnail(thumbnail(picture, "crop", side), alt) for picture in pictures)
    return ThumbnailStrip(shown, words.train.endless.format(kind=kind))


def thumbnail(picture: Image.Image, fit: str, side: int = SIDE) -> Image.Image:
    """An RGB picture, `side` pixels high, that shows what becomes of it on the way to a square.

    crop: all of the picture, what is cut off dimmed. pad: the square, what is filled in dimmed. stretch: the square.
    """
    if picture.width == picture.height or fit == "stretch":
        return to_square(picture, side, fit)
    if fit == "pad":
        scale = side / max(picture.size)
        width, height = (max(1, round(edge * scale)) for edge in picture.size)
        left, top = (side - width) // 2, (side - height) // 2
        return _dimmed_outside(to_square(picture, side, fit), (left, top, left + width, top + height))
    kept = square_box(picture.size, fit)
    reach = [min(edge, WIDEST * min(picture.size)) for edge in picture.size]
    start = [(edge - shown) / 2 for edge, shown in zip(picture.size, reach, strict=True)]
    shown = (start[0], start[1], start[0] + reach[0], start[1] + reach[1])
    enlarged = side / reach[1]
    whole = picture.resize((max(1, round(reach[0] * enlarged)), side), Image.Resampling.BICUBIC, box=shown)
    x, y, right, bottom = (round((edge - begin) * enlarged) for edge, begin in zip(kept, start * 2, strict=True))
    return _dimmed_outside(whole, (x, y, right, bottom))


def _dimmed_outside(picture: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    dimmed = Image.blend(picture, Image.new("RGB", picture.size, GRAY), DIMMED)
    dimmed.paste(picture.crop(box), box[:2])
    return dimmed


def _evenly(pictures: Sequence[Picture], most: int) -> list[Picture]:
    count = min(most, len(pictures))
    return [pictures[index * len(pictures) // count] for index in range(count)]


def _reasons(dropped: Sequence[Dropped], words: Words) -> tuple[str, ...]:
    lines = [f"{each.name}: {each.reason}" for each in dropped[:NAMED_DROPPED]]
    if more := len(dropped) - len(lines):
        lines.append(words.train.more_left_out.format(count=f"{more:,}"))
    return tuple(lines)
