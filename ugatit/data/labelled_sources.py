"""Sources with labels: files in folders of domains or with an attribute table, and drawn faces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from ugatit.config import DataConfig
from ugatit.data.attribute_table import ingest_table
from ugatit.data.collection import Source
from ugatit.data.domain import Domain
from ugatit.data.face_cache import Report
from ugatit.data.face_labels import expression_sets, face_labels, learnable_labels
from ugatit.data.face_set import FaceSet
from ugatit.data.ingest import ingest_folders
from ugatit.data.listing import DatasetListing, write_listing
from ugatit.data.source_folders import undone_on_failure
from ugatit.data.source_string import is_face, is_scene
from ugatit.data.sources import FaceSource, FileSource, LabelledFaceSource, PictureSource
from ugatit.data.warnings import data_warnings
from ugatit.errors import DataError
from ugatit.text import one_line


@dataclass(frozen=True)
class LabelledSet:
    """One data set with labels.

    sources: one whose pictures have attributes, or one for each of several domains that exclude each other.
    names: of the attributes or domains.
    """

    sources: tuple[PictureSource, ...]
    names: tuple[str, ...]

    @property
    def binary(self) -> bool:
        """Whether the names are attributes, of which a picture has any number."""
        return bool(self.sources[0].attributes)


def ingest_labelled(source: Source, into: Path, attributes: Sequence[str] = (), seed: int = 0) -> tuple[Domain, ...]:
    """Read a source of files: one domain with attributes if it has an attribute table, else one for each folder.

    source, into, seed: as for `ingest`. attributes: those of the table to take; all that vary for none.
    Raises DataError as `ingest_table` and `ingest_folders` do, and for attributes without a table.
    """
    table = ingest_table(source, into, attributes, seed)
    if table is not None:
        return (table,)
    domains = ingest_folders(source, into, seed)
    if attributes:
        raise DataError(f"{one_line(source)} has no attribute table: leave --attributes out.")
    return domains


def ingest_all_labelled(data: DataConfig, seed: int, folder: Path) -> DatasetListing:
    """Read the files of all sources and list them in the run's folder, as `ugatit.data.opened` says.

    Drawn faces have no files. data: as `check_labelled` accepts it. Raises DataError, leaving the folder unchanged, as
    `ingest_labelled` does.
    """
    sets: list[tuple[Domain | None, ...]] = []
    with undone_on_failure(folder, len(data.sources)) as folders:
        for number, source in enumerate(data.sources):
            if is_face(source):
                sets.append((None,))
                continue
            attributes = data.attributes if number == 0 else ()
            read = ingest_labelled(source, folders.partial(number), attributes, seed + number)
            sets.append(folders.publish(read, number))
        present = [[domain for domain in domains if domain is not None] for domains in sets]
        warnings = [line for domains in present if domains for line in data_warnings(*domains)]
        flat = tuple(domain for domains in sets for domain in domains)
        sizes = tuple(map(len, sets))
        listing = DatasetListing(data.sources, data.test_sources, flat, tuple(warnings), sizes, data.attributes)
        write_listing(folder, listing)
    return listing


def check_labelled(data: DataConfig) -> None:
    """Raise DataError for sources without labels, and for attributes that drawn faces do not have."""
    for number, source in enumerate(data.sources):
        if is_scene(source):
            raise DataError(f"{one_line(source)} has no labels: name folders, an attribute table, or faces:STYLE.")
        if is_face(source):
            faces_of_domains(FaceSet.parse(source), data.attributes if number == 0 else ())


def faces_of_domains(faces: FaceSet, attributes: Sequence[str] = ()) -> Mapping[str, FaceSet]:
    """Return the faces of each exclusive domain: the expressions of a style that has them, unless attributes are named.

    Empty for faces that are a table of attributes. Raises DataError for attributes that they do not have.
    """
    exclusive = {} if attributes else expression_sets(faces)
    if not exclusive:
        face_labels(faces, attributes)
    return exclusive


def open_labelled(
    data: DataConfig, listing: DatasetListing, size: int, seed: int, report: Report
) -> tuple[LabelledSet, ...]:
    """Return the data sets of a listing, one for each source.

    size: side in pixels of drawn faces. seed: of the orders. report: called with lines on the drawing.
    Raises DataError for faces that cannot be drawn, or that do not differ in an attribute.
    """
    ends = list(accumulate(listing.sets))
    groups = [listing.domains[end - n : end] for end, n in zip(ends, listing.sets, strict=True)]
    named = [data.attributes if number == 0 else () for number in range(len(groups))]
    faces = {n: FaceSet.parse(source) for n, source in enumerate(data.sources) if is_face(source)}
    exclusive = {n: faces_of_domains(each, named[n]) for n, each in faces.items()}
    # The training seeds of all drawn sources of a run differ.
    drawn = sum(len(exclusive[n]) or 1 for n in faces)
    sets: list[LabelledSet] = []
    begun = 0
    for n, group in enumerate(groups):
        first_seed = seed + sum(listing.sets[:n])
        if n not in faces:
            domains = [domain for domain in group if domain is not None]
            files = tuple(FileSource(domain, first_seed + number) for number, domain in enumerate(domains))
            sets.append(LabelledSet(files, files[0].attributes or tuple(domain.name for domain in domains)))
        elif exclusive[n]:
            sides = tuple(
                FaceSource(each, size, begun + number, drawn, first_seed + number, report)
                for number, each in enumerate(exclusive[n].values())
            )
            sets.append(LabelledSet(sides, tuple(exclusive[n])))
            begun += len(sides)
        else:
            labels = learnable_labels(faces[n], named[n], faces[n].training_seeds(begun, drawn))
            table = LabelledFaceSource(faces[n], labels, size, begun, drawn, first_seed, report)
            sets.append(LabelledSet((table,), table.attributes))
            begun += 1
    return tuple(sets)
