"""Everything foreign enters here: folders, zips, uploads and the Hub's data sets become one side of a pair."""

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from ugatit.data.candidates import without_junk
from ugatit.data.collection import Source, collect_candidates
from ugatit.data.domain import Domain, Dropped, Picture, Side
from ugatit.data.layout import LayoutSplit, split_by_layout
from ugatit.data.validation import validate_pictures
from ugatit.errors import DataError
from ugatit.text import one_line

LEAST = 2
HELD_OUT_SHARE = 10
"""One picture of so many is set aside."""
NAMED = 3
"""How many of the dropped a message names."""


def ingest(source: Source, into: Path, side: Side, test: str = "", seed: int = 0) -> Domain:
    """Take in one side of a pair: keep the pictures that can be read, name the rest.

    source: a folder, which is read in place; a zip; `hub:owner/name[:split[:label]]`; or uploaded files, pictures and
    zips mixed. into: where what is unpacked or fetched lands, in folders train and test with generated names.
    side: whose part of a source with trainA and trainB. test: a folder, zip or Hub source of pictures to hold out;
    without it those of the source's test folder, else a tenth drawn by the seed.
    Raises DataError, saying what was found and what to do, where less than two training pictures are left, or the
    source is missing, hostile or too large; nothing stays behind in `into`.
    """
    existed = into.exists()
    landing = {kind: into / kind for kind in ("train", "test")}
    for place in landing.values():
        if place.exists():
            raise DataError(f"{place} is already there: choose another place for what is unpacked.")
    try:
        return _ingested(source, landing, side, test, seed)
    except BaseException:
        for place in landing.values():
            shutil.rmtree(place, ignore_errors=True)
        if not existed and into.exists():
            shutil.rmtree(into, ignore_errors=True)
        raise


def _ingested(source: Source, landing: dict[str, Path], side: Side, test: str, seed: int) -> Domain:
    with ExitStack() as archives:
        division = _divided(source, archives, side)
        apart, left_out = division.held_out, division.dropped
        if test:
            testing = _divided(test, archives, side)
            apart, left_out = testing.held_out or testing.training, left_out + testing.dropped
        held_out = validate_pictures(apart, landing["test"])
        # The held-out folder may lie inside the training folder.
        looked_at = {os.path.realpath(offer.path) for offer in apart if offer.land is None}
        offers = [o for o in division.training if o.land is not None or os.path.realpath(o.path) not in looked_at]
        training = validate_pictures(offers, landing["train"])
    left_out = left_out + training.dropped + held_out.dropped
    if test and not held_out.pictures:
        raise DataError(f"{one_line(test)} holds no pictures to hold out.{_reasons(left_out)}")
    shown, unseen = tuple(training.pictures), tuple(held_out.pictures)
    if not unseen:
        shown, unseen = _tenth(shown, seed)
    told = _told(source)
    if len(shown) < LEAST:
        raise DataError(
            f"{told} holds {len(shown)} training pictures; a domain needs at least two.{_reasons(left_out)}"
        )
    return Domain(division.name, told, shown, unseen, tuple(left_out))


def _told(source: Source) -> str:
    """The source in words: what the user wrote, or the uploads' names."""
    if isinstance(source, str | Path):
        return one_line(source)
    return one_line(", ".join(path.name for path in source)) or "An empty upload"


def _reasons(left_out: Sequence[Dropped]) -> str:
    if not left_out:
        return ""
    # Of a reason the first clause says what; the rest, what to do.
    named = "; ".join(f"{each.name} ({each.reason.split('; ')[0].rstrip('.')})" for each in left_out[:NAMED])
    more = f"; and {len(left_out) - NAMED} more" if len(left_out) > NAMED else ""
    return f" Dropped: {named}{more}."


def _tenth(pictures: tuple[Picture, ...], seed: int) -> tuple[tuple[Picture, ...], tuple[Picture, ...]]:
    """(training, held out) in their order; equal pictures stay together. None are held out of fewer than ten."""
    copies = Counter(picture.digest for picture in pictures)
    digests, wanted = list(copies), len(pictures) // HELD_OUT_SHARE
    apart: set[str] = set()
    for place in np.random.default_rng(seed).permutation(len(digests)).tolist():
        if copies[digests[place]] <= wanted:
            apart.add(digests[place])
            wanted -= copies[digests[place]]
    return (
        tuple(picture for picture in pictures if picture.digest not in apart),
        tuple(picture for picture in pictures if picture.digest in apart),
    )


def _divided(source: Source, archives: ExitStack, side: Side) -> LayoutSplit:
    gathering = collect_candidates(source, archives)
    offers, junk = without_junk(gathering.offers)
    division = split_by_layout(offers, side, gathering.name)
    division.dropped[:0] = gathering.dropped + junk
    return division
