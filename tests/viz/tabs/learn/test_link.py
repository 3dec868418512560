"""What a page's address opens in the lesson, and what is said of the rest."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.live import SCENES, save_tiny
from ugatit.checkpoints.registry import bundled_weights
from viz.examples import load_examples
from viz.i18n import LANGUAGES, words_in
from viz.i18n.schema import Words
from viz.lesson.settings import Place
from viz.lesson.steps.pooling import Settings
from viz.tabs.catalog import Catalog
from viz.tabs.language import language_of_request
from viz.tabs.learn.link import parse_link
from viz.tabs.learn.steps import STEPS
from viz.tabs.learn.subjects import Selection, SubjectCache


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> SubjectCache:
    room: Path = tmp_path_factory.mktemp("room")
    save_tiny(room / SCENES, 0, ("round", "angular"), ("disc", "square"))
    found = bundled_weights(room)
    return SubjectCache(Catalog(found, "cpu", "fp32"), load_examples(found, room), room, found[0])


def test_a_steps_link_opens_what_it_was_taken_of(subjects: SubjectCache) -> None:
    link = Place("pooling", SCENES, "round", "square-6", "en").link(Settings("gmp"))
    arrived = parse_link(dict(parse_qsl(link[1:])), subjects, STEPS, (), words_in("en"))
    assert arrived is not None
    assert arrived.step is not None
    assert (arrived.chosen, arrived.step.name, arrived.settings) == (
        Selection(SCENES, "round", "square-6"), "pooling", Settings("gmp")
    )  # fmt: skip
    assert arrived.remarks == ()


@pytest.mark.parametrize("query", [{}, {"lang": "ko"}, {"__theme": "dark", "attend": "gap"}])
def test_an_address_that_names_no_place_opens_nothing(subjects: SubjectCache, query: dict[str, str]) -> None:
    assert parse_link(query, subjects, STEPS, (), words_in("en")) is None


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
    subjects: SubjectCache, query: dict[str, str], named: str, words: Words
) -> None:
    arrived = parse_link(query, subjects, STEPS, (), words)
    assert arrived is not None
    assert arrived.chosen == Selection(SCENES, "angular", "disc-11")
    assert len(arrived.remarks) == 1
    assert named in arrived.remarks[0]
    assert len(arrived.remarks[0]) < 200


def test_a_direction_alone_brings_a_picture_of_the_other_domain(subjects: SubjectCache) -> None:
    arrived = parse_link({"to": "round"}, subjects, STEPS, (), words_in("en"))
    assert arrived is not None
    assert arrived.chosen == Selection(SCENES, "round", "square-4")


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "expected"),
    [("ko", "en", "en", "ko"), ("", "ko", "en", "ko"), ("xx", "", "ko", "ko"), ("", "no", "fr", "en")],
)
def test_a_link_speaks_before_memory_and_memory_before_the_browser(
    asked: str, remembered: str, accepted: str, expected: str
) -> None:
    assert language_of_request(asked, remembered, accepted) == expected
