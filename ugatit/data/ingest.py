"""Turn a user's source (folder, zip, uploads or Hub dataset) into validated domains."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from ugatit.data.candidates import Candidate, without_junk
from ugatit.data.collection import Source, collect_candidates
from ugatit.data.domain import Domain, Dropped, Picture, Side
from ugatit.data.layout import LayoutSplit, split_by_domain, split_by_layout, strip_zip_suffix
from ugatit.data.validation import ValidatedPictures, validate_pictures
from ugatit.errors import DataError
from ugatit.text import one_line

MIN_TRAINING_PICTURES = 2
HELD_OUT_DIVISOR = 10
"""One of this many pictures is held out."""
MAX_DOMAINS = 64
MAX_NAMED = 3
"""Number of dropped files that a message names."""


def ingest(source: Source, into: Path, side: Side, test: str = "", seed: int = 0) -> Domain:
    """Read one domain: keep the pictures that can be decoded, list the other files as dropped.

    source: a folder, which is read in place; a zip; `hub:owner/name[:split[:label]]`; or uploaded files, pictures and
    zips mixed. into: folder for unpacked or downloaded pictures, in subfolders train and test with generated names.
    side: the part to take of a source with trainA and trainB. test: a folder, zip or Hub source of pictures to hold
    out; without it the source's test folder is held out, else a tenth drawn by the seed.
    Raises DataError if fewer than two training pictures are left, or the source is missing, hostile or too large; the
    message says what was found and what to do. Nothing is left in `into` after an error.
    """
    with removed_on_failure(into, [into / "train", into / "test"]):
        return _ingest(source, into, side, test, seed)


def ingest_folders(source: Source, into: Path, seed: int = 0) -> tuple[Domain, ...]:
    """Read a source with a folder for each domain; the domains come in the order of their names.

    source: as for `ingest`; of several uploaded zips each is a domain. Each domain's folder may be split into train and
    test, or lie inside such folders; otherwise a tenth of each domain is held out, drawn by the seed. into: folder for
    unpacked or downloaded pictures, in one subfolder for each domain: 1, 2 and so on.
    Raises DataError as `ingest` does, and for a source with fewer than two domains or more than `MAX_DOMAINS`.
    """
    with removed_on_failure(into, [into / str(number) for number in range(1, MAX_DOMAINS + 1)]), ExitStack() as stack:
        files = collect_candidates(source, stack)
        candidates, junk = without_junk(files.candidates)
        splits, outside = split_by_domain(zips_as_folders(source, candidates))
        source_text = shown_source(source)
        if not 2 <= len(splits) <= MAX_DOMAINS:
            raise DataError(
                f"{source_text} has {len(splits)} folders with files; it needs one for each domain, from two to "
                f"{MAX_DOMAINS}.{dropped_text([*files.dropped, *junk, *outside])}"
            )
        domains = []
        for number, (name, split) in enumerate(splits.items()):
            folder = into / str(number + 1)
            # Files outside the domains' folders are reported once, with the first domain.
            split.dropped[:0] = [*files.dropped, *junk, *outside] if number == 0 else []
            training, held_out = (
                validate_pictures(part, folder / kind)
                for part, kind in ((split.training, "train"), (split.held_out, "test"))
            )
            domains.append(_domain(split, training, held_out, f"{source_text}/{name}", seed + number))
    return tuple(domains)


def zips_as_folders(source: Source, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates; those of several uploaded zips get their zip's name as the outermost folder."""
    if isinstance(source, str | Path) or len(source) < 2:
        return list(candidates)
    return [replace(c, parts=("", strip_zip_suffix(c.parts[0]), *c.parts[1:])) for c in candidates if len(c.parts) > 1]


@contextmanager
def removed_on_failure(into: Path, folders: Sequence[Path]) -> Iterator[None]:
    """Remove the folders, and `into` if it is new, if the block fails. Raises DataError if one is there already."""
    existed = into.exists()
    for folder in folders:
        if folder.exists():
            raise DataError(f"{folder} is already there: choose another place for what is unpacked.")
    try:
        yield
    except BaseException:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        if not existed and into.exists():
            shutil.rmtree(into, ignore_errors=True)
        raise


