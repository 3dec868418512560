"""Open the domains of a run: ingest their sources the first time, then reuse the listing in the run's folder."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from ugatit.config import DataConfig
from ugatit.data.attribute_table import ingest_table
from ugatit.data.domain import SIDES, Domain
from ugatit.data.face_cache import Report
from ugatit.data.face_set import FaceSet
from ugatit.data.ingest import ingest, ingest_folders
from ugatit.data.listing import DatasetListing, check_present, read_listing, write_listing
from ugatit.data.pair_sources import face_pairs, file_pairs
from ugatit.data.pairs import ingest_pairs
from ugatit.data.source_string import SCENES_PREFIX, is_drawn, is_face, is_scene
from ugatit.data.sources import FaceSource, FileSource, PictureSource, SceneSource
from ugatit.data.warnings import data_warnings
from ugatit.errors import DataError
from ugatit.text import unused_name

DATA_FOLDER = "data"
"""The run's subfolder for pictures from zips and from the Hub."""
ALL_DOMAINS = "domains"
"""The subfolder of `DATA_FOLDER` for the domains of a source that has a folder for each."""


@dataclass(frozen=True)
class OpenedData:
    """The domains of a run, in their order.

    pictures: the training and held-out pictures. domains: as they were ingested; None for drawn pictures.
    warnings: shown to the user. sets: of data with labels, the number of domains of each source; a source with an
    attribute table is one domain here. Else empty.
    """

    pictures: tuple[PictureSource, ...]
    domains: tuple[Domain | None, ...]
    warnings: tuple[str, ...]
    sets: tuple[int, ...] = ()

    def by_set(self) -> list[tuple[PictureSource, ...]]:
        """Return the pictures of each set of data with labels."""
        ends = list(accumulate(self.sets))
        return [self.pictures[end - size : end] for end, size in zip(ends, self.sets, strict=True)]

    def label_sets(self) -> list[tuple[tuple[str, ...], bool]]:
        """Return of each set of data with labels the names of its labels, and whether they are attributes."""
        ends = list(accumulate(self.sets))
        groups = [self.domains[end - size : end] for end, size in zip(ends, self.sets, strict=True)]
        sets = []
        for group in groups:
            present = [domain for domain in group if domain is not None]
            tables = [domain.attributes for domain in present if domain.attributes]
            sets.append((tables[0], True) if tables else (tuple(domain.name for domain in present), False))
        return sets


def open_data(
    data: DataConfig,
    size: int,
    seed: int,
    folder: Path,
    report: Report = lambda line: None,
    paired: bool = False,
    labelled: bool = False,
) -> OpenedData:
    """Open the domains of a run: one for each source, or one for each folder of a single source.

    Of data with labels each source is a set: of one domain if it has an attribute table, else of one for each folder.

    The first call ingests them (`ugatit.data.ingest`) and lists their pictures in the run's folder; pictures from zips
    and from the Hub are stored in its `data`. Later calls use that listing, whatever was added to the sources.

    size: side in pixels of drawn pictures. seed: of order and held-out pictures. folder: the run's folder.
    report: called with lines on what takes long. paired: whether a single source has pairs (`ugatit.data.pairs`).
    labelled: whether the data has labels.
    Raises DataError for a source that cannot be used, leaving the folder unchanged, and for listed pictures that are
    missing.
    """
    if paired and is_face(data.sources[0]):
        return OpenedData(face_pairs(FaceSet.parse(data.sources[0]), size, seed, report), (None, None), ())
    drawn = not labelled and len(data.sources) > 1 and all(map(is_drawn, data.sources))
    listing = None if drawn else read_listing(folder)
    if drawn:
        listing = DatasetListing(data.sources, data.test_sources, (None,) * len(data.sources))
    # An abandoned start may have left the listing of other sources.
    elif listing is None or not listing.is_of(data.sources, data.test_sources):
        listing = _ingest_labelled(data, seed, folder) if labelled else _ingest_all(data, seed, folder, paired)
    for domain in listing.domains:
        if domain is not None:
            check_present(domain)
    if paired:
        present = [domain for domain in listing.domains if domain is not None]
        return OpenedData(file_pairs(present, seed), listing.domains, listing.warnings)
    pictures = tuple(
        _drawn(data.sources, number, size, seed, report) if domain is None else FileSource(domain, seed + number)
        for number, domain in enumerate(listing.domains)
    )
    return OpenedData(pictures, listing.domains, listing.warnings, listing.sets)


