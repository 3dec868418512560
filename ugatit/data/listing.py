"""Read and write a run's `data.json`, the list of each domain's pictures, so that a resumed run trains on the same."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ugatit.data.domain import Domain, Dropped, Picture
from ugatit.errors import DataError
from ugatit.text import one_line

LISTING_FILE = "data.json"
MAX_NAMED = 3
"""Number of missing pictures that a message names."""


FORMAT = 2
"""The format of `data.json` that is written; files without a `format` have format 1, of two domains."""


@dataclass(frozen=True)
class DatasetListing:
    """The domains of a run as they were ingested; None for drawn scenes.

    sources, test_sources: as the user named them. warnings: about the domains ("remarks" on disk).
    sets: of data with labels, the number of domains of each source, 1 for drawn ones; else empty.
    attributes: those that were asked for.
    """

    sources: tuple[str, ...]
    test_sources: tuple[str, ...]
    domains: tuple[Domain | None, ...]
    warnings: tuple[str, ...] = ()
    sets: tuple[int, ...] = ()
    attributes: tuple[str, ...] = ()

    def is_of(self, sources: Sequence[str], test_sources: Sequence[str], attributes: Sequence[str] = ()) -> bool:
        """Return whether these are the sources that were ingested, and the attributes that were asked for."""
        asked = (tuple(sources), tuple(test_sources), tuple(attributes))
        return asked == (self.sources, self.test_sources, self.attributes)


def write_listing(folder: Path, listing: DatasetListing) -> None:
    """Write `data.json` into a run's folder atomically. Paths inside the folder become relative to it.

    Raises DataError if the folder cannot be written to.
    """
    values = {
        "format": FORMAT,
        "sources": list(listing.sources),
        "test_sources": list(listing.test_sources),
        "domains": [_domain_to_json(domain, folder) for domain in listing.domains],
        "remarks": list(listing.warnings),
        **({"sets": list(listing.sets)} if listing.sets else {}),
        **({"attributes": list(listing.attributes)} if listing.attributes else {}),
    }
    partial = folder / f".{LISTING_FILE}.partial"
    try:
        with partial.open("w", encoding="ascii") as file:
            json.dump(values, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, folder / LISTING_FILE)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise DataError(
            f"{folder / LISTING_FILE} cannot be written ({error.strerror}): free some space, or name another --run."
        ) from error


def read_listing(folder: Path) -> DatasetListing | None:
    """Read the `data.json` of a run's folder; None if there is none. Raises DataError if it is damaged."""
    path = folder / LISTING_FILE
    try:
        values = _upgraded(json.loads(path.read_text(encoding="ascii")))
        return DatasetListing(
            tuple(map(str, values["sources"])),
            tuple(map(str, values["test_sources"])),
            tuple(_domain_from_json(domain, folder) for domain in values["domains"]),
            tuple(map(str, values["remarks"])),
            tuple(map(int, values.get("sets", ()))),
            tuple(map(str, values.get("attributes", ()))),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"{path} is damaged ({one_line(error, 60)}): restore it, or start a new run.") from error


def _upgraded(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the contents of a `data.json` in the present format. Raises ValueError for another format."""
    if (version := values.get("format", 1)) not in (1, FORMAT):
        raise ValueError(f"format {version}")
    if version == FORMAT:
        return values
    asked = values["asked"]
    tests = [asked["test_a"], asked["test_b"]]
    return {
        "sources": [asked["domain_a"], asked["domain_b"]],
        "test_sources": tests if any(tests) else [],
        "domains": [values["a"], values["b"]],
        "remarks": values["remarks"],
    }


def check_present(domain: Domain) -> None:
    """Raise DataError, naming the first few, if picture files of a domain are missing."""
    missing = [p.path for p in (*domain.training, *domain.held_out) if not p.path.is_file()]
    if missing:
        names = ", ".join(one_line(path) for path in missing[:MAX_NAMED]) + (", …" if len(missing) > MAX_NAMED else "")
        raise DataError(
            f"{len(missing)} pictures of {domain.name} are gone ({names}): put them back, then --resume, "
            "or start a new run without them."
        )


def _domain_to_json(domain: Domain | None, folder: Path) -> dict[str, Any] | None:
    if domain is None:
        return None
    root = folder.resolve()

    def entry(picture: Picture) -> dict[str, Any]:
        path = picture.path.absolute()
        inside = path.parent.resolve().is_relative_to(root)
        shown = (path.parent.resolve() / path.name).relative_to(root).as_posix() if inside else str(path)
        labels = {"labels": picture.labels} if picture.labels else {}
        return {"path": shown, "size": picture.size, "digest": picture.digest, **labels}

    return {
        "name": domain.name,
        "source": domain.source,
        "training": [entry(picture) for picture in domain.training],
        "held_out": [entry(picture) for picture in domain.held_out],
        "dropped": [asdict(dropped) for dropped in domain.dropped],
        **({"attributes": domain.attributes} if domain.attributes else {}),
    }


def _domain_from_json(values: Mapping[str, Any] | None, folder: Path) -> Domain | None:
    if values is None:
        return None

    def picture(entry: Mapping[str, Any]) -> Picture:
        width, height = entry["size"]
        # Joining an absolute path to the folder leaves it unchanged.
        labels = tuple(map(int, entry.get("labels", ())))
        if len(labels) != len(values.get("attributes", ())):
            raise ValueError("labels of a picture")
        return Picture(folder / entry["path"], (int(width), int(height)), str(entry["digest"]), labels)

    if not values["training"]:
        raise ValueError("no training pictures")
    return Domain(
        str(values["name"]),
        str(values["source"]),
        tuple(picture(entry) for entry in values["training"]),
        tuple(picture(entry) for entry in values["held_out"]),
        tuple(Dropped(str(entry["name"]), str(entry["reason"])) for entry in values["dropped"]),
        tuple(map(str, values.get("attributes", ()))),
    )
