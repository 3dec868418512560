"""Make the data set of `flat2clay`: Fluent emoji, flat (domain A) and three-dimensional (domain B, "clay").

    python weights/fluent_emoji.py --output data/flat2clay

Fetches the packages `@lobehub/fluent-emoji-flat` (SVG) and `@lobehub/fluent-emoji-3d` (WebP) with `npm pack`,
or reads the folders given by --flat and --clay, and writes `trainA/ trainB/ testA/ testB/` as lossless WebP on white.
The training folders are unpaired and share no subject; the test folders hold the same file stems, so that the true
translation of each picture is known. Needs Pillow and, for the SVG files, `resvg_py`.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import resvg_py
from PIL import Image, ImageOps

FLAT_PACKAGE = "@lobehub/fluent-emoji-flat@1.1.0"
CLAY_PACKAGE = "@lobehub/fluent-emoji-3d@1.1.0"
HELD_OUT = 160
MANUAL_HINT = "install Node.js and be online, or give folders with --flat and --clay"
FOLDERS = ("trainA", "trainB", "testA", "testB")

SKIN_TONES = frozenset({"1f3fb", "1f3fc", "1f3fd", "1f3fe", "1f3ff"})
# man, woman, adult; the female and male signs; the arrow of right-facing people; the joiner
PERSON_PARTS = frozenset({"1f468", "1f469", "1f9d1", "2640", "2642", "27a1", "200d"})
FLAG_STEMS = ("1f1e", "1f1f")  # flags are two regional indicators


class ArtError(ValueError):
    """The art cannot be fetched, read or laid out. The message names the value and the remedy."""


@dataclass(frozen=True)
class Split:
    """The assignment of subjects to the three groups. No family is in two groups."""

    flat: tuple[str, ...]
    clay: tuple[str, ...]
    held_out: tuple[str, ...]
    families: int


@dataclass(frozen=True)
class Layout:
    """The result of `lay_out`: the split, and a message for each subject left out because it is unreadable."""

    split: Split
    broken: tuple[str, ...]


def subject_of(name: str) -> str:
    """Return the subject of a file name or stem: lower-case code points without the emoji presentation selector."""
    return Path(name).stem.lower().replace("-fe0f", "")


def is_wanted(subject: str) -> bool:
    """Return False for skin tone variants, which repeat a subject in another colour, and for flags."""
    return SKIN_TONES.isdisjoint(subject.split("-")) and not subject.startswith(FLAG_STEMS)


def family_of(subject: str) -> str:
    """Return the subject without the parts for man, woman and adult; the members of a family look nearly the same."""
    return "-".join(part for part in subject.split("-") if part not in PERSON_PARTS) or "person"


def subjects_by_name(names: Iterable[str]) -> dict[str, str]:
    """Return file names by wanted subject; of two files with the same subject, the first by name is used."""
    names_by_subject: dict[str, str] = {}
    for name in sorted(names):
        subject = subject_of(name)
        if is_wanted(subject):
            names_by_subject.setdefault(subject, name)
    return names_by_subject


def split(subjects: Iterable[str], held_out: int = HELD_OUT) -> Split:
    """Hold out whole families until they have `held_out` subjects; assign the others alternately to flat and clay.

    Families are ordered by the SHA-256 of their name, so the split depends only on the names.
    Raises ArtError if fewer than two families would be left to train on.
    """
    members: dict[str, list[str]] = {}
    for subject in sorted(set(subjects)):
        members.setdefault(family_of(subject), []).append(subject)
    order = sorted(members, key=lambda family: hashlib.sha256(family.encode()).hexdigest())

    test: list[str] = []
    to_train = list(order)
    while to_train and len(test) < held_out:
        test += members[to_train.pop(0)]
    if len(to_train) < 2:
        count = sum(map(len, members.values()))
        raise ArtError(
            f"{count} subjects in {len(order)} families leave nothing to train on with {held_out} held out: "
            "give fuller folders or a smaller --held-out"
        )
    return Split(
        flat=tuple(subject for family in to_train[::2] for subject in members[family]),
        clay=tuple(subject for family in to_train[1::2] for subject in members[family]),
        held_out=tuple(test),
        families=len(order),
    )


def fetch(package: str, destination: Path) -> Path:
    """Download an npm package, unpack it below `destination` and return the unpacked folder."""
    npm = shutil.which("npm")
    if npm is None:
        raise ArtError(f"npm is needed to fetch {package}: {MANUAL_HINT}")
    destination.mkdir(parents=True)
    command = [npm, "pack", "--silent", package, "--pack-destination", str(destination)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    archives = sorted(destination.glob("*.tgz"))
    if process.returncode != 0 or len(archives) != 1:
        reason = " ".join(process.stderr.split()) or f"npm ended with code {process.returncode}"
        raise ArtError(f"{package} could not be fetched ({reason}): {MANUAL_HINT}")
    try:
        with tarfile.open(archives[0]) as archive:
            archive.extractall(destination, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ArtError(f"{archives[0].name} of {package} cannot be unpacked: {error}") from error
    return destination / "package"


def find_art(folder: Path, suffix: str) -> dict[str, Path]:
    """Return picture files by subject from a folder, or from the `assets` folder of an unpacked package."""
    if not folder.is_dir():
        raise ArtError(f"{folder} is not a folder: name one that holds {suffix} files")
    assets = folder / "assets"
    source = assets if assets.is_dir() else folder
    names = [path.name for path in source.iterdir() if path.suffix.lower() == suffix and path.is_file()]
    if not names:
        raise ArtError(f"{source} holds no {suffix} files: name the folder of the pictures themselves")
    return {subject: source / name for subject, name in subjects_by_name(names).items()}


def draw(path: Path, size: int) -> Image.Image:
    """Draw a picture in RGB, centred on a white square of `size` px. Raises ArtError for an unreadable file."""
    try:
        if path.suffix.lower() == ".svg":
            markup = path.read_text(encoding="utf-8")
            png = resvg_py.svg_to_bytes(svg_string=markup, width=size, height=size, skip_system_fonts=True)
            source = Image.open(io.BytesIO(png))
        else:
            source = Image.open(path)
        with source:
            art = source.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ArtError(f"{path} cannot be drawn ({error}): fetch it again or take it out") from error
    background = Image.new("RGBA", art.size, "white")
    over_white = Image.alpha_composite(background, art).convert("RGB")
    return ImageOps.pad(over_white, (size, size), Image.Resampling.LANCZOS, color="white")


def lay_out(flat: Mapping[str, Path], clay: Mapping[str, Path], output: Path, *, size: int, held_out: int) -> Layout:
    """Draw the subjects available in both domains into `output`/trainA, trainB, testA and testB.

    A subject that cannot be drawn is left out, for held-out subjects in both folders, and reported in the result.
    """
    parts = split(flat.keys() & clay.keys(), held_out)
    train_a, train_b, test_a, test_b = (output / name for name in FOLDERS)
    for folder in (train_a, train_b, test_a, test_b):
        folder.mkdir(parents=True)
    destinations = {subject: [(flat, train_a)] for subject in parts.flat}
    destinations |= {subject: [(clay, train_b)] for subject in parts.clay}
    destinations |= {subject: [(flat, test_a), (clay, test_b)] for subject in parts.held_out}
    broken: list[str] = []
    for subject, targets in destinations.items():
        try:
            drawn = [(draw(files[subject], size), folder) for files, folder in targets]
        except ArtError as error:
            broken.append(str(error))
            continue
        for picture, folder in drawn:
            picture.save(folder / f"{subject}.webp", lossless=True, method=4)
    return Layout(parts, tuple(broken))


def report(output: Path, parts: Split) -> str:
    """Return a summary of the written folders: number of pictures, size, subjects and families."""
    files = {name: list((output / name).iterdir()) for name in FOLDERS}
    lines = [f"{output / name}: {len(pictures)} pictures" for name, pictures in files.items()]
    megabytes = sum(path.stat().st_size for pictures in files.values() for path in pictures) / 1e6
    subjects = len(parts.flat) + len(parts.clay) + len(parts.held_out)
    lines.append(f"{megabytes:.1f} MB in all")
    lines.append(f"{subjects} subjects, {parts.families} families, {len(parts.held_out)} subjects held out")
    return "\n".join(lines)


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Lay out Fluent emoji as training and test folders.")
    parser.add_argument("--output", type=Path, required=True, help="a new or empty folder")
    parser.add_argument("--size", type=positive, default=256, help="edge in px (default %(default)s)")
    parser.add_argument("--flat", type=Path, help=f"a folder of SVG files; else {FLAT_PACKAGE} is fetched")
    parser.add_argument("--clay", type=Path, help=f"a folder of WebP files; else {CLAY_PACKAGE} is fetched")
    held_out = "subjects to hold out (default %(default)s)"
    parser.add_argument("--held-out", type=positive, default=HELD_OUT, help=held_out)
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> Layout:
    output: Path = options.output
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise ArtError(f"{output} is there already and not empty: remove it or name another --output")
    output.parent.mkdir(parents=True, exist_ok=True)
    # Built in a temporary folder and then moved, so that an interrupted run leaves no incomplete data set.
    with tempfile.TemporaryDirectory(prefix=".fluent-emoji-", dir=output.parent) as temporary:
        work = Path(temporary)
        flat = find_art(options.flat or fetch(FLAT_PACKAGE, work / "flat"), ".svg")
        clay = find_art(options.clay or fetch(CLAY_PACKAGE, work / "clay"), ".webp")
        layout = lay_out(flat, clay, work / "art", size=options.size, held_out=options.held_out)
        (work / "art").replace(output)
    return layout


def main(arguments: Sequence[str] | None = None) -> int:
    """Return exit code 0 if all subjects are drawn, 1 if some were left out, 2 if nothing could be laid out."""
    options = parse(arguments)
    try:
        layout = run(options)
    except (ArtError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for message in layout.broken:
        print(f"left out: {message}", file=sys.stderr)
    print(report(options.output, layout.split))
    return 1 if layout.broken else 0


if __name__ == "__main__":
    sys.exit(main())
