"""Settings and places survive a link, and unreadable values are named."""

from dataclasses import dataclass, fields
from urllib.parse import parse_qsl

import pytest

from ugatit.errors import TranslationError
from viz.lesson.settings import Place, StepSettings
from viz.tabs.learn.step import Step
from viz.tabs.learn.steps import STEPS

PLACE_KEYS = {"step", "weights", "to", "picture", "lang"}


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
def test_settings_and_a_place_are_restored_from_a_link(settings: Mixed) -> None:
    place = Place("adalin", "flat2clay", "clay", "tiger", "ko")
    values = query(place.link(settings))
    assert Mixed.from_query(values) == settings
    assert Place.from_query(values) == place


def test_default_settings_leave_a_link_short() -> None:
    assert Place("question", "flat2clay", "clay").link(Mixed()) == "?step=question&weights=flat2clay&to=clay"


@pytest.mark.parametrize(
    ("name", "text"),
    [("count", "three"), ("count", ""), ("pull", "far"), ("fine", "yes"), ("off", "1.x"), ("off", "1,2")],
)
def test_an_unreadable_value_is_named(name: str, text: str) -> None:
    with pytest.raises(TranslationError, match=f"my-{name}={text!r}"):
        Mixed.from_query({f"my-{name}": text})


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_the_settings_of_a_step_use_no_other_key_of_a_link(step: Step) -> None:
    names = {step.settings.prefix + each.name for each in fields(step.settings)}
    assert not names & PLACE_KEYS
