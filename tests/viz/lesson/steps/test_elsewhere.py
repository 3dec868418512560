"""Step 5: the painting becomes the generator's mask, and the sentences describe its effect."""

import numpy as np
import pytest

from tests.viz.lesson.subjects import make_subject
from ugatit.explain.interventions import Paint
from viz.i18n import LANGUAGES
from viz.lesson.number_format import format_number
from viz.lesson.painting import AMPLIFY, SUPPRESS, Painting
from viz.lesson.steps.elsewhere import Settings, view
from viz.lesson.subject import Subject

ENGLISH = LANGUAGES["en"]
HALF = np.arange(8)[None, :].repeat(8, 0) < 4


@pytest.fixture(scope="module", params=[(0, 32), (1, 32), (2, 80)], ids=["square", "another", "wide"])
def subject(request: pytest.FixtureRequest) -> Subject:
    seed, width = request.param
    return make_subject(seed, width)


def painted(where: np.ndarray, inside: str = SUPPRESS, outside: str = "u") -> Settings:
    return Settings(Painting.from_mask(where, inside, outside).text)


def test_nothing_painted_shows_the_network_as_it_is(subject: Subject) -> None:
    result = view(subject, Settings(), ENGLISH)
    for name in ("translation", "translation-now"):
        assert result.panel(name).picture.tobytes() == subject.render(subject.explanation.image).tobytes()
    assert result.sentences == (ENGLISH.elsewhere.start,)


@pytest.mark.parametrize(("inside", "outside"), [(SUPPRESS, "u"), (AMPLIFY, "u"), (AMPLIFY, SUPPRESS)])
def test_the_translation_is_the_generators_with_the_painted_mask(subject: Subject, inside: str, outside: str) -> None:
    settings = painted(HALF, inside, outside)
    rows, columns = subject.explanation.attention_map.shape[2:]
    mask = settings.painting((8, 8)).mask((rows, columns), subject.grids(), subject.picture.size)
    assert len(mask.unique()) == 2
    expected = subject.render(subject.explainer.explain(subject.encoded, Paint(mask)).image)
    result = view(subject, settings, ENGLISH)
    assert result.panel("translation-now").picture.tobytes() == expected.tobytes()
    assert result.panel("translation-now").picture.tobytes() != result.panel("translation").picture.tobytes()
    assert result.panel("translation-now").lossless
    assert len(result.rows) == 2


def test_the_sentence_states_the_change_of_painted_and_of_other_pixels(subject: Subject) -> None:
    settings = painted(HALF)
    result = view(subject, settings, ENGLISH)
    before, after = (np.asarray(result.panel(name).picture, float) for name in ("translation", "translation-now"))
    difference = np.abs(before - after).mean(axis=2)
    left = np.zeros_like(difference, bool)
    left[:, : difference.shape[1] // 2] = True
    expected = ENGLISH.elsewhere.changed.format(
        whole=format_number(difference.mean(), 1),
        inside=format_number(difference[left].mean(), 1),
        outside=format_number(difference[~left].mean(), 1),
    )
    assert result.sentences[0] == expected


def test_a_painting_of_the_whole_picture_has_no_other_pixels(subject: Subject) -> None:
    result = view(subject, painted(np.ones((4, 4), bool), AMPLIFY), ENGLISH)
    assert len(result.sentences) == 1
    assert "whole picture" in result.sentences[0]


def test_the_formula_counts_the_maps_cells(subject: Subject) -> None:
    cells = subject.explanation.attention_map[0, 0].numel()
    formula = view(subject, painted(np.ones((1, 1), bool)), ENGLISH).formulas[0]
    assert f"3 in 0 cells, 0 in {cells}, 1 in 0" in formula
