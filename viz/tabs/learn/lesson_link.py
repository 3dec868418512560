"""Links into the lesson: parse the query of a page's address, and report the parts that cannot be opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError
from ugatit.models.registry import targets as model_targets
from viz.i18n.schema import Words
from viz.lesson.settings import Place, StepSettings
from viz.tabs.catalog import AddedWeights
from viz.tabs.learn.step import Step
from viz.tabs.learn.subject_cache import Selection, SubjectCache

MAX_QUOTED = 40
"""Letters of a link's value that a remark quotes at most."""


@dataclass(frozen=True)
class DeepLink:
    """What a link opens.

    step: None where the link names no step, or an unknown one. settings: of that step. remarks: what could not be
    opened.
    """

    selection: Selection
    step: Step | None
    settings: StepSettings
    remarks: tuple[str, ...]


def parse_link(
    query: Mapping[str, str], subjects: SubjectCache, steps: Sequence[Step], added: AddedWeights, words: Words
) -> DeepLink | None:
    """Return what the query of an address opens; None where it does not lead into the lesson.

    Unknown parts are replaced by the lesson's defaults, each with a remark.
    """
    place = Place.from_query(query)
    if not any((place.step, place.weights, place.to, place.picture)):
        return None
    remarks: list[str] = []
    texts = words.lesson
    entry = _weights(place, subjects, added)
    if place.weights not in ("", entry.name):
        remarks.append(texts.unknown_weights.format(name=place.weights[:MAX_QUOTED]))
    to = place.to if place.to in model_targets(entry.manifest) else ""
    if place.to and not to:
        remarks.append(texts.unknown_target.format(name=place.to[:MAX_QUOTED]))
    selection = subjects.first_selection(entry, to)
    for example in subjects.examples_of(entry):
        if example.name == place.picture:
            selection = Selection(entry.name, to or example.to, example.name)
    if place.picture not in ("", selection.picture):
        remarks.append(texts.unknown_picture.format(name=place.picture[:MAX_QUOTED]))
    step = next((step for step in steps if step.name == place.step), None)
    if step is None:
        if place.step:
            remarks.append(texts.unknown_step.format(name=place.step[:MAX_QUOTED]))
        return DeepLink(selection, None, StepSettings(), tuple(remarks))
    try:
        settings = step.settings.from_query(query)
    except TranslationError:
        settings = step.settings()
        names = [step.settings.prefix + field.name for field in fields(settings)]
        given = ", ".join(f"{name}={query[name][:MAX_QUOTED]}" for name in names if name in query)
        remarks.append(texts.bad_settings.format(settings=given))
    return DeepLink(selection, step, settings, tuple(remarks))


def _weights(place: Place, subjects: SubjectCache, added: AddedWeights) -> WeightsEntry:
    try:
        return subjects.find(place.weights, added)
    except TranslationError:
        return subjects.default_weights
