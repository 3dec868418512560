"""Several pictures at once: a gallery and one zip, with those named that could not be done."""

from collections.abc import Callable, Iterator
from pathlib import Path

import gradio as gr
from PIL import Image

from ugatit.errors import PictureError, TranslationError
from ugatit.inference.translation import Translation
from viz.contact_sheet import enlarged
from viz.display import DisplayedTranslation, DisplayOptions, screen_factor
from viz.download import ResultsArchive
from viz.examples import Examples
from viz.i18n.schema import Words
from viz.tabs.events import new_file
from viz.tabs.inputs import check_size, without_folder

MOST = 200

Stream = Callable[[list[Path]], Iterator[Translation | TranslationError]]


def translate_all(
    paths: list[str],
    stream: Stream,
    examples: Examples,
    look: DisplayOptions,
    to: str,
    progress: gr.Progress,
    words: Words,
) -> tuple[list[tuple[Image.Image, str]], str, str]:
    """Gallery items, the zip's path, and a sentence that names each picture that failed and why.

    Raises PictureError where there is no picture, too many, or not one that could be done.
    """
    if not paths:
        raise PictureError("There are no pictures yet: choose some.")
    if len(paths) > MOST:
        raise PictureError(f"{len(paths)} pictures are too many at once; choose {MOST} at most.")
    files, failed = _within_size([Path(path) for path in paths])
    done: list[tuple[Image.Image, str]] = []
    archive = new_file(f"{len(paths)}-pictures-to-{safe(to)}.zip")
    with ResultsArchive(archive, look) as bundle:
        for file, result in zip(files, stream(files), strict=True):
            if isinstance(result, TranslationError):
                failed.append(without_folder(result, file))
            else:
                bundle.add(DisplayedTranslation(result, file.stem, examples.truth_of(result)))
                done.append((enlarged(result.image, screen_factor(result.image)), file.stem))
            progress((len(done) + len(failed), len(paths)), unit="pictures")
    if not done:
        raise PictureError(" ".join(failed))
    said = words.translate.done.format(done=len(done), all=len(paths))
    return done, str(archive), " ".join([said, *failed])


def safe(name: str) -> str:
    """A domain's name as part of a file's name."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)


def _within_size(files: list[Path]) -> tuple[list[Path], list[str]]:
    good, failed = [], []
    for file in files:
        try:
            check_size(file)
            good.append(file)
        except PictureError as error:
            failed.append(str(error))
    return good, failed
