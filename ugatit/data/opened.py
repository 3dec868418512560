"""Open the domains of a run: ingest their sources the first time, then reuse the listing in the run's folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ugatit.config import DataConfig
from ugatit.data.domain import SIDES, Domain
from ugatit.data.face_cache import Report
from ugatit.data.face_set import FaceSet
from ugatit.data.ingest import ingest, ingest_folders
from ugatit.data.labelled_sources import LabelledSet, check_labelled, ingest_all_labelled, open_labelled
from ugatit.data.listing import DatasetListing, check_present, read_listing, write_listing
from ugatit.data.pair_sources import face_pairs, file_pairs
from ugatit.data.pairs import ingest_pairs
from ugatit.data.source_folders import SourceFolders, undone_on_failure
from ugatit.data.source_string import SCENES_PREFIX, is_drawn, is_face, is_scene
from ugatit.data.sources import FaceSource, FileSource, PictureSource, SceneSource
from ugatit.data.warnings import data_warnings


@dataclass(frozen=True)
class OpenedData:
    """The domains of a run, in their order.

    pictures: the training and held-out pictures. domains: as they were ingested; None for drawn pictures.
    warnings: shown to the user. sets: of data with labels, that of each source, with the same pictures; else empty. A
    source with an attribute table is one domain here.
    """

    pictures: tuple[PictureSource, ...]
    domains: tuple[Domain | None, ...]
    warnings: tuple[str, ...]
    sets: tuple[LabelledSet, ...] = ()


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

    Of data with labels each source is a set (`ugatit.data.labelled_sources`).

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
    if labelled:
        check_labelled(data)
    drawn = all(map(is_drawn, data.sources)) and (labelled or len(data.sources) > 1)
    listing = None if drawn else read_listing(folder)
    if drawn:
        none = (None,) * len(data.sources)
        listing = DatasetListing(data.sources, data.test_sources, none, sets=(1,) * len(none) if labelled else ())
    # An abandoned start may have left the listing of other sources.
    elif listing is None or not listing.is_of(data.sources, data.test_sources, data.attributes):
        listing = ingest_all_labelled(data, seed, folder) if labelled else _ingest_all(data, seed, folder, paired)
    for domain in listing.domains:
        if domain is not None:
            check_present(domain)
    if paired:
        present = [domain for domain in listing.domains if domain is not None]
        return OpenedData(file_pairs(present, seed), listing.domains, listing.warnings)
    if labelled:
        sets = open_labelled(data, listing, size, seed, report)
        pictures = tuple(source for one in sets for source in one.sources)
        return OpenedData(pictures, listing.domains, listing.warnings, sets)
    pictures = tuple(
        _drawn(data.sources, number, size, seed, report) if domain is None else FileSource(domain, seed + number)
        for number, domain in enumerate(listing.domains)
    )
    return OpenedData(pictures, listing.domains, listing.warnings)


def _drawn(sources: Sequence[str], number: int, size: int, seed: int, report: Report) -> PictureSource:
    text = sources[number]
    if is_scene(text):
        return SceneSource(text.removeprefix(SCENES_PREFIX), size)
    return FaceSource(FaceSet.parse(text), size, number, len(sources), seed + number, report)


def _ingest_all(data: DataConfig, seed: int, folder: Path, paired: bool) -> DatasetListing:
    domains: tuple[Domain | None, ...]
    with undone_on_failure(folder, len(data.sources)) as folders:
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


def _ingest_one(data: DataConfig, number: int, seed: int, folders: SourceFolders) -> Domain:
    # Of a source with trainA and trainB, the first domain takes A, any other one B.
    side, test = SIDES[min(number, 1)], data.test_source(number)
    domain = ingest(data.sources[number], folders.partial(number), side, test, seed + number)
    return folders.publish((domain,), number)[0]
