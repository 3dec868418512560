"""What holds for every step: its settings survive a link, wrong ones are refused, and its texts are complete."""

from collections.abc import Callable
from types import ModuleType

import pytest

from tests.tiny import SIZE
from tests.viz.lesson.subjects import check_view, make_subject
from ugatit.data.scenes import scene
from ugatit.errors import TranslationError
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.settings import StepSettings
from viz.lesson.steps import (
    adalin,
    critics,
    cycle,
    elsewhere,
    encoder,
    evidence,
    faithfulness,
    growth,
    occlusion,
    pooling,
    question,
    without_cam,
)
from viz.lesson.subject import Subject

STEPS = (
    question, encoder, pooling, evidence, elsewhere, occlusion, adalin, critics, cycle, growth, faithfulness,
    without_cam,
)  # fmt: skip
PAINTED = "8x8-h4u4h4u4a8"


@pytest.fixture(scope="module", params=[SIZE, SIZE + 16], ids=["square", "wide"])
def subject(request: pytest.FixtureRequest) -> Subject:
    subject = make_subject(1, request.param)
    subject.others = {"disc-7": scene("disc", 7, 40)[0]}
    subject.reference = subject.explainer.fit(scene("square", 5, SIZE)[0])
    return subject


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize(
    ("step", "settings", "part"),
    [
        (question, question.Settings(), lambda words: words.lesson.translation),
        (encoder, encoder.Settings(), lambda words: "data-channel"),
        (encoder, encoder.Settings("gap", 12, 2, (3,)), lambda words: "data-channel"),
        *((pooling, pooling.Settings(attend), lambda words: "<figure") for attend in pooling.CHOICES),
        (evidence, evidence.Settings("gap"), lambda words: words.evidence.pointing),
        (evidence, evidence.Settings("gmp"), lambda words: words.evidence.pointing),
        (elsewhere, elsewhere.Settings(), lambda words: 'data-panel="painted"'),
        (elsewhere, elsewhere.Settings(PAINTED), lambda words: 'data-panel="painted"'),
        (occlusion, occlusion.Settings(), lambda words: words.occlusion.covered),
        (adalin, adalin.Settings(), lambda words: 'class="was"'),
        (adalin, adalin.Settings(0.4, "decoder.0.norm1", "disc-7"), lambda words: 'class="was"'),
        (critics, critics.Settings("local"), lambda words: words.critics.patches),
        (critics, critics.Settings("global"), lambda words: words.critics.patches),
        (cycle, cycle.Settings(), lambda words: words.cycle.returned),
        (growth, growth.Settings(), lambda words: words.growth.none),
        (faithfulness, faithfulness.Settings(), lambda words: words.faithfulness.start),
        (without_cam, without_cam.Settings(), lambda words: words.without_cam.none),
    ],
)
def test_all_texts_are_complete_in_every_language(
    subject: Subject, step: ModuleType, settings: StepSettings, part: Callable[[Words], str], words: Words
) -> None:
    assert part(words) in check_view(step.view(subject, settings, words))


@pytest.mark.parametrize(
    "settings",
    [
        encoder.Settings("gap", 48, 5, (0, 3, 12)),
        pooling.Settings("off"),
        evidence.Settings("gmp"),
        elsewhere.Settings(PAINTED),
        *map(occlusion.Settings, occlusion.SHARES),
        adalin.Settings(-0.35, "decoder.0.norm1", "disc-7"),
        adalin.Settings(-0.35, "", "disc-7"),
        critics.Settings("global", 0.25, 1.0),
        growth.Settings(2, 1),
    ],
)
def test_settings_survive_a_link(settings: StepSettings) -> None:
    assert type(settings).from_query(settings.to_query()) == settings


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.NAME)
def test_default_settings_leave_a_link_empty(step: ModuleType) -> None:
    assert step.Settings().to_query() == {}
    assert step.Settings.from_query({}) == step.Settings()


@pytest.mark.parametrize(
    ("step", "query", "message"),
    [
        (encoder, {"pooling": "median"}, "'median'"),
        (encoder, {"shown": "7"}, "got 7"),
        (encoder, {"strongest": "999"}, "got 999"),
        (encoder, {"off": "1.-2"}, "-2"),
        (encoder, {"off": "1.x"}, "off"),
        (pooling, {"attend": "median"}, "'median'"),
        (evidence, {"pooling": "median"}, "'median'"),
        *(
            (elsewhere, {"painted": text}, "painting")
            for text in ("hello", "16x16-h999", "16x16", "-1x4-h1", "4x4-h1;drop", "\u0000", "u" * 10_000)
        ),
        *((occlusion, {"size": size}, "size") for size in ("nan", "0.0", "-1.0", "0.51", "inf")),
        (occlusion, {"size": "large"}, "cannot be read"),
        *((adalin, {"pull": pull}, "pull") for pull in ("nan", "-1.01", "2.0", "inf")),
        (critics, {"across": "1.5"}, "across"),
        (critics, {"down": "nan"}, "down"),
        (critics, {"down": "x"}, "down"),
        (growth, {"moment": "-1"}, "moment"),
        (growth, {"sample": "-2"}, "sample"),
        (growth, {"moment": "x"}, "moment"),
    ],
)
def test_wrong_settings_in_a_link_are_refused_in_one_line(
    step: ModuleType, query: dict[str, str], message: str
) -> None:
    with pytest.raises(TranslationError, match=message) as refused:
        step.Settings.from_query(query)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200
