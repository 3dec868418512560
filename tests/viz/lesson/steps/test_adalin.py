"""Step 6: the picture is the generator's with the changed rho, or with another picture's gamma and beta."""

import pytest
import torch

from tests.viz.lesson.subjects import make_subject
from ugatit.data.scenes import scene
from ugatit.errors import TranslationError
from ugatit.explain.interventions import ModulationOf, Rho
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.number_format import format_number
from viz.lesson.steps.adalin import Settings, layer_label, view
from viz.lesson.subject import Subject
from viz.lesson.view import Bars

ENGLISH = LANGUAGES["en"]


@pytest.fixture(scope="module", params=[(0, 32), (1, 48)], ids=["square", "wide"])
def subject(request: pytest.FixtureRequest) -> Subject:
    seed, width = request.param
    subject = make_subject(seed, width)
    subject.others = {f"disc-{other}": scene("disc", other, 40)[0].resize((60, 40)) for other in (7, 8)}
    return subject


def bars_of(subject: Subject, settings: Settings) -> Bars:
    (bars,) = view(subject, settings, ENGLISH).charts
    assert isinstance(bars, Bars)
    return bars


def test_as_learned_both_pictures_are_the_generators(subject: Subject) -> None:
    result = view(subject, Settings(), ENGLISH)
    expected = subject.render(subject.explanation.image).tobytes()
    for name in ("translation", "translation-now"):
        assert result.panel(name).picture.tobytes() == expected
    for bar, rho in zip(bars_of(subject, Settings()).bars, subject.explanation.rho.values(), strict=True):
        assert bar.value == bar.before == pytest.approx(float(rho.mean()))


@pytest.mark.parametrize(("pull", "value"), [(-1.0, 0.0), (-0.35, 0.0), (0.5, 1.0), (1.0, 1.0)])
@pytest.mark.parametrize("layer", ["", "decoder.0.norm2", "upsampling.1.norm"])
def test_the_picture_is_the_generators_with_the_changed_rho(
    subject: Subject, pull: float, value: float, layer: str
) -> None:
    settings = Settings(pull, layer)
    expected = subject.explain(Rho(value, layer or None, abs(pull)))
    result = view(subject, settings, ENGLISH)
    assert result.panel("translation-now").picture.tobytes() == subject.render(expected.image).tobytes()
    for bar, rho in zip(bars_of(subject, settings).bars, expected.rho.values(), strict=True):
        assert bar.value == pytest.approx(float(rho.mean()))


def test_full_pull_ends_at_the_ends_of_the_bars(subject: Subject) -> None:
    for pull, end in ((-1.0, 0.0), (1.0, 1.0)):
        assert all(bar.value == end for bar in bars_of(subject, Settings(pull)).bars)


def test_gamma_and_beta_are_those_of_the_other_picture(subject: Subject) -> None:
    explainer, name = subject.explainer, "disc-7"
    other = explainer.encode(explainer.tensor(explainer.fit(subject.others[name])))
    expected = subject.explain(ModulationOf(explainer.explain(other).modulation))
    result = view(subject, Settings(other=name), ENGLISH)
    assert result.panel("translation-now").picture.tobytes() == subject.render(expected.image).tobytes()
    assert not torch.equal(expected.image, subject.explanation.image)
    assert result.panel("other").picture.size == (48, 32)
    assert any(name in sentence for sentence in result.sentences)


def test_a_pull_and_another_pictures_gamma_can_be_combined(subject: Subject) -> None:
    both, pulled, borrowed = (
        view(subject, settings, ENGLISH).panel("translation-now").picture.tobytes()
        for settings in (Settings(-1.0, other="disc-8"), Settings(-1.0), Settings(other="disc-8"))
    )
    assert len({both, pulled, borrowed}) == 3


def test_the_formula_contains_the_mean_rho(subject: Subject) -> None:
    rho = subject.explain(Rho(0.0, None, 0.5)).rho
    mean = sum(float(values.mean()) for values in rho.values()) / len(rho)
    assert format_number(mean) in view(subject, Settings(-0.5), ENGLISH).formulas[1]


@pytest.mark.parametrize("query", [{"layer": "decoder.9.norm1"}, {"other": "../../etc/passwd"}, {"layer": "x" * 999}])
def test_a_layer_or_picture_that_the_subject_lacks_is_refused_in_one_line(
    subject: Subject, query: dict[str, str]
) -> None:
    settings = Settings.from_query(query)
    with pytest.raises(TranslationError) as refused:
        view(subject, settings, ENGLISH)
    assert len(str(refused.value)) < 300
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_every_layer_has_a_label_of_its_own(subject: Subject, words: Words) -> None:
    labels = [layer_label(name, words) for name in subject.explanation.rho]
    assert len(set(labels)) == len(labels)
    assert not any("{" in label for label in labels)
