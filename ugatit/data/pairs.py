"""Turn a user's source of pairs into two domains of equal length: picture number i of one belongs to that of the other.

A source has folders A and B with equal names inside (also trainA, trainB, testA, testB, and train, test or val around
or inside A and B), or pictures that show a pair side by side, A left (as published by Isola et al. 2017).
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ugatit.data.candidates import Candidate, dropped, without_junk
from ugatit.data.collection import Source, collect_candidates
from ugatit.data.domain import SIDES, Domain, Dropped, Picture, Side
from ugatit.data.ingest import (
    MIN_TRAINING_PICTURES,
    dropped_text,
    hold_out_tenth,
    removed_on_failure,
    shown_source,
    zips_as_folders,
)
from ugatit.data.layout import TEST_FOLDERS, TRAIN_FOLDERS, domain_name, letter_of, strip_zip_suffix
from ugatit.data.validation import ValidatedPictures, validate_pictures
from ugatit.errors import DataError

Pair = tuple[Picture, Picture]
Key = tuple[str, ...]
HOW = (
    "Pairs are folders A and B with equal names inside, or pictures twice as wide as high that show both halves, A left"
)


@dataclass(frozen=True)
class _Place:
    """Where a candidate belongs. kind: train, test or empty. letter: a, b or empty. key: equal for partners."""

    candidate: Candidate
    kind: str
    letter: str
    key: Key


def ingest_pairs(source: Source, into: Path, seed: int = 0) -> tuple[Domain, Domain]:
    """Read the pairs of a source: domain A and domain B, with partners at equal places.

    A file that cannot be read, one without a partner, and partners of different sizes are listed as dropped, with A.
    Of a picture that shows a pair side by side, both domains name the same file; its size is that of one half.
    source: as for `ingest`. into: folder for unpacked or downloaded pictures, in subfolders of train and test.
    Pairs in folders test and val are held out; without any, a tenth is, drawn by the seed.
    Raises DataError as `ingest` does, and if there are fewer than two pairs to train on.
    """
    with removed_on_failure(into, [into / "train", into / "test"]), ExitStack() as archives:
        files = collect_candidates(source, archives)
        candidates, junk = without_junk(files.candidates)
        places, outside = _places(zips_as_folders(source, candidates))
        left_out = [*files.dropped, *junk, *outside]
        read = _read_two_folders if any(place.letter for place in places) else _read_halves
        parts = {
            kind: read([place for place in places if place.kind == kind], into / kind, left_out)
            for kind in ("train", "test")
        }
        training, held_out = parts["train"], parts["test"]
        if not held_out:
            training, held_out = _hold_out(training, seed)
        text = shown_source(source)
        if len(training) < MIN_TRAINING_PICTURES:
            raise DataError(
                f"{text} has {len(training)} pairs to train on; it needs two or more. {HOW}.{dropped_text(left_out)}"
            )
    a, b = (
        Domain(
            domain_name([files.name], side, side),
            text,
            tuple(pair[number] for pair in training),
            tuple(pair[number] for pair in held_out),
            tuple(left_out) if number == 0 else (),
        )
        for number, side in enumerate(SIDES)
    )
    return a, b


def _places(candidates: Sequence[Candidate]) -> tuple[list[_Place], list[Dropped]]:
    """Return where the candidates belong, and the files outside the folders of the layout."""
    places = [_place(candidate) for candidate in candidates]
    lettered = any(place.letter for place in places)
    trained = any(place.kind == "train" and bool(place.letter) == lettered for place in places)
    kept, outside = [], []
    for place in places:
        if lettered and not place.letter:
            outside.append(dropped(place.candidate.name, "lies outside the folders A and B"))
        elif trained and not place.kind:
            outside.append(dropped(place.candidate.name, "lies outside the training and test folders"))
        else:
            # Without a training folder everything is for training.
            kept.append(place if trained else replace(place, kind="train", key=(place.kind, *place.key)))
    return kept, outside


def _place(candidate: Candidate) -> _Place:
    """Read a candidate's kind and letter off the outermost folders that tell them."""
    kind = letter = ""
    others = []
    for folder in map(strip_zip_suffix, candidate.parts[1:-1]):
        lower = folder.lower()
        both = letter_of(folder)
        if not letter and (both or lower in SIDES):
            letter = both or lower
            kind = kind or (("train" if lower.startswith("train") else "test") if both else "")
        elif not kind and lower in TRAIN_FOLDERS | TEST_FOLDERS:
            kind = "train" if lower in TRAIN_FOLDERS else "test"
            others.append(lower)  # test and val may hold equal names
        else:
            others.append(folder)
    stem = PurePosixPath(candidate.parts[-1]).stem
    return _Place(candidate, kind, letter, (*others, stem))


