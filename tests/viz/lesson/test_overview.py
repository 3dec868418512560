"""The overview: a stage for each part of the way, with a critic where one has attention."""

import pytest

from tests.attentive_toy import AttentiveToy
from tests.toy import ToyConfig
from tests.viz.lesson.subjects import make_subject
from tests.viz.lesson.test_critic_judgement import make_picture
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.overview import overview
from viz.lesson.subject import Subject

STEPS = ["question", "encoder", "evidence", "adalin", "elsewhere", "critics", "cycle"]


@pytest.mark.parametrize(("code", "named"), [("en", "the local critic looked"), ("ko", "지역 판별자가 본 곳")])
def test_the_critic_shown_is_named(code: str, named: str) -> None:
    stages = overview(make_subject(), LANGUAGES[code])
    assert [stage.step for stage in stages] == STEPS
    assert named in next(stage.panel.alt for stage in stages if stage.step == "critics")


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_the_first_critic_of_another_model_is_shown_and_none_where_there_is_none(words: Words) -> None:
    model = AttentiveToy(ToyConfig()).eval()
    stages = overview(Subject(model, "C", make_picture(1), "mine", origin="B"), words)
    assert "small" in next(stage.panel.alt for stage in stages if stage.step == "critics")
    assert all(stage.panel.alt and "{" not in stage.panel.alt for stage in stages)
    without = overview(Subject(AttentiveToy(ToyConfig(), critics=()).eval(), "C", make_picture(1)), words)
    assert [stage.step for stage in without] == [step for step in STEPS if step != "critics"]
