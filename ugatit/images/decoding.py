"""Whatever holds a picture becomes an upright RGB picture, or an error that says what is wrong with it."""

import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from ugatit.errors import PictureError

PictureLike = Image.Image | str | os.PathLike[str] | NDArray[Any]

MAX_PIXELS = 64_000_000

# Formats that only hold pixels: EPS would start Ghostscript, and the scientific containers need plugins.
FORMATS = (
    "PNG", "JPEG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "AVIF", "JPEG2000",
    "PPM", "QOI", "ICO", "ICNS", "PSD", "PCX", "SGI", "TGA", "DDS",
)  # fmt: skip


def open_picture(source: PictureLike, least_side: int | None = None) -> Image.Image:
    """A new RGB picture, upright, in sRGB, transparent parts over white, the first frame of an animation.

    source: a path; a PIL image of any mode (left as it was); or an array (H, W), (H, W, 1), (H, W, 3) or
    (H, W, 4) of booleans, uint8, uint16, or floats in [0, 1]. More than 8 bits are scaled, not clipped.
    least_side: a JPEG file much larger may be decoded smaller, which takes a fraction of the time: to a half, a
    quarter or an eighth, as long as no side falls below this many pixels.
    Raises PictureError, naming the file, for whatever cannot be read or has more than `MAX_PIXELS` pixels.
    """
    if isinstance(source, np.ndarray):
        return _to_rgb(_from_array(source), "The array")
    if isinstance(source, Image.Image):
        file = getattr(source, "filename", "")
        name = f"The picture {os.fspath(file)!r}" if file else "The picture"
        with _reading(name):
            return _to_rgb(source, name)
    if isinstance(source, str | os.PathLike):
        return _from_file(Path(source), least_side)
    raise PictureError(f"A picture must be a path, a PIL image or an array, got {type(source).__name__}.")


