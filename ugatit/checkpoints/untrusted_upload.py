"""Weights that a stranger hands over, checked as hostile: in comes one file, out comes a weights folder that loads."""

import re
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from ugatit.checkpoints.published import PUBLISHED_SUFFIXES, read_published
from ugatit.checkpoints.store import CONFIG_FILE, LARGEST_CONFIG, WEIGHTS_FILE, load_weights, save_weights
from ugatit.data.zip_directory import check_zip_directory
from ugatit.errors import WeightsError
from ugatit.models.manifest import Manifest
from ugatit.text import one_line

LARGEST_WEIGHTS = 1500 * 2**20
LARGEST = {CONFIG_FILE: LARGEST_CONFIG, WEIGHTS_FILE: LARGEST_WEIGHTS}
"""The only members that are taken out of a zip, and how many bytes each may have."""
LARGEST_RATIO = 100
CHUNK = 2**20
FOLDER_NAME = "weights"


def open_weights_file(path: Path, into: Path) -> Path:
    """Make a weights folder of an uploaded file, and load it once, strictly, to prove that it works.

    path: a zip with `config.json` and `model.safetensors`, at its top or in one folder, or a published checkpoint.
    into: where the fresh folder is made. Returns its path; after an error nothing is left of it.
    Raises WeightsError, naming the file and what is wrong with it, for whatever is not that.
    """
    name = one_line(path.name, 80)
    into.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(prefix=f"{FOLDER_NAME}-", dir=into))
    try:
        _fill_room(path, room)
    except WeightsError as error:
        shutil.rmtree(room)
        # People know the file by its name, not by where the server has put it.
        reason = str(error).replace(f"{room}/", "").replace(str(room), "it").replace(str(path), name)
        raise WeightsError(reason if reason.startswith(name) else f"{name}: {reason}") from error
    except BaseException:
        shutil.rmtree(room)
        raise
    return room


def _fill_room(path: Path, room: Path) -> None:
    try:
        size = path.stat().st_size
        zipped = path.is_file() and zipfile.is_zipfile(path)
    except OSError as error:
        raise WeightsError(f"it cannot be read: {error.strerror}.") from error
    if size > LARGEST_WEIGHTS:
        raise WeightsError(f"it has {size / 2**20:.0f} MB, more than the {LARGEST_WEIGHTS / 2**20:.0f} MB allowed.")
    if path.suffix.lower() in PUBLISHED_SUFFIXES:
        model = read_published(path, ("A", "B"))
        save_weights(room, model, Manifest(model.name, model.config.to_dict(), title=" ↔ ".join(model.domains)))
    elif zipped:
        _unpack(path, room)
    else:
        wanted = ", ".join(PUBLISHED_SUFFIXES)
        raise WeightsError(f"it is neither a zip of a weights folder nor a published checkpoint ({wanted}).")
    load_weights(room)


def _unpack(path: Path, room: Path) -> None:
    """Take the two files of a weights folder out of a zip, under our own names."""
    try:
        check_zip_directory(path)
    except WeightsError as error:
        raise WeightsError(f"it {error}.") from error
    try:
        with zipfile.ZipFile(path) as archive:
            members = _choose(archive.infolist())
            for name, member in members.items():
                _extract(archive, member, room / name)
    except WeightsError:
        raise
    except OSError as error:
        raise WeightsError(f"it cannot be unpacked: {one_line(error.strerror)}.") from error
    except Exception as error:  # zipfile and zlib raise many kinds for a damaged archive
        raise WeightsError("it is a damaged zip.") from error


def _choose(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    chosen: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or re.match(r"[A-Za-z]:", member.filename):
            raise WeightsError(f"it holds the name {one_line(repr(member.filename), 80)}, which leads out of the zip.")
        if member.is_dir() or place.name not in LARGEST or len(place.parts) > 2 or place.parts[0] == "__MACOSX":
            continue
        if place.name in chosen:
            raise WeightsError(f"it holds {place.name} more than once: zip one weights folder.")
        chosen[place.name] = member
        folders.add(place.parent)
        _check(place.name, member)
    if missing := [name for name in LARGEST if name not in chosen]:
        raise WeightsError(f"it lacks {missing[0]}, at the top or in one folder.")
    if len(folders) > 1:
        raise WeightsError(f"it holds {' and '.join(LARGEST)} in different folders: zip one weights folder.")
    return chosen


def _check(name: str, member: zipfile.ZipInfo) -> None:
    """Refuse a member by what the zip says of it."""
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise WeightsError(f"{name} in it is a link or something else that is no file.")
    if member.flag_bits & 1:
        raise WeightsError(f"{name} in it is encrypted: zip it without a password.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise WeightsError(f"{name} in it is compressed in an unusual way: zip it plainly.")
    if member.file_size > LARGEST[name] or member.file_size > LARGEST_RATIO * member.compress_size + CHUNK:
        raise WeightsError(f"{name} in it would unpack to {member.file_size} bytes: too many.")


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write a member, counting what really comes out."""
    left = member.file_size
    with archive.open(member) as source, target.open("xb") as file:
        while chunk := source.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise WeightsError(f"{target.name} in it is larger than it says.")
            file.write(chunk)
    if left:
        raise WeightsError(f"{target.name} in it is shorter than it says.")