def _ingest(source: Source, into: Path, side: Side, test: str, seed: int) -> Domain:
    with ExitStack() as archives:
        split = _split_source(source, archives, side)
        test_candidates, left_out = split.held_out, split.dropped
        if test:
            test_split = _split_source(test, archives, side)
            test_candidates = test_split.held_out or test_split.training
            left_out = left_out + test_split.dropped
        held_out = validate_pictures(test_candidates, into / "test")
        # The held-out folder may be inside the training folder.
        held_out_paths = {os.path.realpath(c.path) for c in test_candidates if c.write_to is None}
        candidates = [
            c for c in split.training if c.write_to is not None or os.path.realpath(c.path) not in held_out_paths
        ]
        training = validate_pictures(candidates, into / "train")
    if test and not held_out.pictures:
        all_dropped = left_out + training.dropped + held_out.dropped
        raise DataError(f"{one_line(test)} holds no pictures to hold out.{dropped_text(all_dropped)}")
    split = replace(split, dropped=left_out)
    return _domain(split, training, held_out, shown_source(source), seed)


def _domain(
    split: LayoutSplit, training: ValidatedPictures, held_out: ValidatedPictures, source_text: str, seed: int
) -> Domain:
    """Return a domain of validated pictures. Raises DataError if fewer than two are left to train on."""
    left_out = split.dropped + training.dropped + held_out.dropped
    training_pictures, held_out_pictures = tuple(training.pictures), tuple(held_out.pictures)
    if not held_out_pictures:
        training_pictures, held_out_pictures = hold_out_tenth(training_pictures, seed)
    if len(training_pictures) < MIN_TRAINING_PICTURES:
        raise DataError(
            f"{source_text} holds {len(training_pictures)} training pictures; a domain needs at least two."
            f"{dropped_text(left_out)}"
        )
    return Domain(split.name, source_text, training_pictures, held_out_pictures, tuple(left_out))


def _split_source(source: Source, archives: ExitStack, side: Side) -> LayoutSplit:
    files = collect_candidates(source, archives)
    candidates, junk = without_junk(files.candidates)
    split = split_by_layout(candidates, side, files.name)
    split.dropped[:0] = files.dropped + junk
    return split


def shown_source(source: Source) -> str:
    """Return the source for display: the user's source string, or the uploads' names."""
    if isinstance(source, str | Path):
        return one_line(source)
    return one_line(", ".join(path.name for path in source)) or "An empty upload"


def dropped_text(left_out: Sequence[Dropped]) -> str:
    if not left_out:
        return ""
    # The first clause of a reason is the problem; the rest is advice.
    named = "; ".join(f"{d.name} ({d.reason.split('; ')[0].rstrip('.')})" for d in left_out[:MAX_NAMED])
    more = f"; and {len(left_out) - MAX_NAMED} more" if len(left_out) > MAX_NAMED else ""
    return f" Dropped: {named}{more}."


def hold_out_tenth(pictures: tuple[Picture, ...], seed: int) -> tuple[tuple[Picture, ...], tuple[Picture, ...]]:
    """Return (training, held out) pictures, each in the given order; equal pictures stay on one side.

    Nothing is held out of fewer than ten pictures.
    """
    copies = Counter(picture.digest for picture in pictures)
    digests, remaining = list(copies), len(pictures) // HELD_OUT_DIVISOR
    held_out: set[str] = set()
    for index in np.random.default_rng(seed).permutation(len(digests)).tolist():
        if copies[digests[index]] <= remaining:
            held_out.add(digests[index])
            remaining -= copies[digests[index]]
    return (
        tuple(picture for picture in pictures if picture.digest not in held_out),
        tuple(picture for picture in pictures if picture.digest in held_out),
    )
