"""Step 5, continued: the fall map is the measured one, and its agreement with the attention is put into words."""

import numpy as np
import pytest

from tests.viz.lesson.subjects import check_view, make_subject
from ugatit.explain.occlusion import measure_occlusion
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.maps import draw_map, value_limits
from viz.lesson.number_format import format_signed
from viz.lesson.steps.occlusion import SHARES, Settings, agreement_in_words, run, view
from viz.lesson.subject import Subject, first_map
from viz.lesson.view import Bars

ENGLISH = LANGUAGES["en"]
TEXTS = ENGLISH.occlusion


@pytest.fixture(scope="module", params=[(0, 32), (1, 56)], ids=["square", "wide"])
def subject(request: pytest.FixtureRequest) -> Subject:
    seed, width = request.param
    return make_subject(seed, width)


def test_before_a_run_the_square_is_shown_in_its_size(subject: Subject) -> None:
    for share in SHARES:
        result = view(subject, Settings(share), ENGLISH)
        covered, picture = (np.asarray(each) for each in (result.panel("covered").picture, subject.picture))
        changed = np.argwhere((covered != picture).any(axis=2))
        side = round(share * min(subject.picture.size))
        assert ((changed.max(0) - changed.min(0) + 1) <= side).all()
        assert result.charts == ()


def test_the_last_view_has_the_complete_map_and_its_agreement(subject: Subject) -> None:
    views = list(run(subject, Settings(0.25), ENGLISH))
    *_, occlusion = measure_occlusion(subject.explainer, subject.encoded.pictures, 8)
    left, top = subject.fitted.box[:2]
    grids = occlusion.grid.shifted(top), occlusion.grid.shifted(left)
    expected = draw_map(
        occlusion.fall, subject.picture, grids, signed=True, limits=value_limits(occlusion.fall, signed=True)
    )
    assert views[-1].panel("fall").picture.tobytes() == expected.tobytes()
    assert len(views) > 2
    correlation = occlusion.agreement(
        first_map(subject.explanation.attention_map), subject.explainer.grids["generator"]
    )
    (bars,) = views[-1].charts
    assert isinstance(bars, Bars)
    assert bars.bars[0].value == pytest.approx(correlation)
    assert views[-1].sentences[0] == TEXTS.agrees.format(how=agreement_in_words(correlation, ENGLISH))
    assert views[-1].sentences[1] == TEXTS.correlation.format(correlation=format_signed(correlation))


def test_a_stopped_run_shows_what_is_measured_and_the_picture_elsewhere(subject: Subject) -> None:
    running = run(subject, Settings(0.25), ENGLISH)
    first = next(running)
    running.close()
    assert first.sentences[0].startswith("Measured: 16 of")
    assert first.charts == ()
    drawn = np.asarray(first.panel("fall").picture)
    picture = np.asarray(subject.picture.resize(first.panel("fall").picture.size, 0))
    assert (drawn[-1] == picture[-1]).all(), "the last row of pixels is not measured yet"
    assert (drawn[0] != picture[0]).any()


@pytest.mark.parametrize(
    ("correlation", "how"),
    [
        (1.0, TEXTS.strongly), (0.6, TEXTS.strongly), (0.59, TEXTS.somewhat), (0.3, TEXTS.somewhat),
        (0.29, TEXTS.hardly), (0.1, TEXTS.hardly), (0.09, TEXTS.not_at_all), (0.0, TEXTS.not_at_all),
        (-0.3, TEXTS.not_at_all), (-0.31, TEXTS.contrary), (-1.0, TEXTS.contrary),
    ],
)  # fmt: skip
def test_each_range_of_correlations_has_a_phrase(correlation: float, how: str) -> None:
    assert agreement_in_words(correlation, ENGLISH) == how


def test_the_verdict_is_the_classifiers(subject: Subject) -> None:
    verdict = format_signed(float(subject.explanation.cam_logits.mean()))
    assert all(
        any(verdict in sentence for sentence in each.sentences) for each in run(subject, Settings(0.35), ENGLISH)
    )


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_all_texts_of_a_run_are_complete_in_every_language(subject: Subject, words: Words) -> None:
    for result in run(subject, Settings(0.35), words):
        assert check_view(result)
