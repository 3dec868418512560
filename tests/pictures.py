"""Pictures generated for tests: every mode, animated and rotated files, and files that cannot be read."""

import struct
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

ORIENTATION = 0x0112


def photo(width: int = 48, height: int = 40) -> Image.Image:
    """A smooth RGB picture; red increases to the right and green downwards, so that its orientation is visible."""
    across = np.broadcast_to(np.linspace(0, 255, width), (height, width))
    down = np.broadcast_to(np.linspace(0, 255, height)[:, None], (height, width))
    return Image.fromarray(np.stack([across, down, np.full_like(across, 90)], 2).astype(np.uint8))


def see_through(mode: str) -> Image.Image:
    """A picture that is opaque black on the left and fully transparent black on the right."""
    picture = Image.new("RGBA", (16, 8), (0, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (8, 0, 16, 8))
    return picture.quantize(4) if mode == "P" else picture.convert(mode)


def sixteen_bits(mode: str = "I;16") -> Image.Image:
    """A row of three 16-bit pixels: black, middle gray, white."""
    dtype = np.int32 if mode == "I" else np.dtype(">u2" if mode == "I;16B" else "<u2")
    values = np.array([[0, 32768, 65535]]).astype(dtype)
    return Image.frombytes(mode, (3, 1), values.tobytes())


def any_mode(mode: str) -> Image.Image:
    """The photo in any mode of Pillow."""
    if mode.startswith("I;16"):
        dtype = np.dtype(">u2" if mode == "I;16B" else "<u2")
        values = np.asarray(photo().convert("L")).astype(dtype) * 257
        return Image.frombytes(mode, photo().size, values.astype(dtype).tobytes())
    if mode == "LAB":
        return Image.merge("LAB", photo().split())
    if mode in ("La", "RGBa", "PA"):
        return photo().convert({"La": "LA", "RGBa": "RGBA", "PA": "LA"}[mode]).convert(mode)
    return photo().convert(mode)


MODES = (
    "1", "L", "P", "RGB", "RGBA", "LA", "PA", "La", "RGBa", "CMYK", "YCbCr", "HSV", "LAB", "I", "F",
    "I;16", "I;16B", "RGBX",
)  # fmt: skip


def rotated(path: Path, orientation: int) -> Path:
    """Write the photo as a JPEG with an EXIF orientation."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    photo().save(path, "JPEG", quality=95, exif=exif)
    return path


def animation(path: Path) -> Path:
    """Write an animation of three frames: red, green, blue."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=50)
    return path


def bomb(path: Path, side: int) -> Path:
    """Write a valid PNG of a few bytes whose header declares `side` x `side` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def cut_off(path: Path, kind: str) -> Path:
    """Write the first half of a picture file."""
    detailed = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(detailed).save(path, kind)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


BAD_FILES: dict[str, Callable[[Path], Path]] = {
    "text": lambda path: _file(path, b"I am no picture."),
    "empty": lambda path: _file(path, b""),
    "folder": _folder,
    "missing": lambda path: path,
    **{f"cut off {kind}": partial(cut_off, kind=kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")},
    "bomb Pillow lets pass": lambda path: bomb(path, 8_500),
    "bomb Pillow warns of": lambda path: bomb(path, 10_000),
    "bomb Pillow refuses": lambda path: bomb(path, 60_000),
}
"""Functions that write an unreadable picture file to a path, by what is wrong with the file."""
