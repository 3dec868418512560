"""Step 1: the verdict and the pictures are the network's own."""

import numpy as np
import pytest
import torch

from tests.viz.lesson.known import subject, texts
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.maps import laid
from viz.lesson.number_format import percent, plain
from viz.lesson.steps.question import Settings, view
from viz.lesson.subject import of_first


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("seed", range(3))
def test_the_verdict_is_the_sigmoid_of_the_mean_of_both_logits(seed: int, words: Words) -> None:
    asked = subject(seed)
    with torch.no_grad():
        logits = asked.model.translate(asked.explainer.tensor(asked.fitted), "square").cam_logits
    assert logits is not None
    share = float(logits.mean().sigmoid())
    shown = view(asked, Settings(), words)
    assert f"{percent(share)} disc" in shown.says[0]
    assert shown.formulas[0].endswith(f"= {plain(share, 3)}")
    assert all(plain(float(logit)) in shown.says[1] for logit in logits[0])


def test_its_pictures_are_the_input_the_raw_map_and_the_translation() -> None:
    asked = subject(known=False)
    shown = view(asked, Settings(), LANGUAGES["en"])
    explained = asked.explainer.explain(asked.encoded)
    expected = {
        "input": asked.picture,
        "attention": laid(of_first(explained.attention_map), asked.picture, asked.grids()),
        "translation": asked.drawn(explained.image),
    }
    for name, picture in expected.items():
        assert np.array_equal(np.asarray(shown.panel(name).picture), np.asarray(picture))


def test_the_object_is_outlined_and_spoken_of_where_it_is_known_alone() -> None:
    words = LANGUAGES["en"]
    known, unknown = (view(subject(known=known), Settings(), words) for known in (True, False))
    assert known.panel("attention").picture.tobytes() != unknown.panel("attention").picture.tobytes()
    assert len(known.says) == len(unknown.says) + 1


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_all_is_said_in_every_language(words: Words) -> None:
    shown = view(subject(), Settings(), words)
    assert not any("{k}" in said.replace("_{k}", "") or "{{" in said for said in texts(shown))
    assert shown.says[0] in element(shown).replace("&gt;", ">").replace("&lt;", "<")
