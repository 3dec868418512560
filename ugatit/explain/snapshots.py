"""How translations and attention grew: a few held-out pictures at several moments of training, in one small file.

`snapshots.npz` holds arrays alone. Of each direction number d there are `d.way` (origin and target), `d.names`,
`d.pictures`, `d.steps`, `d.translations.m` for moment m, `d.cam_logits` and `d.maps.NETWORK`. Pictures are sheets of
lossless WebP, one below the other: no grey level is lost, at two thirds of what deflating the pixels takes.
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
LARGEST = 4_000_000
"""Of the file, in bytes, so that it travels with the weights."""
LARGEST_UNPACKED = 64_000_000
"""Of its arrays, and of each direction's pictures, in bytes."""
LONGEST_NAME = 80
LARGEST_SIDE = 16_383
"""Of a WebP picture, in pixels."""

Pixels = NDArray[np.uint8]
Array = NDArray[np.float32]
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Moment:
    """What a model made of the pictures after `step` updates.

    translations: (N, S, S, 3). maps: raw attention maps by network (`generator`, `local`, `global`), (N, h, w), the
    critics' of the translations. cam_logits: the generator's, (N, 2), gap and gmp; NaN where they are not known.
    """

    step: int
    translations: Pixels
    maps: dict[str, Array]
    cam_logits: Array


@dataclass(frozen=True)
class Growth:
    """One direction's pictures through training. pictures: (N, S, S, 3), by `names`. moments: in order of step.

    All moments have maps of the same networks and shapes.
    """

    origin: str
    to: str
    names: tuple[str, ...]
    pictures: Pixels
    moments: tuple[Moment, ...]


def read_snapshots(folder: Path) -> tuple[Growth, ...]:
    """A weights folder's snapshots, one a direction; none where it has no `snapshots.npz`.

    Raises WeightsError where the file is damaged or not what `write_snapshots` writes.
    """
    path = folder / SNAPSHOTS_FILE
    if not path.is_file():
        return ()
    try:
        return _read(path)
    except Exception as error:  # numpy, zipfile, zlib and Pillow raise a dozen kinds for a damaged archive
        raise WeightsError(f"{path} is damaged: {one_line(error, 120)}. Fetch it again or remove it.") from error


