"""Open both domains of a run: ingest their sources the first time, then reuse the listing in the run's folder."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ugatit.config import DataConfig
from ugatit.data.domain import Domain, Side
from ugatit.data.ingest import ingest
from ugatit.data.listing import DatasetListing, check_present, read_listing, write_listing
from ugatit.data.source_string import SCENES_PREFIX, is_drawn
from ugatit.data.sources import FileSource, PictureSource, SceneSource
from ugatit.data.warnings import data_warnings
from ugatit.errors import DataError
from ugatit.text import unused_name

SIDES: tuple[Side, Side] = ("a", "b")
DATA_FOLDER = "data"
"""The run's subfolder for pictures from zips and from the Hub."""


@dataclass(frozen=True)
class Pair:
    """Both sides of a run. warnings: shown to the user. domains: the ingested domains; None for drawn scenes."""

    a: PictureSource
    b: PictureSource
    warnings: tuple[str, ...]
    domains: tuple[Domain | None, Domain | None]


def open_pair(data: DataConfig, size: int, seed: int, folder: Path) -> Pair:
    """Open both domains of a run.

    The first call ingests them (`ugatit.data.ingest`) and lists their pictures in the run's folder; pictures from zips
    and from the Hub are stored in its `data`. Later calls use that listing, whatever was added to the sources.

    size: side in pixels of drawn scenes. seed: of order and held-out pictures. folder: the run's folder.
    Raises DataError for a source that cannot be used, leaving the folder unchanged, and for listed pictures that are
    missing.
    """
    sources = {name: getattr(data, name) for name in ("domain_a", "domain_b", "test_a", "test_b")}
    both_drawn = is_drawn(data.domain_a) and is_drawn(data.domain_b)
    listing = None if both_drawn else read_listing(folder)
    # An abandoned start may have left the listing of another pair.
    if listing is None or listing.sources != sources:
        listing = DatasetListing(sources, None, None) if both_drawn else _ingest_both(sources, seed, folder)
    domains = (listing.a, listing.b)
    for domain in domains:
        if domain is not None:
            check_present(domain)
    a, b = (
        FileSource(domain, seed + number) if domain is not None else SceneSource(text.removeprefix(SCENES_PREFIX), size)
        for number, (domain, text) in enumerate(zip(domains, (data.domain_a, data.domain_b), strict=True))
    )
    return Pair(a, b, listing.warnings, domains)


def _ingest_both(sources: dict[str, str], seed: int, folder: Path) -> DatasetListing:
    with _undone_on_failure(folder) as folders:
        a, b = (
            None
            if is_drawn(sources[f"domain_{side}"])
            else folders.publish(
                ingest(sources[f"domain_{side}"], folders.partial(side), side, sources[f"test_{side}"], seed + number),
                side,
            )
            for number, side in enumerate(SIDES)
        )
        listing = DatasetListing(sources, a, b, tuple(data_warnings(a, b)) if a and b else ())
        write_listing(folder, listing)
    return listing


class _SideFolders:
    """The folders of both sides in a run: a partial one while a side is ingested, the final one once it is complete."""

    def __init__(self, parent: Path) -> None:
        self.parent = parent
        # Existing files and folders are never overwritten: they may be the user's.
        taken = {path.name for path in parent.iterdir()} if parent.is_dir() else set()
        self.final: dict[Side, Path] = {side: parent / unused_name(side, taken) for side in SIDES}

    def partial(self, side: Side) -> Path:
        return self.parent / f".{side}.partial"

    def publish(self, domain: Domain, side: Side) -> Domain:
        """Rename a side's partial folder, if it has one, to its final name; return the domain with the new paths."""
        partial, final = self.partial(side), self.final[side]
        if not partial.exists():
            return domain
        partial.rename(final)
        return domain.moved(partial, final)

    def remove_partial(self) -> None:
        for side in SIDES:
            shutil.rmtree(self.partial(side), ignore_errors=True)


@contextmanager
def _undone_on_failure(folder: Path) -> Iterator[_SideFolders]:
    """Yield the folders of both sides; remove them, and every folder created here, if the block fails."""
    parent = folder / DATA_FOLDER
    new = [path for path in (parent, folder) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folders = _SideFolders(parent)
    except OSError as error:
        raise DataError(f"{folder} cannot be used ({error.strerror}): name another --run.") from error
    folders.remove_partial()  # left by a start that was killed
    try:
        yield folders
    except BaseException:
        folders.remove_partial()
        for path in (*folders.final.values(), *new):
            shutil.rmtree(path, ignore_errors=True)
        raise
