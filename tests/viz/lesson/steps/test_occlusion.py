"""Step 5, continued: the fall map is the measured one, and how far it agrees is put in the right words."""

import math

import numpy as np
import pytest

from tests.viz.lesson.known import subject, texts
from ugatit.errors import TranslationError
from ugatit.explain.occlusion import measure_occlusion
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.maps import laid, limits_of
from viz.lesson.number_format import signed
from viz.lesson.steps.occlusion import SHARES, Settings, agreement_in_words, run, view
from viz.lesson.subject import Subject, of_first
from viz.lesson.view import Bars

ENGLISH = LANGUAGES["en"]
SAID = ENGLISH.occlusion


@pytest.fixture(scope="module", params=[(0, 32), (1, 56)], ids=["square", "wide"])
def shown(request: pytest.FixtureRequest) -> Subject:
    seed, width = request.param
    return subject(seed, width)


def test_before_it_runs_the_square_is_shown_in_its_size(shown: Subject) -> None:
    for share in SHARES:
        seen = view(shown, Settings(share), ENGLISH)
        covered, picture = (np.asarray(each) for each in (seen.panel("covered").picture, shown.picture))
        changed = np.argwhere((covered != picture).any(axis=2))
        side = round(share * min(shown.picture.size))
        assert ((changed.max(0) - changed.min(0) + 1) <= side).all()
        assert seen.charts == ()


def test_last_view_is_the_finished_map_and_its_agreement(shown: Subject) -> None:
    views = list(run(shown, Settings(0.25), ENGLISH))
    *_, whole = measure_occlusion(shown.explainer, shown.encoded.pictures, 8)
    left, top = shown.fitted.box[:2]
    grids = whole.grid.shifted(top), whole.grid.shifted(left)
    expected = laid(whole.fall, shown.picture, grids, signed=True, limits=limits_of(whole.fall, signed=True))
    assert views[-1].panel("fall").picture.tobytes() == expected.tobytes()
    assert len(views) > 2
    correlation = whole.agreement(of_first(shown.explained.attention_map), shown.explainer.grids["generator"])
    (bars,) = views[-1].charts
    assert isinstance(bars, Bars)
    assert bars.bars[0].value == pytest.approx(correlation)
    assert views[-1].says[0] == SAID.agrees.format(how=agreement_in_words(correlation, ENGLISH))
    assert views[-1].says[1] == SAID.correlation.format(correlation=signed(correlation))


def test_stopped_early_it_shows_what_was_found_and_the_picture_where_not(shown: Subject) -> None:
    running = run(shown, Settings(0.25), ENGLISH)
    first = next(running)
    running.close()
    assert first.says[0].startswith("Measured: 16 of")
    assert first.charts == ()
    drawn = np.asarray(first.panel("fall").picture)
    beneath = np.asarray(shown.picture.resize(first.panel("fall").picture.size, 0))
    assert (drawn[-1] == beneath[-1]).all(), "the last row of pixels is not measured yet"
    assert (drawn[0] != beneath[0]).any()


@pytest.mark.parametrize(
    ("correlation", "how"),
    [
        (1.0, SAID.strongly), (0.6, SAID.strongly), (0.59, SAID.somewhat), (0.3, SAID.somewhat), (0.29, SAID.hardly),
        (0.1, SAID.hardly), (0.09, SAID.not_at_all), (0.0, SAID.not_at_all), (-0.3, SAID.not_at_all),
        (-0.31, SAID.contrary), (-1.0, SAID.contrary),
    ],
)  # fmt: skip
def test_each_range_of_correlations_has_its_words(correlation: float, how: str) -> None:
    assert agreement_in_words(correlation, ENGLISH) == how


def test_the_verdict_said_is_the_classifiers(shown: Subject) -> None:
    verdict = signed(float(shown.explained.cam_logits.mean()))
    assert all(any(verdict in sentence for sentence in each.says) for each in run(shown, Settings(0.35), ENGLISH))


@pytest.mark.parametrize("size", [math.nan, 0.0, -1.0, 0.51, math.inf])
def test_a_size_that_cannot_be_is_refused(size: float) -> None:
    with pytest.raises(TranslationError, match="size"):
        Settings(size)
    with pytest.raises(TranslationError):
        Settings.from_query({"size": str(size)})


def test_its_size_travels_in_a_link() -> None:
    for share in SHARES:
        assert Settings.from_query(Settings(share).to_query()) == Settings(share)
    with pytest.raises(TranslationError, match="cannot be read"):
        Settings.from_query({"size": "large"})


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_it_is_said_and_drawn_in_each_language(shown: Subject, words: Words) -> None:
    for seen in (view(shown, Settings(), words), *run(shown, Settings(0.35), words)):
        assert not any("{" in text for text in texts(seen))
        assert all(panel.alt for row in seen.rows for panel in row)
        assert element(seen)
