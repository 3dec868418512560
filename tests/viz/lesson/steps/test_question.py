"""Step 1: the verdict and the pictures are the network's own."""

import numpy as np
import pytest
import torch

from tests.viz.lesson.subjects import make_subject
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.maps import draw_map
from viz.lesson.number_format import format_number, format_percent
from viz.lesson.steps.question import Settings, view
from viz.lesson.subject import first_map


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("seed", range(3))
def test_the_verdict_is_the_sigmoid_of_the_mean_of_both_logits(seed: int, words: Words) -> None:
    subject = make_subject(seed)
    with torch.no_grad():
        logits = subject.model.translate(subject.explainer.tensor(subject.fitted), "square").cam_logits
    assert logits is not None
    share = float(logits.mean().sigmoid())
    result = view(subject, Settings(), words)
    assert f"{format_percent(share)} disc" in result.sentences[0]
    assert result.formulas[0].endswith(f"= {format_number(share, 3)}")
    assert all(format_number(float(logit)) in result.sentences[1] for logit in logits[0])


def test_the_pictures_are_the_input_the_raw_map_and_the_translation() -> None:
    subject = make_subject(known=False)
    result = view(subject, Settings(), LANGUAGES["en"])
    explanation = subject.explainer.explain(subject.encoded)
    expected = {
        "input": subject.picture,
        "attention": draw_map(first_map(explanation.attention_map), subject.picture, subject.grids()),
        "translation": subject.render(explanation.image),
    }
    for name, picture in expected.items():
        assert np.array_equal(np.asarray(result.panel(name).picture), np.asarray(picture))


def test_the_object_is_outlined_and_mentioned_only_if_it_is_known() -> None:
    words = LANGUAGES["en"]
    known, unknown = (view(make_subject(known=known), Settings(), words) for known in (True, False))
    assert known.panel("attention").picture.tobytes() != unknown.panel("attention").picture.tobytes()
    assert len(known.sentences) == len(unknown.sentences) + 1
