"""Snapshots of training: translations and attention maps of a few held-out pictures at several steps, in one file.

`snapshots.npz` holds only arrays. Direction number d has `d.way` (origin and target), `d.names`, `d.pictures`,
`d.steps`, `d.translations.m` for moment m, `d.cam_logits` and `d.maps.NETWORK`. Pictures are stacked vertically in
lossless WebP sheets, which take two thirds of the size of deflated pixels.
"""

import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile

from ugatit.errors import WeightsError
from ugatit.text import is_plain, one_line

SNAPSHOTS_FILE = "snapshots.npz"
MAX_FILE_BYTES = 4_000_000
"""Limit of the file, which is distributed with the weights."""
MAX_UNPACKED_BYTES = 64_000_000
"""Limit of all its arrays, and of each direction's decoded pictures."""
MAX_NAME_LENGTH = 80
MAX_WEBP_SIDE = 16_383
"""Limit of the WebP format, in pixels."""

Pixels = NDArray[np.uint8]
Array = NDArray[np.float32]
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Moment:
    """A model's results for the pictures after `step` updates.

    translations: (N, S, S, 3). maps: raw attention maps by network (`generator` and critics), (N, h, w); the
    critics' maps are of the translations. cam_logits: the generator's gap and gmp, (N, 2); NaN where unknown.
    """

    step: int
    translations: Pixels
    maps: dict[str, Array]
    cam_logits: Array


@dataclass(frozen=True)
class Growth:
    """One direction's pictures at several moments of training.

    pictures: (N, S, S, 3), in the order of `names`. moments: in order of step; all have maps of the same networks and
    shapes.
    """

    origin: str
    to: str
    names: tuple[str, ...]
    pictures: Pixels
    moments: tuple[Moment, ...]


def read_snapshots(folder: Path) -> tuple[Growth, ...]:
    """Read a weights folder's snapshots, one `Growth` per direction; empty if it has no `snapshots.npz`.

    Raises WeightsError if the file is damaged or in another format than that of `write_snapshots`.
    """
    path = folder / SNAPSHOTS_FILE
    if not path.is_file():
        return ()
    try:
        return _read(path)
    except Exception as error:  # numpy, zipfile, zlib and Pillow raise many types for a damaged archive
        raise WeightsError(f"{path} is damaged: {one_line(error, 120)}. Fetch it again or remove it.") from error


