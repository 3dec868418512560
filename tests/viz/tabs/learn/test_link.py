"""What a page's address opens in the lesson, and what is said of the rest."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.live import SCENES, save_tiny
from ugatit.checkpoints.registry import bundled
from viz.examples import gather
from viz.i18n import LANGUAGES, words_in
from viz.i18n.schema import Words
from viz.lesson.settings import Place
from viz.lesson.steps.pooling import Settings
from viz.tabs.catalog import Shelf
from viz.tabs.language import spoken
from viz.tabs.learn.link import opened
from viz.tabs.learn.steps import STEPS
from viz.tabs.learn.subjects import Chosen, Subjects


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> Subjects:
    room: Path = tmp_path_factory.mktemp("room")
    save_tiny(room / SCENES, 0, ("round", "angular"), ("disc", "square"))
    found = bundled(room)
    return Subjects(Shelf(found, "cpu", "fp32"), gather(found, room), room, found[0])


def test_a_steps_link_opens_what_it_was_taken_of(subjects: Subjects) -> None:
    link = Place("pooling", SCENES, "round", "square-6", "en").link(Settings("gmp"))
    arrived = opened(dict(parse_qsl(link[1:])), subjects, STEPS, (), words_in("en"))
    assert arrived is not None
    assert arrived.step is not None
    assert (arrived.chosen, arrived.step.name, arrived.settings) == (
        Chosen(SCENES, "round", "square-6"), "pooling", Settings("gmp")
    )  # fmt: skip
    assert arrived.remarks == ()


@pytest.mark.parametrize("query", [{}, {"lang": "ko"}, {"__theme": "dark", "attend": "gap"}])
def test_an_address_that_names_no_place_opens_nothing(subjects: Subjects, query: dict[str, str]) -> None:
    assert opened(query, subjects, STEPS, (), words_in("en")) is None


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"weights": "../etc"}, "../etc"),
        ({"to": "marble"}, "marble"),
        ({"picture": "/etc/passwd"}, "/etc/passwd"),
        ({"step": "dessert"}, "dessert"),
        ({"step": "pooling", "attend": "9"}, "attend=9"),
        ({"step": "x" * 9000}, "x" * 40),
    ],
)
def test_what_is_not_there_is_named_and_the_lesson_opens(
    subjects: Subjects, query: dict[str, str], named: str, words: Words
) -> None:
    arrived = opened(query, subjects, STEPS, (), words)
    assert arrived is not None
    assert arrived.chosen == Chosen(SCENES, "angular", "disc-11")
    assert len(arrived.remarks) == 1
    assert named in arrived.remarks[0]
    assert len(arrived.remarks[0]) < 200


def test_a_direction_alone_brings_a_picture_of_the_other_domain(subjects: Subjects) -> None:
    arrived = opened({"to": "round"}, subjects, STEPS, (), words_in("en"))
    assert arrived is not None
    assert arrived.chosen == Chosen(SCENES, "round", "square-4")


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "expected"),
    [("ko", "en", "en", "ko"), ("", "ko", "en", "ko"), ("xx", "", "ko", "ko"), ("", "no", "fr", "en")],
)
def test_a_link_speaks_before_memory_and_memory_before_the_browser(
    asked: str, remembered: str, accepted: str, expected: str
) -> None:
    assert spoken(asked, remembered, accepted) == expected
