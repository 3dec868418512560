"""A run's `data.json`: which pictures each side has, so that a run goes on with just those it began with."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ugatit.data.domain import Domain, Dropped, Picture
from ugatit.errors import DataError
from ugatit.text import one_line

FILE = "data.json"
GONE = 3
"""How many missing pictures a message names."""


@dataclass(frozen=True)
class DatasetListing:
    """Both sides as they were taken in; None for drawn scenes.

    asked: the sources as the user wrote them, by setting. remarks: warnings about the pair.
    """

    asked: Mapping[str, str]
    a: Domain | None
    b: Domain | None
    remarks: tuple[str, ...] = ()


def write_listing(folder: Path, listing: DatasetListing) -> None:
    """Write `data.json` into a run's folder, whole or not at all. Paths inside the folder become relative to it.

    Raises DataError where the folder cannot be written to.
    """
    values = {
        "asked": dict(listing.asked),
        "a": _written(listing.a, folder),
        "b": _written(listing.b, folder),
        "remarks": list(listing.remarks),
    }
    partial = folder / f".{FILE}.partial"
    try:
        with partial.open("w", encoding="ascii") as file:
            json.dump(values, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, folder / FILE)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise DataError(
            f"{folder / FILE} cannot be written ({error.strerror}): free some space, or name another --run."
        ) from error


def read_listing(folder: Path) -> DatasetListing | None:
    """What `write_listing` wrote; None where nothing is. Raises DataError where it is damaged."""
    path = folder / FILE
    try:
        values = json.loads(path.read_text(encoding="ascii"))
        a, b = (_read(values[side], folder) for side in ("a", "b"))
        return DatasetListing(dict(values["asked"]), a, b, tuple(map(str, values["remarks"])))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{path} is damaged ({one_line(error, 60)}): restore it, or start a new run.") from error


def check_present(domain: Domain) -> None:
    """Raises DataError, naming the first, where pictures of a domain are gone."""
    gone = [p.path for p in (*domain.training, *domain.held_out) if not p.path.is_file()]
    if gone:
        names = ", ".join(one_line(path) for path in gone[:GONE]) + (", …" if len(gone) > GONE else "")
        raise DataError(
            f"{len(gone)} pictures of {domain.name} are gone ({names}): put them back, then --resume, "
            "or start a new run without them."
        )


def _written(domain: Domain | None, folder: Path) -> dict[str, Any] | None:
    if domain is None:
        return None
    own = folder.resolve()

    def entry(picture: Picture) -> dict[str, Any]:
        path = picture.path.absolute()
        inside = path.parent.resolve().is_relative_to(own)
        shown = (path.parent.resolve() / path.name).relative_to(own).as_posix() if inside else str(path)
        return {"path": shown, "size": picture.size, "digest": picture.digest}

    return {
        "name": domain.name,
        "source": domain.source,
        "training": [entry(picture) for picture in domain.training],
        "held_out": [entry(picture) for picture in domain.held_out],
        "dropped": [asdict(each) for each in domain.dropped],
    }


def _read(values: Mapping[str, Any] | None, folder: Path) -> Domain | None:
    if values is None:
        return None

    def picture(entry: Mapping[str, Any]) -> Picture:
        width, height = entry["size"]
        # An absolute path stays what it is.
        return Picture(folder / entry["path"], (int(width), int(height)), str(entry["digest"]))

    if not values["training"]:
        raise ValueError("no training pictures")
    return Domain(
        str(values["name"]),
        str(values["source"]),
        tuple(picture(entry) for entry in values["training"]),
        tuple(picture(entry) for entry in values["held_out"]),
        tuple(Dropped(str(each["name"]), str(each["reason"])) for each in values["dropped"]),
    )
