"""The true answer says whether it is the only one; the report tells attributes and attention in words."""

from typing import Any

import pytest

from tests.face_weights import ARTISTS, GLASSES
from ugatit.data.face_set import FaceSet
from ugatit.evaluation.face_reading import FaceReading
from ugatit.inference.translation import Translation
from viz.display import DisplayedTranslation
from viz.drawn_face import HELD_OUT, DrawnFace, FacePair
from viz.face_report import FaceReport
from viz.i18n import words_in
from viz.tabs.translate.face_box import answer_image, report_text


def pair(sources: tuple[str, str], **chosen: Any) -> FacePair:
    own, other = map(FaceSet.parse, sources)
    source = DrawnFace.of(own, HELD_OUT[0], 64, chosen)
    return FacePair(source, source.in_set(other))


@pytest.mark.parametrize(("sources", "label"), [(GLASSES, "answer"), (ARTISTS, "other_artist")])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_label_says_whether_there_is_one_right_answer(
    sources: tuple[str, str], label: str, language: str, translation: Translation
) -> None:
    faces, words = pair(sources), words_in(language)
    image = answer_image(DisplayedTranslation(translation, "one", faces=faces), words)
    assert image.label == getattr(words.faces, label)
    assert image.visible


def test_the_report_reads_as_words() -> None:
    drawn = pair(ARTISTS, hair="red", skin="tan", smile=False).source.attributes
    report = FaceReport(drawn, FaceReading("blond", "tan", glasses=False, smile=True), {"eyes": 1.84, "hair": 0.96})
    text = report_text(report, words_in("en")).replace("\u00a0", " ")
    assert "hair red → blond, skin tan → tan, smile no → yes<br>" in text
    assert "glasses" not in text
    assert text.endswith("eyes 1.8×, hair 1.0×")


def test_what_the_reader_cannot_tell_and_attention_that_there_is_not_are_left_out() -> None:
    report = FaceReport(pair(ARTISTS).source.attributes, FaceReading("red", "tan", None, None), {})
    text = report_text(report, words_in("en"))
    assert "smile" not in text
    assert "attention" not in text
