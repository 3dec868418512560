"""Step 11: two models translate one picture; where the true answer is known, it says which is closer."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.tiny import tiny_model
from tests.viz.lesson.subjects import check_view
from ugatit.checkpoints.registry import WeightsEntry
from ugatit.data.faces import face
from ugatit.inference.translator import Translator
from ugatit.models.manifest import Manifest
from viz.cam_pair import CamPair
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.number_format import format_number
from viz.lesson.steps.without_cam import Settings, closeness, view
from viz.lesson.subject import Subject
from viz.lesson.view import Table, View

ENGLISH = LANGUAGES["en"]
SIDE = 64
PICTURE, ANSWER = (face("lorelei", 900_001, SIDE, glasses=glasses)[0] for glasses in (False, "variant01"))
DOMAINS = ("no glasses", "glasses")


def cam_pair(folder: Path) -> CamPair:
    """A pair of untrained models, in folders of their own."""
    models = {
        attention: tiny_model(seed, domains=DOMAINS, image_size=SIDE, attention=attention)
        for seed, attention in enumerate((True, False))
    }
    entries = {}
    for attention, model in models.items():
        path = folder / str(attention)
        path.mkdir()
        entries[attention] = WeightsEntry(path.name, path, Manifest("ugatit", model.config.to_dict()))
    translators = {
        entry.name: Translator(models[attention], torch.device("cpu")) for attention, entry in entries.items()
    }
    return CamPair(entries[True], entries[False], lambda entry: translators[entry.name])


@pytest.fixture
def pair(tmp_path: Path) -> CamPair:
    return cam_pair(tmp_path)


def subject_of(pair: CamPair | None, answer: Image.Image | None = ANSWER) -> Subject:
    model = tiny_model(7, domains=DOMAINS, image_size=SIDE).eval()
    return Subject(model, "glasses", PICTURE, "face", answer=answer, cam_pair=pair)


def table(shown: View, name: str) -> Table | None:
    return next((chart for chart in shown.charts if isinstance(chart, Table) and chart.name == name), None)


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("answer", [ANSWER, None], ids=["known", "unknown"])
def test_texts_are_complete(pair: CamPair, words: Words, answer: Image.Image | None) -> None:
    check_view(view(subject_of(pair, answer), Settings(), words))


def test_both_models_translate_the_picture_and_the_true_answer_stands_beside(pair: CamPair) -> None:
    shown = view(subject_of(pair), Settings(), ENGLISH)
    for name, translator in zip(("with-cam", "without-cam"), pair.translators(), strict=True):
        expected = translator(PICTURE, "glasses").image
        assert shown.panel(name).picture.tobytes() == expected.tobytes()
    assert shown.panel("with-cam").picture.tobytes() != shown.panel("without-cam").picture.tobytes()
    assert shown.panel("answer").picture.tobytes() == ANSWER.tobytes()


def test_the_closer_one_is_named_with_the_figures_of_the_table(pair: CamPair) -> None:
    shown = view(subject_of(pair), Settings(), ENGLISH)
    images = [translator(PICTURE, "glasses").image for translator in pair.translators()]
    with_cam, without, copied = (psnr_of(image) for image in (*images, PICTURE))
    said = "with CAM" if with_cam > without else "without CAM"
    assert shown.sentences[0].startswith(f"Here the model {said} is closer")
    here = table(shown, "here")
    assert here is not None
    assert here.rows[0][1:] == tuple(format_number(value, 1) for value in (with_cam, without, copied))
    assert format_number(copied, 1) in shown.sentences[1]


def psnr_of(image: Image.Image) -> float:
    error = np.asarray(image, float) - np.asarray(ANSWER, float)
    return float(10 * np.log10(255**2 / np.square(error).mean()))


def test_changes_are_told_apart_by_the_true_mask() -> None:
    inside, outside = np.asarray(PICTURE).copy(), np.asarray(PICTURE).copy()
    mask = (np.asarray(PICTURE) != np.asarray(ANSWER)).any(axis=2)
    inside[mask] = 255 - inside[mask]
    outside[:4] = 255 - outside[:4]
    changed_inside, changed_outside = (
        closeness(PICTURE, Image.fromarray(pixels), ANSWER) for pixels in (inside, outside)
    )
    assert changed_inside.outside == 0 < changed_inside.inside
    assert changed_outside.inside == 0 < changed_outside.outside
    unchanged = closeness(PICTURE, PICTURE, ANSWER)
    assert (unchanged.inside, unchanged.outside) == (0, 0)
    assert closeness(PICTURE, ANSWER, ANSWER).psnr == float("inf")


def test_without_a_true_answer_no_model_is_called_closer(pair: CamPair) -> None:
    shown = view(subject_of(pair, None), Settings(), ENGLISH)
    assert shown.sentences == (ENGLISH.without_cam.nobody_knows,)
    assert table(shown, "here") is None
    with pytest.raises(KeyError):
        shown.panel("answer")


def test_published_figures_of_both_are_compared_and_one_alone_is_not(pair: CamPair) -> None:
    for folder, psnr in zip(pair.folders, (23.4, 22.6), strict=True):
        assert table(view(subject_of(pair), Settings(), ENGLISH), "held-out") is None
        edit = {"better_than_copying": psnr / 100, "change_inside_grey_levels": 30, "change_outside_grey_levels": 3.5}
        figures = {"pictures": 500, "paired": {"psnr_db": psnr, "psnr_of_copying_db": 25.0}, "edit": edit}
        (folder / "measures.json").write_text(json.dumps({"directions": {"no glasses to glasses": figures}}))
    shown = table(view(subject_of(pair), Settings(), ENGLISH), "held-out")
    assert shown is not None
    assert "500" in shown.title
    assert shown.rows[0][1:] == ("23.4", "22.6", "25.0")
    assert shown.rows[-1][1:] == ("23%", "23%", "")


def test_without_two_models_it_says_so() -> None:
    shown = view(subject_of(None), Settings(), ENGLISH)
    assert (shown.sentences, shown.rows) == ((ENGLISH.without_cam.none,), ())
