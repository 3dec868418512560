"""Several pictures at once: the message names those that are far from the training pictures, and those that failed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ugatit.errors import PictureError, TranslationError
from ugatit.inference.translation import Translation
from ugatit.models.familiarity import Familiarity
from viz.display import DisplayOptions
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.tabs.translate.batch import MAX_NAMED, translate_all


def translation(distance: float | None) -> Translation:
    picture = Image.new("RGB", (8, 8), "red")
    familiarity = None if distance is None else Familiarity(("a", "b"), "a", distance, threshold=2.0)
    return Translation(picture, picture, "a", "b", {}, 1.0, "cpu", "fp32", familiarity)


def message(distances: dict[str, float | None], folder: Path, words: Words) -> str:
    """Translate a picture of each name with that distance; a picture that is called `broken` fails."""

    def stream(files: list[Path]) -> Iterator[Translation | TranslationError]:
        for file in files:
            broken = file.stem == "broken"
            yield PictureError(f"{file}: no picture.") if broken else translation(distances[file.stem])

    paths = [folder / f"{name}.png" for name in distances]
    for path in paths:
        path.write_bytes(b"")
    files = [str(path) for path in paths]
    items, _, said = translate_all(files, stream, lambda _: None, DisplayOptions(), "b", lambda *_: None, words)
    assert [name for _, name in items] == [name for name in distances if name != "broken"]
    return said


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_pictures_far_from_the_training_pictures_are_named(tmp_path: Path, words: Words) -> None:
    distances = {"near": 1.9, "cat": 2.1, "broken": None, "unknown": None, "dog": 9.0}
    said = message(distances, tmp_path, words)
    assert words.translate.far_pictures.format(names="cat, dog") in said
    assert said.startswith(words.translate.done.format(done=4, all=5))
    assert said.endswith("broken.png: no picture.")


def test_many_far_pictures_are_not_all_named(tmp_path: Path) -> None:
    words = LANGUAGES["en"]
    said = message({f"p{index}": 3.0 for index in range(MAX_NAMED + 1)}, tmp_path, words)
    assert "p4, …" in said
    assert "p5" not in said


def test_where_none_is_far_nothing_is_said(tmp_path: Path) -> None:
    words = LANGUAGES["en"]
    assert message({"near": 1.0}, tmp_path, words) == words.translate.done.format(done=1, all=1)
