"""The lesson's subject: shared results are computed once, and pictures have no padding."""

from threading import Thread

import numpy as np
import pytest
import torch
from PIL import Image

from tests.attentive_toy import AttentiveToy
from tests.tiny import SIZE, tiny_model
from tests.toy import ToyConfig
from ugatit.data.scenes import scene
from ugatit.explain.explainer import Explainer
from ugatit.explain.interventions import AttentionOff
from ugatit.models import UGATIT
from viz.lesson.subject import Subject


@pytest.fixture
def model() -> UGATIT:
    return tiny_model().eval()


def wide(width: int = SIZE + 6) -> Image.Image:
    return scene("disc", 3, SIZE)[0].resize((width, SIZE))


def test_the_explanation_has_the_models_own_translation(model: UGATIT) -> None:
    subject = Subject(model, "square", wide())
    with torch.no_grad():
        image = model.translate(Explainer(model, "square").tensor(subject.fitted), "square").image
    torch.testing.assert_close(subject.explanation.image, image)
    assert subject.picture.size == subject.render(image).size == (SIZE + 6, SIZE)
    assert subject.fitted.canvas.size == (SIZE + 8, SIZE)


def test_networks_run_once_for_all_steps_and_threads(model: UGATIT, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = Subject(model, "square", wide(), reference=scene("square", 5, SIZE)[0])
    calls: list[str] = []
    encode = Explainer.encode
    monkeypatch.setattr(
        Explainer, "encode", lambda *a: (calls.append(a[2] if len(a) > 2 else "generator"), encode(*a))[1]
    )

    def ask() -> None:
        for on in ("translation", "reference"):
            subject.explain_critic("local", on)
        assert subject.explanation is subject.explain()
        assert subject.reconstruction is subject.reconstruction

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(calls) == ["generator", "local", "local"]


def test_an_intervention_does_not_affect_the_cached_explanation(model: UGATIT) -> None:
    subject = Subject(model, "square", wide())
    before = subject.explanation.image.clone()
    assert not torch.equal(subject.explain(AttentionOff()).image, before)
    torch.testing.assert_close(subject.explanation.image, before, rtol=0, atol=0)


def test_grids_refer_to_the_picture_without_padding(model: UGATIT) -> None:
    subject = Subject(model, "square", wide())
    rows, columns = subject.grids()
    # The canvas is a pixel wider on either side; two strided convolutions centre the first cell on its first pixel.
    assert subject.fitted.box == (1, 0, SIZE + 7, SIZE)
    assert (rows.start, columns.start, rows.stride, columns.stride) == (0, -1, 4, 4)


def test_a_mask_of_another_size_is_stretched_to_the_picture(model: UGATIT) -> None:
    truth = np.zeros((2 * SIZE, 2 * SIZE), bool)
    truth[:SIZE, :SIZE] = True
    subject = Subject(model, "square", scene("disc", 3, SIZE)[0], truth=truth)
    assert subject.truth is not None
    assert subject.truth.shape == (SIZE, SIZE)
    assert subject.truth.mean() == 0.25


def test_among_several_domains_the_origin_is_the_one_given_else_the_first_other_one() -> None:
    model = AttentiveToy(ToyConfig()).eval()
    assert Subject(model, "B", wide()).origin == "A"
    assert Subject(model, "A", wide()).origin == "B"
    subject = Subject(model, "A", wide(), origin="C")
    assert subject.origin == "C"
    assert subject.critics == ("small", "large")
    with torch.no_grad():
        image = model.translate(subject.explanation.image, "C").image
    torch.testing.assert_close(subject.reconstruction.image, image)
