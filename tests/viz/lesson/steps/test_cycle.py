"""Step 8: both translations are the networks' own, and the loss is that of the pictures shown."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageChops

from tests.tiny import pictures, tiny_model
from ugatit.images.tensors import to_picture, to_tensor
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.number_format import format_number, format_percent, sigmoid
from viz.lesson.steps.cycle import Settings, most_changed_ninth, view
from viz.lesson.subject import Subject

ENGLISH = LANGUAGES["en"]


def make_subject(seed: int = 0, size: tuple[int, int] = (32, 32)) -> Subject:
    return Subject(tiny_model(seed).eval(), "square", to_picture(pictures(1, seed=seed)[0]).resize(size), "a scene")


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


@pytest.mark.parametrize("size", [(32, 32), (32, 70)])
@pytest.mark.parametrize("seed", range(2))
def test_pictures_are_those_the_model_translates_there_and_back(seed: int, size: tuple[int, int]) -> None:
    subject = make_subject(seed, size)
    result = view(subject, Settings(), ENGLISH)
    with torch.no_grad():
        there = subject.model.translate(to_tensor(subject.fitted.canvas), "square")
        back = subject.model.translate(there.image, "disc")
    assert same(result.panel("input").picture, subject.picture)
    assert same(result.panel("translation").picture, subject.render(there.image))
    assert same(result.panel("returned").picture, subject.render(back.image))
    assert format_percent(sigmoid(float(back.cam_logits.mean()))) in result.sentences[-1]


def test_what_was_lost_is_the_mean_difference_of_the_pictures_shown() -> None:
    result = view(make_subject(1), Settings(), ENGLISH)
    start, there, end = (np.asarray(result.panel(name).picture, float) for name in ("input", "translation", "returned"))
    lost, changed = np.abs(start - end).mean(), np.abs(start - there).mean()
    assert format_number(lost, 1) in result.sentences[0]
    assert format_number(changed, 1) in result.sentences[0]
    assert f"= {format_number(lost)} / 127.5 = {format_number(lost / 127.5, 3)} on" in result.formulas[0]


def test_a_picture_that_comes_home_as_it_left_has_lost_nothing() -> None:
    subject = make_subject(2)
    subject.__dict__["reconstruction"] = replace(subject.reconstruction, image=to_tensor(subject.fitted.canvas))
    result = view(subject, Settings(), ENGLISH)
    assert "by 0.0 of 255 grey levels" in result.sentences[0]
    assert result.sentences[1] == ENGLISH.cycle.kept
    assert len(result.sentences) == 3, "no place has lost the most"
    assert result.panel("difference").picture.getextrema() == ((0, 0), (0, 0), (3, 3))


def test_a_way_back_that_leads_farther_away_is_called_so() -> None:
    subject = make_subject(3)
    canvas = to_tensor(subject.fitted.canvas)
    subject.__dict__["explanation"] = replace(subject.explanation, image=canvas)
    subject.__dict__["reconstruction"] = replace(subject.reconstruction, image=-canvas)
    assert view(subject, Settings(), ENGLISH).sentences[1] == ENGLISH.cycle.farther


def test_of_a_picture_that_never_changed_no_way_back_is_judged() -> None:
    subject = make_subject(3)
    canvas = to_tensor(subject.fitted.canvas)
    for name in ("explanation", "reconstruction"):
        subject.__dict__[name] = replace(getattr(subject, name), image=canvas)
    assert len(view(subject, Settings(), ENGLISH).sentences) == 2


@pytest.mark.parametrize("place", range(9))
def test_the_ninth_that_lost_most_is_found(place: int) -> None:
    values = np.zeros((31, 47), np.float32)
    row, column = divmod(place, 3)
    values[5 + 10 * row, 7 + 16 * column] = 100
    ninth, mean = most_changed_ninth(values)
    assert ninth == place
    assert 0 < mean < 100


def test_a_very_narrow_picture_has_empty_ninths_and_still_one_that_lost_most() -> None:
    values = np.zeros((64, 2), np.float32)
    values[-1] = 3
    ninth, mean = most_changed_ninth(values)
    assert ninth in (6, 7)
    assert mean > 0


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_there_are_two_rows_of_three_pictures_and_a_name_for_each_ninth(words: Words) -> None:
    assert [len(row) for row in view(make_subject(), Settings(), words).rows] == [3, 3]
    assert len(set(words.cycle.places)) == 9
