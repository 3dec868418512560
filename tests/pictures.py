"""Pictures of every kind, made on the spot: modes, files, arrays and things that only look like pictures."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

ORIENTATION = 0x0112


def photo(width: int = 48, height: int = 40) -> Image.Image:
    """A smooth RGB picture, red rising to the right and green downwards, so that its orientation shows."""
    across = np.broadcast_to(np.linspace(0, 255, width), (height, width))
    down = np.broadcast_to(np.linspace(0, 255, height)[:, None], (height, width))
    return Image.fromarray(np.stack([across, down, np.full_like(across, 90)], 2).astype(np.uint8))


def see_through(mode: str) -> Image.Image:
    """Black on the left, fully transparent (with black under it) on the right."""
    picture = Image.new("RGBA", (16, 8), (0, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (8, 0, 16, 8))
    return picture.quantize(4) if mode == "P" else picture.convert(mode)


def sixteen_bits(mode: str = "I;16") -> Image.Image:
    """One row: black, middle gray, white of 16 bits."""
    kind = np.int32 if mode == "I" else np.dtype(">u2" if mode == "I;16B" else "<u2")
    values = np.array([[0, 32768, 65535]]).astype(kind)
    return Image.frombytes(mode, (3, 1), values.tobytes())


def any_mode(mode: str) -> Image.Image:
    """The photo in a mode that Pillow knows."""
    if mode.startswith("I;16"):
        kind = np.dtype(">u2" if mode == "I;16B" else "<u2")
        values = np.asarray(photo().convert("L")).astype(kind) * 257
        return Image.frombytes(mode, photo().size, values.astype(kind).tobytes())
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
    """The photo as a JPEG that says it has to be turned."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    photo().save(path, "JPEG", quality=95, exif=exif)
    return path


def animation(path: Path) -> Path:
    """Three frames: red, green, blue."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=50)
    return path


def bomb(path: Path, side: int) -> Path:
    """A valid PNG of a few bytes that says it is `side` pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def cut_off(path: Path, kind: str) -> Path:
    """The first half of a picture file."""
    detailed = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(detailed).save(path, kind)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def _text(path: Path) -> Path:
    path.write_text("I am no picture.")
    return path


def _empty(path: Path) -> Path:
    path.touch()
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


BAD_FILES: dict[str, Callable[[Path], Path]] = {
    "text": _text,
    "empty": _empty,
    "folder": _folder,
    "missing": lambda path: path,
    "cut off PNG": lambda path: cut_off(path, "PNG"),
    "cut off JPEG": lambda path: cut_off(path, "JPEG"),
    "cut off WebP": lambda path: cut_off(path, "WEBP"),
    "cut off GIF": lambda path: cut_off(path, "GIF"),
    "cut off BMP": lambda path: cut_off(path, "BMP"),
    "cut off TIFF": lambda path: cut_off(path, "TIFF"),
    "bomb Pillow lets pass": lambda path: bomb(path, 8_500),
    "bomb Pillow warns of": lambda path: bomb(path, 10_000),
    "bomb Pillow refuses": lambda path: bomb(path, 60_000),
}
"""Makers of files that hold no picture, by what is wrong with them; each takes the path to write."""
