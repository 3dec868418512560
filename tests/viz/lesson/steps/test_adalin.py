"""Step 6: the pulled picture is the generator's with that rho, and gamma and beta are the other picture's."""

import math
from dataclasses import replace

import pytest
import torch

from tests.viz.lesson.known import subject as known
from tests.viz.lesson.known import texts
from ugatit.data.scenes import scene
from ugatit.errors import TranslationError
from ugatit.explain.interventions import ModulationOf, Rho
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.number_format import plain
from viz.lesson.steps.adalin import Settings, layer_label, view
from viz.lesson.subject import Subject
from viz.lesson.view import Bars

ENGLISH = LANGUAGES["en"]


@pytest.fixture(scope="module", params=[(0, 32), (1, 48)], ids=["square", "wide"])
def shown(request: pytest.FixtureRequest) -> Subject:
    seed, width = request.param
    found = known(seed, width)
    found.others = {f"disc-{other}": scene("disc", other, 40)[0].resize((60, 40)) for other in (7, 8)}
    return found


def bars_of(shown: Subject, settings: Settings) -> Bars:
    (bars,) = view(shown, settings, ENGLISH).charts
    assert isinstance(bars, Bars)
    return bars


def test_as_learned_both_pictures_are_the_generators(shown: Subject) -> None:
    seen = view(shown, Settings(), ENGLISH)
    expected = shown.drawn(shown.explained.image).tobytes()
    assert seen.panel("translation").picture.tobytes() == seen.panel("translation-now").picture.tobytes() == expected
    for bar, rho in zip(bars_of(shown, Settings()).bars, shown.explained.rho.values(), strict=True):
        assert bar.value == bar.was == pytest.approx(float(rho.mean()))


@pytest.mark.parametrize(("pull", "value"), [(-1.0, 0.0), (-0.35, 0.0), (0.5, 1.0), (1.0, 1.0)])
@pytest.mark.parametrize("layer", ["", "decoder.0.norm2", "upsampling.1.norm"])
def test_pulled_picture_is_the_generators_with_that_rho(shown: Subject, pull: float, value: float, layer: str) -> None:
    settings = Settings(pull, layer)
    expected = shown.explain(Rho(value, layer or None, abs(pull)))
    seen = view(shown, settings, ENGLISH)
    assert seen.panel("translation-now").picture.tobytes() == shown.drawn(expected.image).tobytes()
    for bar, rho in zip(bars_of(shown, settings).bars, expected.rho.values(), strict=True):
        assert bar.value == pytest.approx(float(rho.mean()))


def test_full_pull_ends_at_the_ends_of_the_bars(shown: Subject) -> None:
    for pull, end in ((-1.0, 0.0), (1.0, 1.0)):
        assert all(bar.value == end for bar in bars_of(shown, Settings(pull)).bars)


def test_gamma_and_beta_are_the_other_pictures(shown: Subject) -> None:
    explainer, name = shown.explainer, "disc-7"
    other = explainer.encode(explainer.tensor(explainer.fit(shown.others[name])))
    expected = shown.explain(ModulationOf(explainer.explain(other).modulation))
    seen = view(shown, Settings(other=name), ENGLISH)
    assert seen.panel("translation-now").picture.tobytes() == shown.drawn(expected.image).tobytes()
    assert not torch.equal(expected.image, shown.explained.image)
    assert seen.panel("other").picture.size == (48, 32)
    assert any(name in sentence for sentence in seen.says)


def test_pull_and_another_pictures_gamma_work_together(shown: Subject) -> None:
    both, pulled, borrowed = (
        view(shown, settings, ENGLISH).panel("translation-now").picture.tobytes()
        for settings in (Settings(-1.0, other="disc-8"), Settings(-1.0), Settings(other="disc-8"))
    )
    assert len({both, pulled, borrowed}) == 3


def test_formula_carries_the_mean_rho(shown: Subject) -> None:
    rho = shown.explain(Rho(0.0, None, 0.5)).rho
    mean = sum(float(values.mean()) for values in rho.values()) / len(rho)
    assert plain(mean) in view(shown, Settings(-0.5), ENGLISH).formulas[1]


@pytest.mark.parametrize("pull", [math.nan, -1.01, 2.0, math.inf])
def test_a_pull_beyond_the_ends_is_refused(pull: float) -> None:
    with pytest.raises(TranslationError, match="pull"):
        Settings(pull)


@pytest.mark.parametrize("query", [{"layer": "decoder.9.norm1"}, {"other": "../../etc/passwd"}, {"layer": "x" * 999}])
def test_a_link_to_what_this_subject_lacks_is_refused_in_one_line(shown: Subject, query: dict[str, str]) -> None:
    settings = Settings.from_query(query)
    with pytest.raises(TranslationError) as refused:
        view(shown, settings, ENGLISH)
    assert len(str(refused.value)) < 300
    assert "\n" not in str(refused.value)


def test_all_of_it_travels_in_a_link() -> None:
    settings = Settings(-0.35, "decoder.0.norm1", "disc-7")
    assert Settings.from_query(settings.to_query()) == settings
    assert Settings().to_query() == {}
    assert Settings.from_query(replace(settings, layer="").to_query()).layer == ""


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_it_is_said_and_drawn_in_each_language(shown: Subject, words: Words) -> None:
    labels = [layer_label(name, words) for name in shown.explained.rho]
    assert len(set(labels)) == len(labels)
    for settings in (Settings(), Settings(0.4, "decoder.0.norm1", "disc-7")):
        seen = view(shown, settings, words)
        assert not any("{" in text.replace("_{", "") for text in [*texts(seen), *labels])
        assert all(panel.alt for row in seen.rows for panel in row)
        assert 'class="was"' in element(seen)