def write_snapshots(folder: Path, growth: Sequence[Growth]) -> Path:
    """Write `folder/snapshots.npz` atomically and return its path.

    Raises WeightsError if the file would be too large or could not be read back.
    """
    path, partial = folder / SNAPSHOTS_FILE, folder / f".{SNAPSHOTS_FILE}.partial"
    try:
        with partial.open("wb") as file:
            np.savez_compressed(file, **_arrays(growth))
        _read(partial)
        os.replace(partial, path)
    except (ValueError, KeyError) as error:
        raise WeightsError(f"These snapshots cannot be kept: {one_line(error, 120)}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return path


def _arrays(growth: Sequence[Growth]) -> dict[str, Any]:
    arrays: dict[str, Any] = {}
    for number, direction in enumerate(growth):
        moments = direction.moments
        own = {
            "way": np.array([direction.origin, direction.to]),
            "names": np.array(direction.names),
            "pictures": _encode_sheet(direction.pictures),
            "steps": np.array([moment.step for moment in moments], np.int64),
            "cam_logits": np.stack([moment.cam_logits for moment in moments]).astype(np.float32),
        }
        own |= {f"translations.{m}": _encode_sheet(moment.translations) for m, moment in enumerate(moments)}
        for network in moments[0].maps:
            own[f"maps.{network}"] = _to_float16(np.stack([moment.maps[network] for moment in moments]))
        arrays |= {f"{number}.{name}": values for name, values in own.items()}
    return arrays


def _read(path: Path) -> tuple[Growth, ...]:
    """Read a file. Raises whatever the libraries raise for a damaged file, and ValueError for another format."""
    _check_size(path)
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    numbers = sorted(name.removesuffix(".way") for name in arrays if name.endswith(".way"))
    if not numbers:
        raise ValueError("no direction is in it")
    return tuple(_growth(arrays, number) for number in numbers)


def _check_size(path: Path) -> None:
    """Raise ValueError for a file that is or unpacks to more than the limits, before anything is unpacked."""
    if (size := path.stat().st_size) > MAX_FILE_BYTES:
        raise ValueError(f"{size / 1e6:.1f} MB are more than the {MAX_FILE_BYTES / 1e6:.0f} that travel with weights")
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise ValueError(f"they unpack to more than {MAX_UNPACKED_BYTES / 1e6:.0f} MB")


def _growth(arrays: Arrays, number: str) -> Growth:
    prefix = f"{number}."
    own = {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}
    domains, names = (_strings(own[key]) for key in ("way", "names"))
    origin, to = domains
    steps = own["steps"]
    if steps.ndim != 1 or steps.dtype != np.int64 or not len(steps) or (np.diff(steps, prepend=-1) <= 0).any():
        raise ValueError(f"the steps {one_line(steps.tolist(), 60)} are not moments in their order")
    count = len(names)
    side = _sheet_side(own["pictures"], count)
    if (bytes_needed := (len(steps) + 1) * count * side * side * 3) > MAX_UNPACKED_BYTES:
        raise ValueError(f"pictures of {bytes_needed / 1e6:.0f} MB are more than {MAX_UNPACKED_BYTES / 1e6:.0f}")
    pictures = _decode_sheet(own["pictures"], count, side)
    logits = _floats(own["cam_logits"], (len(steps), count, 2))
    networks = [name.removeprefix("maps.") for name in own if name.startswith("maps.")]
    maps = {name: _floats(own[f"maps.{name}"], (len(steps), count, None, None)) for name in networks}
    if invalid := [name for name, values in maps.items() if not np.isfinite(values).all()]:
        raise ValueError(f"the maps of {one_line(invalid[0], 40)} are not all finite")
    moments = []
    for index, step in enumerate(steps.tolist()):
        translations = _decode_sheet(own[f"translations.{index}"], count, side)
        maps_at_step = {name: values[index] for name, values in maps.items()}
        moments.append(Moment(step, translations, maps_at_step, logits[index]))
    return Growth(origin, to, names, pictures, tuple(moments))


def _strings(values: NDArray[Any]) -> tuple[str, ...]:
    if values.ndim != 1 or values.dtype.kind != "U" or not len(values):
        raise ValueError(f"words are {values.dtype} {values.shape}")
    strings = tuple(values.tolist())
    if unreadable := [string for string in strings if not is_plain(string, MAX_NAME_LENGTH)]:
        raise ValueError(f"{one_line(unreadable[0], 40)!r} is no name")
    return strings


def _floats(values: NDArray[Any], shape: tuple[int | None, ...]) -> Array:
    """Return values as float32. A side of `shape` that is None may have any length except 0."""
    fits = values.ndim == len(shape) and all(
        side == expected or (expected is None and side) for side, expected in zip(values.shape, shape, strict=True)
    )
    if not fits or values.dtype not in (np.float16, np.float32):
        raise ValueError(f"numbers are {values.dtype} {values.shape}, where {shape} belongs")
    return values.astype(np.float32)


def _to_float16(values: NDArray[Any]) -> NDArray[Any]:
    """Convert maps to float16, whose three digits suffice for display; to float32 if float16 would overflow."""
    with np.errstate(over="ignore"):
        half = values.astype(np.float16)
    return half if np.isfinite(half).all() else values.astype(np.float32)


def _encode_sheet(pictures: Pixels) -> Pixels:
    """Encode pictures, (N, S, S, 3), as the bytes of one WebP sheet."""
    count, height, width, _ = pictures.shape
    if height != width or count * height > MAX_WEBP_SIDE or pictures.dtype != np.uint8:
        raise ValueError(f"pictures are {pictures.dtype} {pictures.shape}, not 8-bit squares, or too many")
    buffer = io.BytesIO()
    Image.fromarray(pictures.reshape(count * height, width, 3)).save(buffer, "WEBP", lossless=True)
    return np.frombuffer(buffer.getvalue(), np.uint8)


def _open_sheet(values: NDArray[Any]) -> ImageFile:
    if values.ndim != 1 or values.dtype != np.uint8:
        raise ValueError(f"a sheet of pictures is {values.dtype} {values.shape}")
    return Image.open(io.BytesIO(values.tobytes()), formats=["WEBP"])


def _sheet_side(values: NDArray[Any], count: int) -> int:
    """Return the side of the pictures on a sheet, reading only its header."""
    with _open_sheet(values) as sheet:
        width, height = sheet.size
    if height != count * width:
        raise ValueError(f"a sheet of {width}x{height} px does not hold {count} pictures")
    return width


def _decode_sheet(values: NDArray[Any], count: int, side: int) -> Pixels:
    if (actual := _sheet_side(values, count)) != side:
        raise ValueError(f"a translation has {actual} px, its picture {side}")
    with _open_sheet(values) as sheet:
        pixels: Pixels = np.asarray(sheet.convert("RGB"))
    return pixels.reshape(count, side, side, 3)