def _read_two_folders(places: Sequence[_Place], folder: Path, left_out: list[Dropped]) -> list[Pair]:
    """Return the pairs of pictures with equal names; add the files left out to `left_out`."""
    sides: dict[str, dict[Key, Candidate]] = {side: {} for side in SIDES}
    for place in places:
        same_name = sides[place.letter].setdefault(place.key, place.candidate)
        if same_name is not place.candidate:
            left_out.append(dropped(place.candidate.name, f"has the name of {same_name.name}; pairs go by their names"))
    keys = [key for key in sides["a"] if key in sides["b"]]
    for side, other in zip(SIDES, reversed(SIDES), strict=True):
        left_out += [
            dropped(candidate.name, f"has no partner in {other.upper()}")
            for key, candidate in sides[side].items()
            if key not in sides[other]
        ]
    read: dict[Side, dict[Key, Picture]] = {}
    for side in SIDES:
        result = validate_pictures([sides[side][key] for key in keys], folder / side)
        left_out += result.dropped
        read[side] = dict(_by_key(keys, sides[side], result))
    pairs = []
    for key in keys:
        a, b = read["a"].get(key), read["b"].get(key)
        if a and b and a.size == b.size:
            pairs.append((a, b))
            continue
        for side, picture, partner in (("a", a, b), ("b", b, a)):
            if picture is not None:
                sizes = f"{_size(picture)}, its partner {_size(partner)}" if partner else "its partner cannot be read"
                _leave_out(sides[side][key], picture, sizes, left_out)
    return pairs


def _by_key(
    keys: Sequence[Key], candidates: dict[Key, Candidate], result: ValidatedPictures
) -> Iterator[tuple[Key, Picture]]:
    found = {id(candidate): picture for candidate, picture in zip(result.candidates, result.pictures, strict=True)}
    for key in keys:
        if picture := found.get(id(candidates[key])):
            yield key, picture


def _read_halves(places: Sequence[_Place], folder: Path, left_out: list[Dropped]) -> list[Pair]:
    """Return the pairs of pictures that show both side by side; add the files left out to `left_out`."""
    result = validate_pictures([place.candidate for place in places], folder)
    left_out += result.dropped
    pairs = []
    for candidate, picture in zip(result.candidates, result.pictures, strict=True):
        width, height = picture.size
        if width != 2 * height:
            reason = f"{_size(picture)}: no pair side by side, which is twice as wide as high"
            _leave_out(candidate, picture, reason, left_out)
            continue
        a, b = (replace(picture, size=(height, height), digest=f"{picture.digest}{side}") for side in SIDES)
        pairs.append((a, b))
    return pairs


def _leave_out(candidate: Candidate, picture: Picture, reason: str, left_out: list[Dropped]) -> None:
    """List a picture as dropped, and delete the file if it was unpacked."""
    left_out.append(dropped(candidate.name, reason))
    if candidate.write_to is not None:
        picture.path.unlink(missing_ok=True)


def _size(picture: Picture) -> str:
    return f"{picture.size[0]}x{picture.size[1]}"


def _hold_out(pairs: Sequence[Pair], seed: int) -> tuple[list[Pair], list[Pair]]:
    """Return (training, held out) pairs; equal pairs stay on one side."""
    both = {id(pair): pair[0].digest + pair[1].digest for pair in pairs}
    _, chosen = hold_out_tenth(tuple(replace(pair[0], digest=both[id(pair)]) for pair in pairs), seed)
    digests = {picture.digest for picture in chosen}
    return (
        [pair for pair in pairs if both[id(pair)] not in digests],
        [pair for pair in pairs if both[id(pair)] in digests],
    )
