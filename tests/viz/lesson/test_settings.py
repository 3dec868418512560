"""Settings and places travel in a link and come back; what cannot be read is named."""

from dataclasses import dataclass, fields
from urllib.parse import parse_qsl

import pytest

from ugatit.errors import TranslationError
from viz.lesson.settings import Place, StepSettings
from viz.tabs.learn.step_box import Step
from viz.tabs.learn.steps import STEPS

PLACES = {"step", "weights", "to", "picture", "lang"}


@dataclass(frozen=True)
class Mixed(StepSettings):
    prefix = "my-"

    mode: str = "both"
    count: int = 3
    pull: float = 0.0
    fine: bool = False
    off: tuple[int, ...] = ()


def query(link: str) -> dict[str, str]:
    assert link.startswith("?")
    return dict(parse_qsl(link[1:], keep_blank_values=True, strict_parsing=True))


@pytest.mark.parametrize(
    "settings",
    [Mixed(), Mixed("a&b=ü%", -7, 0.25, True, (3, 0, 12)), Mixed(pull=-1e-5), Mixed(off=(0,))],
)
def test_settings_come_back_from_a_link_as_they_went(settings: Mixed) -> None:
    place = Place("adalin", "flat2clay", "clay", "tiger", "ko")
    read = query(place.link(settings))
    assert Mixed.from_query(read) == settings
    assert Place.from_query(read) == place


def test_a_link_is_short_where_nothing_was_set() -> None:
    assert Place("question", "flat2clay", "clay").link(Mixed()) == "?step=question&weights=flat2clay&to=clay"


@pytest.mark.parametrize(
    ("name", "text"),
    [("count", "three"), ("count", ""), ("pull", "far"), ("fine", "yes"), ("off", "1.x"), ("off", "1,2")],
)
def test_what_cannot_be_read_is_named(name: str, text: str) -> None:
    with pytest.raises(TranslationError, match=f"my-{name}={text!r}"):
        Mixed.from_query({f"my-{name}": text})


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_steps_settings_hide_no_other_word_of_a_link(step: Step) -> None:
    names = {step.settings.prefix + each.name for each in fields(step.settings)}
    assert not names & PLACES
    assert step.settings.from_query({}) == step.settings()
