"""The lesson's subject: what steps share is asked once, and shown without the padding of the canvas."""

from threading import Thread

import numpy as np
import pytest
import torch
from PIL import Image

from tests.tiny import SIZE, tiny_model
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


def test_what_it_shows_is_what_the_translator_s_networks_draw(model: UGATIT) -> None:
    subject = Subject(model, "square", wide())
    with torch.no_grad():
        image = model.translate(Explainer(model, "square").tensor(subject.fitted), "square").image
    torch.testing.assert_close(subject.explained.image, image)
    assert subject.picture.size == subject.drawn(image).size == (SIZE + 6, SIZE)
    assert subject.fitted.canvas.size == (SIZE + 8, SIZE)


def test_networks_run_once_for_all_steps_and_threads(model: UGATIT, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = Subject(model, "square", wide(), reference=scene("square", 5, SIZE)[0])
    counted: list[str] = []
    encode = Explainer.encode
    monkeypatch.setattr(
        Explainer, "encode", lambda *a: (counted.append(a[2] if len(a) > 2 else "generator"), encode(*a))[1]
    )

    def ask() -> None:
        for on in ("translation", "reference"):
            subject.judged("local", on)
        assert subject.explained is subject.explain()
        assert subject.returned is subject.returned

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counted) == ["generator", "local", "local"]


def test_change_leaves_the_untouched_answer_as_it_is(model: UGATIT) -> None:
    subject = Subject(model, "square", wide())
    before = subject.explained.image.clone()
    assert not torch.equal(subject.explain(AttentionOff()).image, before)
    torch.testing.assert_close(subject.explained.image, before, rtol=0, atol=0)


def test_grids_lie_on_the_picture_without_padding(model: UGATIT) -> None:
    subject = Subject(model, "square", wide())
    rows, columns = subject.grids()
    # The canvas is a pixel wider on either side; two strided convolutions centre the first cell on its first pixel.
    assert subject.fitted.box == (1, 0, SIZE + 7, SIZE)
    assert (rows.start, columns.start, rows.stride, columns.stride) == (0, -1, 4, 4)


def test_truth_of_another_size_is_laid_on_the_picture(model: UGATIT) -> None:
    truth = np.zeros((2 * SIZE, 2 * SIZE), bool)
    truth[:SIZE, :SIZE] = True
    subject = Subject(model, "square", scene("disc", 3, SIZE)[0], truth=truth)
    assert subject.truth is not None
    assert subject.truth.shape == (SIZE, SIZE)
    assert subject.truth.mean() == 0.25
