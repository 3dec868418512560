"""Attribute tables in CelebA's format: which pictures have which attributes."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ugatit.data.candidates import Candidate, dropped, without_junk
from ugatit.data.collection import Source, collect_candidates
from ugatit.data.domain import Domain, Dropped, Picture
from ugatit.data.ingest import MIN_TRAINING_PICTURES, dropped_text, hold_out_tenth, removed_on_failure, shown_source
from ugatit.data.layout import plain_name, strip_zip_suffix
from ugatit.data.validation import validate_pictures
from ugatit.errors import DataError
from ugatit.text import is_plain, one_line

SUFFIX = ".txt"
MAX_BYTES = 256 * 2**20
MAX_ATTRIBUTES = 256
MAX_TEXTS = 20
VALUES = {"1": 1, "-1": 0, "0": 0}
"""What stands in a table for an attribute that is there or not; CelebA writes -1."""


@dataclass(frozen=True)
class AttributeTable:
    """names: of the attributes. rows: 1 or 0 for each of them, by the name of the picture's file."""

    names: tuple[str, ...]
    rows: dict[str, tuple[int, ...]]

    def selected(self, names: Sequence[str]) -> "AttributeTable":
        """Return the table of these attributes alone, in this order; itself for none.

        Raises DataError for a name that it does not have.
        """
        if not names:
            return self
        if unknown := [name for name in names if name not in self.names]:
            known = one_line(", ".join(self.names), 300)
            raise DataError(f"The table has no attribute {one_line(repr(unknown[0]), 60)}; it has: {known}.")
        places = [self.names.index(name) for name in names]
        return AttributeTable(tuple(names), {file: tuple(row[p] for p in places) for file, row in self.rows.items()})


def parse_table(text: str, name: str) -> AttributeTable:
    """Read a table: the number of pictures, the attributes' names, then a line for each picture with 1 and -1.

    name: of the file, for messages. Raises DataError, naming the line, for anything else.
    """
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) < 2 or len(lines[0][1]) != 1 or not lines[0][1][0].isdigit():
        raise DataError(f"{name} is no attribute table: its first line must be the number of pictures.")
    names = tuple(lines[1][1])
    if not all(is_plain(one, 60) for one in names) or len(set(names)) < len(names) or len(names) > MAX_ATTRIBUTES:
        raise DataError(f"{name}, line {lines[1][0]}: the attributes must be up to {MAX_ATTRIBUTES} different names.")
    rows: dict[str, tuple[int, ...]] = {}
    for number, (file, *values) in lines[2:]:
        if len(values) != len(names):
            raise DataError(f"{name}, line {number}: {len(values)} values for {len(names)} attributes.")
        if wrong := [value for value in values if value not in VALUES]:
            raise DataError(f"{name}, line {number}: {one_line(repr(wrong[0]), 40)} is neither 1 nor -1.")
        rows[file] = tuple(VALUES[value] for value in values)
    if len(rows) != int(lines[0][1][0]):
        raise DataError(f"{name} says {lines[0][1][0]} pictures and has rows of {len(rows)}: it is cut off or damaged.")
    return AttributeTable(names, rows)


def ingest_table(source: Source, into: Path, attributes: Sequence[str], seed: int = 0) -> Domain | None:
    """Read a source that holds pictures and their attribute table; None if it has no table.

    source, into, seed: as for `ingest`. attributes: those to take; for none, all that the pictures differ in. A
    picture without a row is dropped. Raises DataError for a damaged table, an attribute that it lacks or that all
    pictures have or none, and with fewer than two pictures left.
    """
    with removed_on_failure(into, [into / "train"]), ExitStack() as archives:
        files = collect_candidates(source, archives)
        candidates, junk = without_junk(files.candidates)
        if (found := _find_table(candidates)) is None:
            return None
        table_file, table = found
        table = table.selected(attributes)
        # Other texts beside the table, such as a partition, are no pictures either.
        others = [c for c in candidates if c is not table_file and not c.parts[-1].lower().endswith(SUFFIX)]
        known = [c for c in others if c.parts[-1] in table.rows]
        left_out: list[Dropped] = [*files.dropped, *junk]
        left_out += [dropped(c.name, "has no row in the table") for c in others if c.parts[-1] not in table.rows]
        if missing := sorted(set(table.rows) - {c.parts[-1] for c in known}):
            left_out.append(dropped(missing[0], f"in the table, but not there: {len(missing)} such rows"))
        validated = validate_pictures(known, into / "train")
        left_out += validated.dropped
        pictures = tuple(
            replace(picture, labels=table.rows[candidate.parts[-1]])
            for picture, candidate in zip(validated.pictures, validated.candidates, strict=True)
        )
        shown = shown_source(source)
        training, held_out = hold_out_tenth(pictures, seed)
        constant = _constant(training, table, shown, left_out, attributes)
        left_out += [dropped(f"{table_file.name}: {one}", f"{every} picture has it") for one, every in constant.items()]
        kept = [place for place, one in enumerate(table.names) if one not in constant]
        training, held_out = (
            tuple(replace(picture, labels=tuple(picture.labels[p] for p in kept)) for picture in part)
            for part in (training, held_out)
        )
        name = plain_name(strip_zip_suffix(files.name)) or "A"
        return Domain(name, shown, training, held_out, tuple(left_out), tuple(table.names[place] for place in kept))


def _constant(
    pictures: Sequence[Picture], table: AttributeTable, shown: str, left_out: Sequence[Dropped], named: Sequence[str]
) -> dict[str, str]:
    """Return the attributes that all pictures have, or none, with `every` or `no`: nothing can be learned of them.

    Raises DataError where such an attribute was named, where there are no others, and for fewer than two pictures.
    """
    if len(pictures) < MIN_TRAINING_PICTURES:
        raise DataError(
            f"{shown} holds {len(pictures)} training pictures with a row in the table; it needs at least two."
            f"{dropped_text(left_out)}"
        )
    constant = {
        name: "every" if pictures[0].labels[place] else "no"
        for place, name in enumerate(table.names)
        if len({picture.labels[place] for picture in pictures}) < 2
    }
    for name, every in constant.items():
        if named or len(constant) == len(table.names):
            raise DataError(
                f"{shown}: {every} picture has the attribute {one_line(name, 60)}: "
                "nothing can be learned of it. Choose others by --attributes."
            )
    return constant


def _find_table(candidates: Sequence[Candidate]) -> tuple[Candidate, AttributeTable] | None:
    """Return the first text file that begins like a table, those with `attr` in their names first; None without any.

    Only some texts are looked into: a data set may have one beside each picture.
    """
    texts = [candidate for candidate in candidates if candidate.parts[-1].lower().endswith(SUFFIX)]
    for candidate in sorted(texts, key=lambda c: ("attr" not in c.parts[-1].lower(), c.parts))[:MAX_TEXTS]:
        text = _read_text(candidate)
        if text.partition("\n")[0].strip().isdigit():
            return candidate, parse_table(text, one_line(candidate.name, 80))
    return None


def _read_text(candidate: Candidate) -> str:
    with TemporaryDirectory() as folder:
        path = candidate.path
        if candidate.write_to is not None:
            path = Path(folder) / "table"
            candidate.write_to(path)
        try:
            if path.stat().st_size > MAX_BYTES:
                raise DataError(f"{one_line(candidate.name, 80)} is too large for an attribute table.")
            return path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise DataError(f"{one_line(candidate.name, 80)} cannot be read: {error.strerror}.") from error
