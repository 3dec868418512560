"""Decoding of untrusted pictures: any file, PIL image or array becomes an upright sRGB picture or a PictureError."""

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
"""Pictures with more pixels are rejected."""

# Formats that contain pixels only: EPS would start Ghostscript, and scientific containers need plugins.
FORMATS = (
    "PNG", "JPEG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "AVIF", "JPEG2000",
    "PPM", "QOI", "ICO", "ICNS", "PSD", "PCX", "SGI", "TGA", "DDS",
)  # fmt: skip


def open_picture(source: PictureLike, min_side: int | None = None) -> Image.Image:
    """Open a picture as a new RGB image in sRGB.

    EXIF orientation is applied, transparent parts become white, and an animation gives its first frame.
    source: a path; a PIL image of any mode, which is not modified; or an array (H, W), (H, W, 1), (H, W, 3) or
    (H, W, 4) of booleans, uint8, uint16, or floats in [0, 1]. More than 8 bits are scaled, not clipped.
    min_side: allows faster decoding of large JPEG files at a half, a quarter or an eighth of their size, as long as no
    side becomes smaller than this many pixels.
    Raises PictureError, naming the file, for a source that cannot be read or has more than `MAX_PIXELS` pixels.
    """
    if isinstance(source, np.ndarray):
        return _to_rgb(_from_array(source), "The array")
    if isinstance(source, Image.Image):
        file = getattr(source, "filename", "")
        name = f"The picture {os.fspath(file)!r}" if file else "The picture"
        with _picture_errors(name):
            return _to_rgb(source, name)
    if isinstance(source, str | os.PathLike):
        return _from_file(Path(source), min_side)
    raise PictureError(f"A picture must be a path, a PIL image or an array, got {type(source).__name__}.")


def _from_file(path: Path, min_side: int | None) -> Image.Image:
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
    with _picture_errors(name), Image.open(path, formats=FORMATS) as picture:
        if min_side is not None:
            _check_size(picture.size, name)
            picture.draft(None, (min_side, min_side))  # affects JPEG only; other formats ignore it
        return _to_rgb(picture, name)


@contextmanager
def _picture_errors(name: str) -> Iterator[None]:
    """Turn whatever stops a picture from being read into a PictureError that explains it."""
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
    except Exception as error:  # on a broken file, a decoder can raise nearly anything
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
    """Return the array as an 8-bit picture of mode L, RGB or RGBA."""
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
    """Scale values from [0, top] to 0..255; values out of range are clipped."""
    return np.rint(np.clip(values / top, 0, 1) * 255).astype(np.uint8)


def _to_rgb(picture: Image.Image, name: str) -> Image.Image:
    _check_size(picture.size, name)
    picture.load()
    profile = picture.info.get("icc_profile")
    # A picture with broken EXIF data keeps its stored orientation.
    with suppress(SyntaxError, ValueError, TypeError, KeyError, OSError, struct.error):
        if picture.getexif().get(ExifTags.Base.Orientation, 1) != 1:  # otherwise it would only be copied
            picture = ImageOps.exif_transpose(picture)
    alpha = None
    if picture.mode == "F" or picture.mode.startswith("I"):
        picture, alpha = _from_high_depth(picture, name)
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
    rgb.info.clear()  # otherwise saving it would attach an outdated profile and orientation
    return rgb


def _from_high_depth(picture: Image.Image, name: str) -> tuple[Image.Image, Image.Image | None]:
    """Return integers of more than 8 bits, or floats, as mode L, and their alpha channel if they have one.

    The assumed range is the smallest usual one that contains all values.
    """
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
    """Return a new RGB picture in sRGB, converted with the embedded ICC profile if it is usable."""
    if picture.mode == "LAB":
        return _convert_to_srgb(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), picture)
    if profile:
        # A profile that is broken or made for other channels does not describe these colours.
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            embedded = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "srgb" not in ImageCms.getProfileDescription(embedded).lower():  # else only rounding would change
                return _convert_to_srgb(embedded, picture)
    return picture.convert("RGB")


def _convert_to_srgb(profile: ImageCms.ImageCmsProfile, picture: Image.Image) -> Image.Image:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.ImageCmsTransform(profile, srgb, picture.mode, "RGB").apply(picture)
