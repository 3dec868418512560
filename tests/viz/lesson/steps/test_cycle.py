"""Step 8: the way there and back is the networks' own, and what was lost is counted on the pictures shown."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageChops

from tests.tiny import pictures, tiny_model
from ugatit.images.tensors import to_picture, to_tensor
from viz.i18n import LANGUAGES
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.number_format import percent, plain, probability
from viz.lesson.steps.cycle import Settings, most, view
from viz.lesson.subject import Subject

ENGLISH = LANGUAGES["en"]


def subject(seed: int = 0, size: tuple[int, int] = (32, 32)) -> Subject:
    return Subject(tiny_model(seed).eval(), "square", to_picture(pictures(1, seed=seed)[0]).resize(size), "a scene")


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


@pytest.mark.parametrize("size", [(32, 32), (32, 70)])
@pytest.mark.parametrize("seed", range(2))
def test_pictures_are_those_the_model_translates_there_and_back(seed: int, size: tuple[int, int]) -> None:
    shown = subject(seed, size)
    found = view(shown, Settings(), ENGLISH)
    with torch.no_grad():
        there = shown.model.translate(to_tensor(shown.fitted.canvas), "square")
        back = shown.model.translate(there.image, "disc")
    assert same(found.panel("input").picture, shown.picture)
    assert same(found.panel("translation").picture, shown.drawn(there.image))
    assert same(found.panel("returned").picture, shown.drawn(back.image))
    assert percent(probability(float(back.cam_logits.mean()))) in found.says[-1]


def test_what_was_lost_is_the_mean_difference_of_the_pictures_shown() -> None:
    found = view(subject(1), Settings(), ENGLISH)
    start, there, end = (np.asarray(found.panel(name).picture, float) for name in ("input", "translation", "returned"))
    lost, changed = np.abs(start - end).mean(), np.abs(start - there).mean()
    assert plain(lost, 1) in found.says[0]
    assert plain(changed, 1) in found.says[0]
    assert f"= {plain(lost)} / 127.5 = {plain(lost / 127.5, 3)} on" in found.formulas[0]


def test_a_picture_that_comes_home_as_it_left_has_lost_nothing() -> None:
    shown = subject(2)
    shown.__dict__["returned"] = replace(shown.returned, image=to_tensor(shown.fitted.canvas))
    found = view(shown, Settings(), ENGLISH)
    assert "by 0.0 of 255 grey levels" in found.says[0]
    assert found.says[1] == ENGLISH.cycle.kept
    assert len(found.says) == 3, "no place has lost the most"
    assert found.panel("difference").picture.getextrema() == ((0, 0), (0, 0), (3, 3))


def test_a_way_back_that_leads_farther_away_is_called_so() -> None:
    shown = subject(3)
    canvas = to_tensor(shown.fitted.canvas)
    shown.__dict__["explained"] = replace(shown.explained, image=canvas)
    shown.__dict__["returned"] = replace(shown.returned, image=-canvas)
    assert view(shown, Settings(), ENGLISH).says[1] == ENGLISH.cycle.farther


def test_of_a_picture_that_never_changed_no_way_back_is_judged() -> None:
    shown = subject(3)
    canvas = to_tensor(shown.fitted.canvas)
    for name in ("explained", "returned"):
        shown.__dict__[name] = replace(getattr(shown, name), image=canvas)
    assert len(view(shown, Settings(), ENGLISH).says) == 2


@pytest.mark.parametrize("place", range(9))
def test_the_ninth_that_lost_most_is_found(place: int) -> None:
    values = np.zeros((31, 47), np.float32)
    row, column = divmod(place, 3)
    values[5 + 10 * row, 7 + 16 * column] = 100
    found, mean = most(values)
    assert found == place
    assert 0 < mean < 100


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_all_is_said_in_every_language(words: Words) -> None:
    found = view(subject(), Settings(), words)
    assert [len(row) for row in found.rows] == [3, 3]
    assert len(set(words.cycle.places)) == 9
    texts = [
        *found.says,
        *(panel.alt for row in found.rows for panel in row),
        *(s for c in found.scales for s in c.ends),
    ]
    assert all(text and "{" not in text for text in texts)
    assert words.cycle.returned in element(found)


def test_sliver_has_empty_ninths_and_still_one_that_lost_most() -> None:
    values = np.zeros((64, 2), np.float32)
    values[-1] = 3
    found, mean = most(values)
    assert found in (6, 7)
    assert mean > 0
