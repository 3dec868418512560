"""Turn an uploaded, untrusted file into a weights folder that is known to load."""

import re
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from ugatit.checkpoints.familiarity import FAMILIARITY_FILE, LARGEST_FAMILIARITY
from ugatit.checkpoints.published import PUBLISHED_SUFFIXES, read_published
from ugatit.checkpoints.store import CONFIG_FILE, LARGEST_CONFIG, WEIGHTS_FILE, load_weights, save_weights
from ugatit.data.zip_directory import check_zip_directory
from ugatit.errors import WeightsError
from ugatit.models.manifest import Manifest
from ugatit.models.titles import domains_title
from ugatit.text import one_line

LARGEST_WEIGHTS = 1500 * 2**20
LARGEST = {CONFIG_FILE: LARGEST_CONFIG, WEIGHTS_FILE: LARGEST_WEIGHTS, FAMILIARITY_FILE: LARGEST_FAMILIARITY}
"""The only files that are extracted from a zip, and the most bytes of each."""
REQUIRED = (CONFIG_FILE, WEIGHTS_FILE)
LARGEST_RATIO = 100
CHUNK = 2**20
FOLDER_NAME = "weights"


def open_weights_file(path: Path, into: Path) -> Path:
    """Convert an uploaded file to a new weights folder and return the folder's path.

    The folder is loaded once, strictly, to check it. After an error the folder is deleted.

    path: a zip with `config.json` and `model.safetensors`, at its top or in one folder, or a published checkpoint.
    into: the parent of the new folder; created if it does not exist.
    Raises WeightsError naming the file and what is wrong with it.
    """
    name = one_line(path.name, 80)
    into.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_NAME}-", dir=into))
    try:
        _fill_folder(path, folder)
    except WeightsError as error:
        shutil.rmtree(folder)
        # Users know the file by its name. They must not see paths on the server.
        reason = str(error).replace(f"{folder}/", "").replace(str(folder), "it").replace(str(path), name)
        raise WeightsError(reason if reason.startswith(name) else f"{name}: {reason}") from error
    except BaseException:
        shutil.rmtree(folder)
        raise
    return folder


def _fill_folder(path: Path, folder: Path) -> None:
    try:
        size = path.stat().st_size
        zipped = path.is_file() and zipfile.is_zipfile(path)
    except OSError as error:
        raise WeightsError(f"it cannot be read: {error.strerror}.") from error
    if size > LARGEST_WEIGHTS:
        raise WeightsError(f"it has {size / 2**20:.0f} MB, more than the {LARGEST_WEIGHTS / 2**20:.0f} MB allowed.")
    if path.suffix.lower() in PUBLISHED_SUFFIXES:
        model = read_published(path)
        title = domains_title(model.domains, model.targets)
        save_weights(folder, model, Manifest(model.name, model.config.to_dict(), title=title))
    elif zipped:
        _unpack_zip(path, folder)
    else:
        suffixes = ", ".join(PUBLISHED_SUFFIXES)
        raise WeightsError(f"it is neither a zip of a weights folder nor a published checkpoint ({suffixes}).")
    load_weights(folder)


def _unpack_zip(path: Path, folder: Path) -> None:
    """Extract the files of a weights folder from a zip, under our own names."""
    try:
        check_zip_directory(path)
    except WeightsError as error:
        raise WeightsError(f"it {error}.") from error
    try:
        with zipfile.ZipFile(path) as archive:
            members = _select_members(archive.infolist())
            for name, member in members.items():
                _extract_member(archive, member, folder / name)
    except WeightsError:
        raise
    except OSError as error:
        raise WeightsError(f"it cannot be unpacked: {one_line(error.strerror)}.") from error
    except Exception as error:  # zipfile and zlib raise many types for a damaged archive
        raise WeightsError("it is a damaged zip.") from error


def _select_members(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the files of a weights folder by name. Raises WeightsError for any member with an unsafe path."""
    selected: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", member.filename):
            raise WeightsError(f"it holds the name {one_line(repr(member.filename), 80)}, which leads out of the zip.")
        if member.is_dir() or path.name not in LARGEST or len(path.parts) > 2 or path.parts[0] == "__MACOSX":
            continue
        if path.name in selected:
            raise WeightsError(f"it holds {path.name} more than once: zip one weights folder.")
        selected[path.name] = member
        folders.add(path.parent)
        _check_member(path.name, member)
    if missing := [name for name in REQUIRED if name not in selected]:
        raise WeightsError(f"it lacks {missing[0]}, at the top or in one folder.")
    if len(folders) > 1:
        raise WeightsError(f"it holds {' and '.join(REQUIRED)} in different folders: zip one weights folder.")
    return selected


def _check_member(name: str, member: zipfile.ZipInfo) -> None:
    """Raise WeightsError for a member whose entry in the zip's directory is unacceptable."""
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise WeightsError(f"{name} in it is a link or something else that is no file.")
    if member.flag_bits & 1:
        raise WeightsError(f"{name} in it is encrypted: zip it without a password.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise WeightsError(f"{name} in it is compressed in an unusual way: zip it plainly.")
    if member.file_size > LARGEST[name] or member.file_size > LARGEST_RATIO * member.compress_size + CHUNK:
        raise WeightsError(f"{name} in it would unpack to {member.file_size} bytes: too many.")


def _extract_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write a member to `target`. Raises WeightsError if its real size is not the declared one."""
    remaining = member.file_size
    with archive.open(member) as source, target.open("xb") as file:
        while chunk := source.read(CHUNK):
            remaining -= len(chunk)
            if remaining < 0:
                raise WeightsError(f"{target.name} in it is larger than it says.")
            file.write(chunk)
    if remaining:
        raise WeightsError(f"{target.name} in it is shorter than it says.")