def _drawn(sources: Sequence[str], number: int, size: int, seed: int, report: Report) -> PictureSource:
    text = sources[number]
    if is_scene(text):
        return SceneSource(text.removeprefix(SCENES_PREFIX), size)
    return FaceSource(FaceSet.parse(text), size, number, len(sources), seed + number, report)


def _ingest_all(data: DataConfig, seed: int, folder: Path, paired: bool) -> DatasetListing:
    domains: tuple[Domain | None, ...]
    with _undone_on_failure(folder, len(data.sources)) as folders:
        if len(data.sources) == 1:
            read = ingest_pairs if paired else ingest_folders
            domains = folders.publish(read(data.sources[0], folders.partial(0), seed), 0)
        else:
            domains = tuple(
                None if is_drawn(source) else _ingest_one(data, number, seed, folders)
                for number, source in enumerate(data.sources)
            )
        present = [domain for domain in domains if domain is not None]
        # Of pairs both domains have as many pictures: what is said of one goes for both.
        warnings = data_warnings(*present[: 1 if paired else None]) if len(present) == len(domains) else []
        listing = DatasetListing(data.sources, data.test_sources, domains, tuple(warnings))
        write_listing(folder, listing)
    return listing


def _ingest_labelled(data: DataConfig, seed: int, folder: Path) -> DatasetListing:
    sets: list[tuple[Domain, ...]] = []
    with _undone_on_failure(folder, len(data.sources)) as folders:
        for number, source in enumerate(data.sources):
            into = folders.partial(number)
            table = ingest_table(source, into, data.attributes if number == 0 else (), seed + number)
            domains = (table,) if table else ingest_folders(source, into, seed + number)
            sets.append(folders.publish(domains, number))
        if data.attributes and not sets[0][0].attributes:
            raise DataError(f"{data.sources[0]} has no attribute table: leave --attributes out.")
        warnings = [line for domains in sets for line in data_warnings(*domains)]
        flat = tuple(domain for domains in sets for domain in domains)
        sizes = tuple(map(len, sets))
        listing = DatasetListing(data.sources, data.test_sources, flat, tuple(warnings), sizes)
        write_listing(folder, listing)
    return listing


def _ingest_one(data: DataConfig, number: int, seed: int, folders: "_SourceFolders") -> Domain:
    # Of a source with trainA and trainB, the first domain takes A, any other one B.
    side, test = SIDES[min(number, 1)], data.test_source(number)
    domain = ingest(data.sources[number], folders.partial(number), side, test, seed + number)
    return folders.publish((domain,), number)[0]


class _SourceFolders:
    """A run's folders for unpacked pictures, by the source's number: partial while it is ingested, then final."""

    def __init__(self, parent: Path, count: int) -> None:
        self.parent = parent
        # Existing files and folders are never overwritten: they may be the user's.
        taken = {path.name for path in parent.iterdir()} if parent.is_dir() else set()
        self.names = [chr(ord("a") + number) for number in range(count)] if count > 1 else [ALL_DOMAINS]
        self.final = [parent / unused_name(name, taken) for name in self.names]

    def partial(self, number: int) -> Path:
        return self.parent / f".{self.names[number]}.partial"

    def publish(self, domains: Sequence[Domain], number: int) -> tuple[Domain, ...]:
        """Rename a source's partial folder, if it has one, to its final name; return the domains with the new paths."""
        partial, final = self.partial(number), self.final[number]
        if not partial.exists():
            return tuple(domains)
        partial.rename(final)
        return tuple(domain.moved(partial, final) for domain in domains)

    def remove_partial(self) -> None:
        for number in range(len(self.names)):
            shutil.rmtree(self.partial(number), ignore_errors=True)


@contextmanager
def _undone_on_failure(folder: Path, count: int) -> Iterator[_SourceFolders]:
    """Yield the folders of all sources; remove them, and every folder created here, if the block fails."""
    parent = folder / DATA_FOLDER
    new = [path for path in (parent, folder) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folders = _SourceFolders(parent, count)
    except OSError as error:
        raise DataError(f"{folder} cannot be used ({error.strerror}): name another --run.") from error
    folders.remove_partial()  # left by a start that was killed
    try:
        yield folders
    except BaseException:
        folders.remove_partial()
        for path in (*folders.final, *new):
            shutil.rmtree(path, ignore_errors=True)
        raise
