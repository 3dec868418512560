"""Step 5: what is painted is what the generator is asked, and the sentences are this picture's."""

import numpy as np
import pytest

from tests.viz.lesson.known import subject, texts
from ugatit.errors import TranslationError
from ugatit.explain.interventions import Paint
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.number_format import plain
from viz.lesson.painting import AWAY, HARDER, Painting
from viz.lesson.steps.elsewhere import Settings, view
from viz.lesson.subject import Subject

ENGLISH = LANGUAGES["en"]
HALF = np.arange(8)[None, :].repeat(8, 0) < 4


@pytest.fixture(scope="module", params=[(0, 32), (1, 32), (2, 80)], ids=["square", "another", "wide"])
def shown(request: pytest.FixtureRequest) -> Subject:
    seed, width = request.param
    return subject(seed, width)


def painted(where: np.ndarray, inside: str = AWAY, outside: str = "u") -> Settings:
    return Settings(Painting.chosen(where, inside, outside).text)


def test_nothing_painted_shows_the_network_as_it_is(shown: Subject) -> None:
    seen = view(shown, Settings(), ENGLISH)
    for name in ("translation", "translation-now"):
        assert seen.panel(name).picture.tobytes() == shown.drawn(shown.explained.image).tobytes()
    assert seen.says == (ENGLISH.elsewhere.start,)


@pytest.mark.parametrize(("inside", "outside"), [(AWAY, "u"), (HARDER, "u"), (HARDER, AWAY)])
def test_translation_is_the_generators_under_the_painted_mask(shown: Subject, inside: str, outside: str) -> None:
    settings = painted(HALF, inside, outside)
    rows, columns = shown.explained.attention_map.shape[2:]
    mask = settings.painting((8, 8)).mask((rows, columns), shown.grids(), shown.picture.size)
    assert len(mask.unique()) == 2
    expected = shown.drawn(shown.explainer.explain(shown.encoded, Paint(mask)).image)
    seen = view(shown, settings, ENGLISH)
    assert seen.panel("translation-now").picture.tobytes() == expected.tobytes()
    assert seen.panel("translation-now").picture.tobytes() != seen.panel("translation").picture.tobytes()
    assert seen.panel("translation-now").exact


def test_sentence_says_how_far_painted_and_other_pixels_moved(shown: Subject) -> None:
    settings = painted(HALF)
    seen = view(shown, settings, ENGLISH)
    before, after = (np.asarray(seen.panel(name).picture, float) for name in ("translation", "translation-now"))
    apart = np.abs(before - after).mean(axis=2)
    left = np.zeros_like(apart, bool)
    left[:, : apart.shape[1] // 2] = True
    said = ENGLISH.elsewhere.changed.format(
        whole=plain(apart.mean(), 1), inside=plain(apart[left].mean(), 1), outside=plain(apart[~left].mean(), 1)
    )
    assert seen.says[0] == said


def test_a_painting_of_all_of_the_picture_has_no_elsewhere(shown: Subject) -> None:
    seen = view(shown, painted(np.ones((4, 4), bool), HARDER), ENGLISH)
    assert len(seen.says) == 1
    assert "whole picture" in seen.says[0]


def test_formula_counts_the_maps_cells(shown: Subject) -> None:
    cells = shown.explained.attention_map[0, 0].numel()
    formula = view(shown, painted(np.ones((1, 1), bool)), ENGLISH).formulas[0]
    assert f"3 in 0 cells, 0 in {cells}, 1 in 0" in formula


def test_a_painting_travels_in_a_link_and_fits_another_pictures_size(shown: Subject) -> None:
    settings = painted(HALF, HARDER)
    assert Settings.from_query(settings.to_query()) == settings
    assert Settings.from_query({}) == Settings()
    assert len(view(shown, settings, ENGLISH).rows) == 2


@pytest.mark.parametrize("text", ["hello", "16x16-h999", "16x16", "-1x4-h1", "4x4-h1;drop", "\u0000", "u" * 10_000])
def test_a_link_with_no_painting_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(TranslationError, match="painting") as refused:
        Settings.from_query({"painted": text})
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("settings", [Settings(), painted(HALF)], ids=["blank", "painted"])
def test_it_is_said_and_drawn_in_each_language(shown: Subject, words: Words, settings: Settings) -> None:
    seen = view(shown, settings, words)
    assert not any("{" in text.replace("_{", "") for text in texts(seen))
    assert all(panel.alt for row in seen.rows for panel in row)
    assert 'data-panel="painted"' in element(seen)
