"""What the query of an address opens in the lesson, and the remarks on what it cannot open."""

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
from viz.tabs.learn.lesson_link import parse_link
from viz.tabs.learn.steps import STEPS
from viz.tabs.learn.subject_cache import Selection, SubjectCache


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> SubjectCache:
    folder: Path = tmp_path_factory.mktemp("weights")
    save_tiny(folder / SCENES, 0, ("round", "angular"), ("disc", "square"))
    weights = bundled_weights(folder)
    return SubjectCache(Catalog(weights, "cpu", "fp32"), load_examples(weights, folder), folder, weights[0])


def test_the_link_of_a_step_opens_the_same_selection_step_and_settings(subjects: SubjectCache) -> None:
    address = Place("pooling", SCENES, "round", "square-6", "en").link(Settings("gmp"))
    link = parse_link(dict(parse_qsl(address[1:])), subjects, STEPS, (), words_in("en"))
    assert link is not None
    assert link.step is not None
    assert link.selection == Selection(SCENES, "round", "square-6")
    assert (link.step.name, link.settings, link.remarks) == ("pooling", Settings("gmp"), ())


@pytest.mark.parametrize("query", [{}, {"lang": "ko"}, {"__theme": "dark", "attend": "gap"}])
def test_an_address_that_names_no_place_opens_nothing(subjects: SubjectCache, query: dict[str, str]) -> None:
    assert parse_link(query, subjects, STEPS, (), words_in("en")) is None


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize(
    ("query", "quoted"),
    [
        ({"weights": "../etc"}, "../etc"),
        ({"to": "marble"}, "marble"),
        ({"picture": "/etc/passwd"}, "/etc/passwd"),
        ({"step": "dessert"}, "dessert"),
        ({"step": "pooling", "attend": "9"}, "attend=9"),
        ({"step": "x" * 9000}, "x" * 40),
    ],
)
def test_an_unknown_part_is_quoted_and_the_lesson_opens_with_its_default(
    subjects: SubjectCache, query: dict[str, str], quoted: str, words: Words
) -> None:
    link = parse_link(query, subjects, STEPS, (), words)
    assert link is not None
    assert link.selection == Selection(SCENES, "angular", "disc-11")
    assert len(link.remarks) == 1
    assert quoted in link.remarks[0]
    assert len(link.remarks[0]) < 200


def test_a_direction_alone_selects_a_picture_of_the_other_domain(subjects: SubjectCache) -> None:
    link = parse_link({"to": "round"}, subjects, STEPS, (), words_in("en"))
    assert link is not None
    assert link.selection == Selection(SCENES, "round", "square-4")
