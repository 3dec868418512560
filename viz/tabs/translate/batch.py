"""Translate several pictures at once into gallery items and one zip."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from ugatit.errors import PictureError, TranslationError
from ugatit.inference.translation import Translation
from viz.contact_sheet import enlarge
from viz.display import DisplayedTranslation, DisplayOptions, screen_factor
from viz.download import ResultsArchive
from viz.ground_truth import GroundTruth
from viz.i18n.schema import Words
from viz.tabs.events import new_file
from viz.tabs.inputs import check_size, without_folder

MAX_PICTURES = 200
MAX_NAMED = 5
"""How many far pictures the message names."""

Stream = Callable[[list[Path]], Iterator[Translation | TranslationError]]
"""Translates files lazily, in order; a file that fails yields its error."""
TruthOf = Callable[[Translation], GroundTruth | None]
"""Returns the masks of a translation's known object; None if it is not known."""
ReportProgress = Callable[[int, int], object]
"""Takes the number of pictures that are finished and the number of all."""


def translate_all(
    paths: list[str],
    stream: Stream,
    truth_of: TruthOf,
    options: DisplayOptions,
    to: str,
    progress: ReportProgress,
    words: Words,
) -> tuple[list[tuple[Image.Image, str]], str, str]:
    """Return gallery items, the zip's path, and a message on the pictures that are far or failed, with the reason.

    Raises PictureError for no pictures, for more than MAX_PICTURES, and where all of them fail.
    """
    if not paths:
        raise PictureError("There are no pictures yet: choose some.")
    if len(paths) > MAX_PICTURES:
        raise PictureError(f"{len(paths)} pictures are too many at once; choose {MAX_PICTURES} at most.")
    files, failures = _within_size([Path(path) for path in paths])
    items: list[tuple[Image.Image, str]] = []
    far: list[str] = []
    archive_path = new_file(f"{len(paths)}-pictures-to-{safe_name(to)}.zip")
    with ResultsArchive(archive_path, options) as archive:
        for file, result in zip(files, stream(files), strict=True):
            if isinstance(result, TranslationError):
                failures.append(without_folder(result, file))
            else:
                archive.add(DisplayedTranslation(result, file.stem, truth_of(result)))
                items.append((enlarge(result.image, screen_factor(result.image)), file.stem))
                if result.familiarity is not None and result.familiarity.is_far:
                    far.append(file.stem)
            progress(len(items) + len(failures), len(paths))
    if not items:
        raise PictureError(" ".join(failures))
    summary = words.translate.done.format(done=len(items), all=len(paths))
    return items, str(archive_path), " ".join([summary, *_far_pictures(far, words), *failures])


def _far_pictures(names: list[str], words: Words) -> Iterator[str]:
    """Yield a sentence about pictures that are far from all that the weights were trained on, if there are any."""
    if names:
        more = ", …" if len(names) > MAX_NAMED else ""
        yield words.translate.far_pictures.format(names=", ".join(names[:MAX_NAMED]) + more)


def safe_name(name: str) -> str:
    """Return a domain's name as part of a file name: letters, digits, dashes and underscores."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)


def _within_size(files: list[Path]) -> tuple[list[Path], list[str]]:
    """Return the files that are small enough, and the error messages of the others."""
    accepted, failures = [], []
    for file in files:
        try:
            check_size(file)
            accepted.append(file)
        except PictureError as error:
            failures.append(str(error))
    return accepted, failures
