"""Links into the lesson: what a page's address opens, and what is said where it cannot open all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError
from viz.i18n.schema import Words
from viz.lesson.settings import Place, StepSettings
from viz.tabs.catalog import Added
from viz.tabs.learn.step_box import Step
from viz.tabs.learn.subjects import Selection, SubjectCache

LONGEST = 40
"""Letters of a link's word that are said back."""


@dataclass(frozen=True)
class DeepLink:
    """step: None where the link names none, or one that is not there. settings: of that step."""

    chosen: Selection
    step: Step | None
    settings: StepSettings
    remarks: tuple[str, ...]


def parse_link(
    query: Mapping[str, str], subjects: SubjectCache, steps: Sequence[Step], added: Added, words: Words
) -> DeepLink | None:
    """What an address's query opens; None where it does not lead into the lesson.

    What is not there is replaced by what the lesson begins with, and a remark says so.
    """
    place = Place.from_query(query)
    if not any((place.step, place.weights, place.to, place.picture)):
        return None
    remarks: list[str] = []
    said = words.lesson
    found = _weights(place, subjects, added)
    if place.weights not in ("", found.name):
        remarks.append(said.unknown_weights.format(name=place.weights[:LONGEST]))
    to = place.to if place.to in found.manifest.domains else ""
    if place.to and not to:
        remarks.append(said.unknown_target.format(name=place.to[:LONGEST]))
    chosen = subjects.first(found, to)
    for example in subjects.examples_of(found):
        if example.name == place.picture:
            chosen = Selection(found.name, to or example.to, example.name)
    if place.picture not in ("", chosen.picture):
        remarks.append(said.unknown_picture.format(name=place.picture[:LONGEST]))
    step = next((each for each in steps if each.name == place.step), None)
    if step is None:
        if place.step:
            remarks.append(said.unknown_step.format(name=place.step[:LONGEST]))
        return DeepLink(chosen, None, StepSettings(), tuple(remarks))
    try:
        settings = step.settings.from_query(query)
    except TranslationError:
        settings = step.settings()
        names = [step.settings.prefix + each.name for each in fields(settings)]
        given = ", ".join(f"{name}={query[name][:LONGEST]}" for name in names if name in query)
        remarks.append(said.bad_settings.format(settings=given))
    return DeepLink(chosen, step, settings, tuple(remarks))


def _weights(place: Place, subjects: SubjectCache, added: Added) -> WeightsEntry:
    try:
        return subjects.find(place.weights, added)
    except TranslationError:
        return subjects.beginning