def write_snapshots(folder: Path, growth: Sequence[Growth]) -> Path:
    """Write `folder/snapshots.npz`, whole or not at all, and return its path.

    Raises WeightsError where it would be too large to travel or could not be read again.
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
    for number, way in enumerate(growth):
        moments = {
            "way": np.array([way.origin, way.to]),
            "names": np.array(way.names),
            "pictures": _packed(way.pictures),
            "steps": np.array([moment.step for moment in way.moments], np.int64),
            "cam_logits": np.stack([moment.cam_logits for moment in way.moments]).astype(np.float32),
        }
        moments |= {f"translations.{m}": _packed(moment.translations) for m, moment in enumerate(way.moments)}
        for network in way.moments[0].maps:
            moments[f"maps.{network}"] = _halved(np.stack([moment.maps[network] for moment in way.moments]))
        arrays |= {f"{number}.{name}": values for name, values in moments.items()}
    return arrays


def _read(path: Path) -> tuple[Growth, ...]:
    """Raises whatever the libraries raise for a damaged file, ValueError for one of another making."""
    _check_size(path)
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    ways = sorted(name.removesuffix(".way") for name in arrays if name.endswith(".way"))
    if not ways:
        raise ValueError("no direction is in it")
    return tuple(_growth(arrays, way) for way in ways)


def _check_size(path: Path) -> None:
    """Refuse what unpacks to more than snapshots can be, before anything is unpacked."""
    if (size := path.stat().st_size) > LARGEST:
        raise ValueError(f"{size / 1e6:.1f} MB are more than the {LARGEST / 1e6:.0f} that travel with weights")
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST_UNPACKED:
            raise ValueError(f"they unpack to more than {LARGEST_UNPACKED / 1e6:.0f} MB")


def _growth(arrays: Arrays, way: str) -> Growth:
    own = {name.removeprefix(f"{way}."): values for name, values in arrays.items() if name.startswith(f"{way}.")}
    domains, names = (_words(own[key]) for key in ("way", "names"))
    origin, to = domains
    steps = own["steps"]
    if steps.ndim != 1 or steps.dtype != np.int64 or not len(steps) or (np.diff(steps, prepend=-1) <= 0).any():
        raise ValueError(f"the steps {one_line(steps.tolist(), 60)} are not moments in their order")
    count = len(names)
    side = _side(own["pictures"], count)
    if (bytes_needed := (len(steps) + 1) * count * side * side * 3) > LARGEST_UNPACKED:
        raise ValueError(f"pictures of {bytes_needed / 1e6:.0f} MB are more than {LARGEST_UNPACKED / 1e6:.0f}")
    pictures = _unpacked(own["pictures"], count, side)
    logits = _floats(own["cam_logits"], (len(steps), count, 2))
    networks = [name.removeprefix("maps.") for name in own if name.startswith("maps.")]
    maps = {name: _floats(own[f"maps.{name}"], (len(steps), count, None, None)) for name in networks}
    if unknown := [name for name, values in maps.items() if not np.isfinite(values).all()]:
        raise ValueError(f"the maps of {one_line(unknown[0], 40)} are not all finite")
    moments = []
    for number, step in enumerate(steps.tolist()):
        translations = _unpacked(own[f"translations.{number}"], count, side)
        at_step = {name: values[number] for name, values in maps.items()}
        moments.append(Moment(step, translations, at_step, logits[number]))
    return Growth(origin, to, names, pictures, tuple(moments))


def _words(values: NDArray[Any]) -> tuple[str, ...]:
    if values.ndim != 1 or values.dtype.kind != "U" or not len(values):
        raise ValueError(f"words are {values.dtype} {values.shape}")
    words = tuple(values.tolist())
    if unreadable := [word for word in words if not is_plain(word, LONGEST_NAME)]:
        raise ValueError(f"{one_line(unreadable[0], 40)!r} is no name")
    return words


def _floats(values: NDArray[Any], shape: tuple[int | None, ...]) -> Array:
    """As float32. A side of the wanted shape that is None may be any, but not 0."""
    fits = values.ndim == len(shape) and all(
        side == wanted or (wanted is None and side) for side, wanted in zip(values.shape, shape, strict=True)
    )
    if not fits or values.dtype not in (np.float16, np.float32):
        raise ValueError(f"numbers are {values.dtype} {values.shape}, where {shape} belongs")
    return values.astype(np.float32)


def _halved(values: NDArray[Any]) -> NDArray[Any]:
    """As float16, three digits, enough for maps that are looked at; as float32 where it would overflow."""
    with np.errstate(over="ignore"):
        half = values.astype(np.float16)
    return half if np.isfinite(half).all() else values.astype(np.float32)


def _packed(pictures: Pixels) -> Pixels:
    """(N, S, S, 3) as the bytes of one WebP sheet."""
    count, height, width, _ = pictures.shape
    if height != width or count * height > LARGEST_SIDE or pictures.dtype != np.uint8:
        raise ValueError(f"pictures are {pictures.dtype} {pictures.shape}, not 8-bit squares, or too many")
    buffer = io.BytesIO()
    Image.fromarray(pictures.reshape(count * height, width, 3)).save(buffer, "WEBP", lossless=True)
    return np.frombuffer(buffer.getvalue(), np.uint8)


def _sheet(values: NDArray[Any]) -> ImageFile:
    if values.ndim != 1 or values.dtype != np.uint8:
        raise ValueError(f"a sheet of pictures is {values.dtype} {values.shape}")
    return Image.open(io.BytesIO(values.tobytes()), formats=["WEBP"])


def _side(values: NDArray[Any], count: int) -> int:
    """The side of the pictures on a sheet, by its header alone."""
    with _sheet(values) as sheet:
        width, height = sheet.size
    if height != count * width:
        raise ValueError(f"a sheet of {width}x{height} px does not hold {count} pictures")
    return width


def _unpacked(values: NDArray[Any], count: int, side: int) -> Pixels:
    if (found := _side(values, count)) != side:
        raise ValueError(f"a translation has {found} px, its picture {side}")
    with _sheet(values) as sheet:
        pixels: Pixels = np.asarray(sheet.convert("RGB"))
    return pixels.reshape(count, side, side, 3)
