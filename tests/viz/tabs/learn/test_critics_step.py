"""Step 7 on the page: the choice of critics follows the subject, and a link may name one before it is open."""

from collections.abc import Iterator

import gradio as gr
import pytest

from tests.attentive_toy import AttentiveToy
from tests.toy import ToyConfig
from tests.viz.lesson.test_critic_judgement import make_picture, make_subject
from viz.i18n import LANGUAGES, words_in
from viz.lesson.steps.critics import Settings
from viz.lesson.subject import Subject
from viz.tabs.learn import step_box
from viz.tabs.learn.step_box import StepBox
from viz.tabs.learn.steps.critics import STEP
from viz.tabs.learn.subject_cache import Selection

MINE = Selection("mine", "square", "a scene")


@pytest.fixture
def box() -> Iterator[StepBox]:
    with gr.Blocks():
        yield step_box.build(STEP, words_in("en"))


def test_a_page_just_opened_has_the_default_settings(box: StepBox) -> None:
    radio = box.controls[0].component
    assert isinstance(radio, gr.Radio)
    assert box.read_settings([radio.preprocess(radio.value), 0.5, 0.5]) == Settings()


@pytest.mark.parametrize(
    ("code", "titles"), [("en", ("Local critic", "Global critic")), ("ko", ("지역 판별자", "전역 판별자"))]
)
def test_critics_with_a_title_are_offered_by_it_and_the_first_is_the_default(
    box: StepBox, code: str, titles: tuple[str, str]
) -> None:
    update = box.label_updates(make_subject(), LANGUAGES[code])[box.controls[0].component]
    assert update["choices"] == [(titles[0], ""), (titles[1], "global")]
    assert "value" not in update


def test_critics_of_another_model_are_offered_by_their_names(box: StepBox) -> None:
    subject = Subject(AttentiveToy(ToyConfig()).eval(), "B", make_picture(1))
    update = box.label_updates(subject, words_in("en"))[box.controls[0].component]
    assert update["choices"] == [("small", ""), ("large", "large")]
    alone = Subject(AttentiveToy(ToyConfig(), critics=()).eval(), "B", make_picture(1))
    assert not box.label_updates(alone, words_in("en"))[box.controls[0].component]["visible"]


def test_a_critic_named_by_a_link_is_a_choice_before_the_subject_is_open(box: StepBox) -> None:
    update = box.settings_updates(Settings("global", 0.25))[box.controls[0].component]
    radio = gr.Radio(**{name: value for name, value in update.items() if name != "__type__"})
    assert radio.preprocess(radio.value) == "global"


def test_a_critic_that_the_subject_lacks_is_replaced_by_the_first(
    box: StepBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[str] = []
    monkeypatch.setattr(step_box, "show_error", lambda error: errors.append(str(error)))
    updates = box.view_updates(MINE, make_subject(), Settings("loud"), words_in("en"))
    assert updates[box.controls[0].component]["value"] == ""
    assert "choices" not in updates[box.controls[0].component]
    assert "critic=" not in updates[box.foot]
    assert errors == ["There is no critic 'loud'; choose one of: local, global."]
