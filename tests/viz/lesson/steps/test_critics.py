"""Step 7: the numbers shown are the critics' own, and their scores are put into words."""

from dataclasses import replace

import pytest
import torch

from tests.attentive_toy import AttentiveToy
from tests.toy import ToyConfig
from tests.viz.lesson.subjects import check_view
from tests.viz.lesson.test_critic_judgement import make_picture, make_subject
from ugatit.errors import TranslationError
from ugatit.images.tensors import to_tensor
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.number_format import format_number
from viz.lesson.steps.critics import Settings, view
from viz.lesson.subject import Subject

ENGLISH = LANGUAGES["en"]


@pytest.mark.parametrize("critic", ["local", "global"])
@pytest.mark.parametrize("seed", range(3))
def test_the_scores_shown_are_the_critics_own(seed: int, critic: str) -> None:
    subject = make_subject(seed)
    table = view(subject, Settings(critic), ENGLISH).charts[0]
    network = subject.model.critics("square")[critic]
    assert subject.reference is not None
    with torch.no_grad():
        outputs = [network(to_tensor(subject.reference.canvas)), network(subject.explanation.image)]
    expected = [[*output.cam_logits[0].tolist(), float(output.patch_logits.mean())] for output in outputs]
    for column, numbers in enumerate(expected, start=1):
        assert [row[column] for row in table.rows[:3]] == list(map(format_number, numbers))


@pytest.mark.parametrize(
    ("real", "translated", "words", "comparison"),
    [
        (0.9, 0.1, ("looks real", "looks translated"), "these two it can tell apart"),
        (0.54, 0.46, ("undecided", "undecided"), "these two it can hardly tell apart"),
        (-0.2, 1.3, ("looks translated", "looks real"), "the more real one"),
    ],
)
def test_scores_are_put_into_words(
    monkeypatch: pytest.MonkeyPatch, real: float, translated: float, words: tuple[str, str], comparison: str
) -> None:
    subject = make_subject(4)
    explanations = {
        on: replace(subject.explain_critic("local", on), patch_logits=torch.full((1, 1, 3, 3), score))
        for on, score in (("reference", real), ("translation", translated))
    }
    monkeypatch.setattr(subject, "explain_critic", lambda critic, on: explanations[on])
    sentences = view(subject, Settings(), ENGLISH).sentences
    assert f"{format_number(real)} ({words[0]})" in sentences[0]
    assert f"{format_number(translated)} ({words[1]})" in sentences[0]
    assert comparison in sentences[1]


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("critic", ["local", "global"])
def test_each_picture_has_two_maps_and_no_score_is_in_per_cent(words: Words, critic: str) -> None:
    result = view(make_subject(), Settings(critic), words)
    assert [panel.name for row in result.rows for panel in row] == [
        f"{on}{part}" for on in ("reference", "translation") for part in ("", "-attention", "-patches")
    ]
    cells = [cell for row in result.charts[0].rows for cell in row]
    assert "%" not in "".join((*result.sentences, *result.formulas, *cells))


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_without_a_real_picture_only_the_translation_is_judged(words: Words) -> None:
    result = view(make_subject(reference=False), Settings(), words)
    assert len(result.rows) == 1
    assert result.sentences[1].startswith(words.critics.no_reference.partition("{")[0])
    assert len(result.charts[0].header) == 2


def test_critics_are_the_subjects_own_and_the_first_is_the_default() -> None:
    subject = Subject(AttentiveToy(ToyConfig()).eval(), "B", make_picture(1))
    default, first, second = (view(subject, Settings(name), ENGLISH) for name in ("", "small", "large"))
    assert default.charts == first.charts
    assert default.charts != second.charts
    with pytest.raises(TranslationError, match="no critic 'local'; choose one of: small, large") as refused:
        view(subject, Settings("local"), ENGLISH)
    assert "\n" not in str(refused.value)
    with pytest.raises(TranslationError, match=f"'{'x' * 40}'; choose one of: local, global"):
        view(make_subject(), Settings("x" * 999), ENGLISH)


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_without_critics_with_attention_one_sentence_says_so(words: Words) -> None:
    subject = Subject(AttentiveToy(ToyConfig(), critics=()).eval(), "B", make_picture(1))
    result = view(subject, Settings(), words)
    assert (result.sentences, result.rows, result.charts) == ((words.critics.no_attention,), (), ())
    check_view(result)