def _from_file(path: Path, least_side: int | None) -> Image.Image:
    name = repr(str(path))
    try:
        status = path.stat()
    except PermissionError as error:
        raise PictureError(f"{name} may not be read; check its permissions and its folder's.") from error
    except (OSError, ValueError) as error:
        raise PictureError(f"There is no file {name}: moved, deleted, or its name misspelt?") from error
    if stat.S_ISDIR(status.st_mode):
        raise PictureError(f"{name} is a folder; name a picture in it.")
    if not stat.S_ISREG(status.st_mode):
        raise PictureError(f"{name} is not a regular file; copy the picture into one.")
    if not status.st_size:
        raise PictureError(f"{name} is empty; fetch or save the picture again.")
    with _reading(name), Image.open(path, formats=FORMATS) as picture:
        if least_side is not None:
            _check_size(picture.size, name)
            picture.draft(None, (least_side, least_side))  # only JPEG has something to gain; others ignore it
        return _to_rgb(picture, name)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Say in words what stopped a picture from being read."""
    try:
        yield
    except PictureError:
        raise
    except FileNotFoundError as error:
        raise PictureError(f"{name} vanished while it was read; put it back and try again.") from error
    except PermissionError as error:
        raise PictureError(f"{name} may not be read; check its permissions.") from error
    except UnidentifiedImageError as error:
        raise PictureError(f"{name} is no picture of a known format; save it as PNG or JPEG.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise PictureError(_too_large(name)) from error
    except Exception as error:  # a broken file can make a decoder raise nearly anything
        raise PictureError(
            f"{name} is damaged or incomplete ({error}); fetch it again, or save it anew as PNG."
        ) from error


def _too_large(name: str) -> str:
    return f"{name} has more than {MAX_PIXELS // 1_000_000} million pixels; make it smaller first."


def _check_size(size: tuple[int, int], name: str) -> None:
    if min(size) < 1:
        raise PictureError(f"{name} is {size[0]}x{size[1]}: it has no pixels.")
    if size[0] * size[1] > MAX_PIXELS:
        raise PictureError(_too_large(f"{name} is {size[0]}x{size[1]} and"))


def _from_array(values: NDArray[Any]) -> Image.Image:
    """The array as an 8-bit picture: L, RGB or RGBA."""
    if not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] in (1, 3, 4))):
        raise PictureError(
            f"An array of shape {values.shape} is no picture; pass (H, W), (H, W, 1), (H, W, 3) or (H, W, 4)."
        )
    _check_size((values.shape[1], values.shape[0]), "The array")
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.dtype == np.uint8:
        return Image.fromarray(np.ascontiguousarray(values))
    if values.dtype == np.bool_ or values.dtype == np.uint16:
        return Image.fromarray(_eight_bits(values, 1 if values.dtype == np.bool_ else 65535))
    if not np.issubdtype(values.dtype, np.floating):
        raise PictureError(f"An array of {values.dtype} has no known range; pass uint8, or floats in [0, 1].")
    if not np.isfinite(values).all():
        raise PictureError("The array holds NaN or infinity; pass floats in [0, 1].")
    low, high = float(values.min()), float(values.max())
    if low < -1e-3 or high > 1 + 1e-3:
        raise PictureError(f"The array's floats go from {low:g} to {high:g}; scale them to [0, 1] or pass uint8.")
    return Image.fromarray(_eight_bits(values, 1))


def _eight_bits(values: NDArray[Any], top: float) -> NDArray[np.uint8]:
    """Scale [0, top] to 0..255."""
    return np.rint(np.clip(values / top, 0, 1) * 255).astype(np.uint8)


def _to_rgb(picture: Image.Image, name: str) -> Image.Image:
    _check_size(picture.size, name)
    picture.load()
    profile = picture.info.get("icc_profile")
    # A picture whose EXIF is broken is shown as it was stored.
    with suppress(SyntaxError, ValueError, TypeError, KeyError, OSError, struct.error):
        if picture.getexif().get(ExifTags.Base.Orientation, 1) != 1:  # else it would only be copied
            picture = ImageOps.exif_transpose(picture)
    alpha = None
    if picture.mode == "F" or picture.mode.startswith("I"):
        picture, alpha = _from_numbers(picture, name)
    elif picture.has_transparency_data:
        if picture.mode in ("La", "RGBa"):
            picture = picture.convert(picture.mode.upper())
        picture = picture.convert("RGBA")
        picture, alpha = picture.convert("RGB"), picture.getchannel("A")
    elif picture.mode in ("1", "P"):
        picture = picture.convert("RGB")
    rgb = _to_srgb(picture, profile)
    if alpha is not None:
        white = Image.new("RGB", rgb.size, "white")
        white.paste(rgb, mask=alpha)
        rgb = white
    rgb.info.clear()  # else saving it would attach a profile and an orientation that no longer hold
    return rgb


def _from_numbers(picture: Image.Image, name: str) -> tuple[Image.Image, Image.Image | None]:
    """Large integers or floats as L, by the smallest usual range that holds them, and their alpha."""
    values = np.asarray(picture)
    if not np.isfinite(values).all():
        raise PictureError(f"{name} holds NaN or infinity; save it with finite values.")
    high = float(values.max())
    if picture.mode.startswith("I;16"):
        top = 65535.0
    else:
        usual = (1.0, 255.0, 65535.0) if picture.mode == "F" else (255.0, 65535.0)
        top = next((limit for limit in usual if high <= limit), high)
    transparent = picture.info.get("transparency")
    alpha = None if transparent is None else Image.fromarray(_eight_bits(values != transparent, 1))
    return Image.fromarray(_eight_bits(values, top)), alpha


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """A new RGB picture in sRGB, by the embedded ICC profile where that makes sense."""
    if picture.mode == "LAB":
        return _through(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), picture)
    if profile:
        # A profile that is broken, or made for other channels, says nothing about these colours.
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(own).lower():  # else only rounding would change
                return _through(own, picture)
    return picture.convert("RGB")


def _through(profile: ImageCms.ImageCmsProfile, picture: Image.Image) -> Image.Image:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.ImageCmsTransform(profile, srgb, picture.mode, "RGB").apply(picture)
