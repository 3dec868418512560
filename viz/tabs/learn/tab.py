"""The Learn tab: one picture on its way through the networks, step by step, each of which answers to changes."""

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency

from ugatit.errors import TranslationError
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.lesson.html import text as plain
from viz.lesson.overview import overview
from viz.tabs.catalog import Added
from viz.tabs.events import NETWORKS, PRIVATE, show_error
from viz.tabs.inputs import from_file
from viz.tabs.language import Labels
from viz.tabs.learn import link, step_component, top
from viz.tabs.learn.html import overview_element, steps_element
from viz.tabs.learn.request_order import RequestOrder
from viz.tabs.learn.step_handlers import CHOICE, HIDDEN, StepHandlers
from viz.tabs.learn.steps import STEPS
from viz.tabs.learn.subjects import NoAttentionError, Selection, SubjectCache
from viz.tabs.learn.top import SelectionBox
from viz.tabs.theme import SHOW_STEP
from viz.tabs.updates import Updates, copy_updates, merge_updates

Seen = tuple[Selection, str]
"""What the steps show already: of what, in which language."""


class LearnTab:
    """Built inside a Blocks and a Tab: the layout, and handlers that parse, call and return.

    subjects: what a choice opens. language: the page's switch.
    added: the session's own weights. weights: those chosen for translating, which the lesson begins with.
    """

    def __init__(
        self,
        subjects: SubjectCache,
        language: gr.Radio,
        added: gr.State,
        weights: gr.Dropdown,
        labels: Labels,
    ) -> None:
        self._subjects, self._language, self._added, self._elsewhere = subjects, language, added, weights
        words = words_in("")
        self._chosen, self._asked, self._seen = gr.State(None), gr.State(None), gr.State(None)
        with gr.Column(elem_id="lesson"):
            self._top: SelectionBox = top.build(subjects, words, labels)
            self._overview = gr.HTML("", elem_id="overview", js_on_load=None)
            self._steps = top.build_steps(STEPS, words)
            labels.say(self._steps, lambda words: steps_element(STEPS, words))
            self._boxes = [step_component.build(step, words) for step in STEPS]
        self._parcel = gr.File(visible="hidden")
        self._turns = RequestOrder()
        self._slices: list[slice] = []
        for box in self._boxes:
            begin = self._slices[-1].stop if self._slices else 0
            self._slices.append(slice(begin, begin + len(box.controls)))

    @property
    def arriving(self) -> list[Component]:
        """What changes when a link is opened."""
        return [self._chosen, *self._top.all, *self._controls]

    @property
    def _controls(self) -> list[Component]:
        return [component for box in self._boxes for component in box.components]

    def connect(self, tab: gr.Tab) -> None:
        """Wire the handlers. tab: the one this is in."""
        asked: list[Component] = [self._chosen, self._language, self._added]
        for box in self._boxes:
            StepHandlers(box, self._subjects, asked, self._turns).connect(self._parcel)
        top, state = self._top, [self._added, self._language]
        turned = [self._chosen, *top.all, *(button for box in self._boxes for button in box.buttons)]
        # No click is lost while an earlier one is answered.
        at_once: dict[str, Any] = {"trigger_mode": "multiple", **HIDDEN, **PRIVATE}
        entered = tab.select(self._enter, [self._chosen, self._elsewhere, *state], turned, **HIDDEN, **PRIVATE)
        self.then_fill(entered).then(None, js=SHOW_STEP, **PRIVATE)
        self.then_fill(top.weights.input(self._turn_weights, [top.weights, self._chosen, *state], turned, **at_once))
        self.then_fill(top.target.input(self._turn_target, [top.target, self._chosen, *state], turned, **at_once))
        self.then_fill(top.examples.select(self._pick_example, [self._chosen, *state], turned, **at_once))
        self.then_fill(top.own.upload(self._take_own, [top.own, self._chosen, *state], turned, **at_once))

    def then_fill(self, before: Dependency) -> Dependency:
        """Fill the steps, one after the other, with what is chosen now."""
        outputs = [self._seen, self._overview, *self._top.all, *(each for box in self._boxes for each in box.all)]
        inputs = [self._chosen, self._seen, self._language, self._added, *self._controls]
        # Each component that waits for an answer costs the browser work at every message: one may stand for all.
        quietly: dict[str, Any] = {"show_progress_on": self._top.status, **HIDDEN}
        about = [self._chosen, self._language, self._asked]
        alone = before.then(self._end_others, about, self._asked, queue=False, **HIDDEN, **PRIVATE)
        filled: Dependency = alone.then(
            self._fill, inputs, outputs, trigger_mode="multiple", **NETWORKS, **quietly, **PRIVATE
        )
        return filled

    def arrive(self, query: Mapping[str, str], language: str, added: Added) -> Updates:
        """What a link opens; nothing where the page's address is none."""
        words = words_in(language)
        arrived = link.parse_link(query, self._subjects, STEPS, added, words)
        if arrived is None:
            return {}
        found = self._subjects.find(arrived.chosen.weights, added)
        updates = {
            self._chosen: arrived.chosen,
            **self._top.turned(self._subjects, found, arrived.chosen, added, words),
        }
        for box in self._boxes:
            if box.step is arrived.step:
                updates |= box.written(arrived.settings)
        return updates | {self._top.status: _said(" ".join(arrived.remarks))}

    def _enter(self, chosen: Selection | None, weights: str, added: Added, language: str) -> Updates:
        if chosen is not None:
            offered = self._top.offered(self._subjects, added)
            return {self._top.weights: offered}
        return self._turn_weights(weights, chosen, added, language)

    def _turn_weights(self, name: str, chosen: Selection | None, added: Added, language: str) -> Updates:
        # A dropdown that is left as it was tells of an input too.
        if chosen is not None and name == chosen.weights:
            return self._as_it_was()
        try:
            found = self._subjects.find(name, added)
        except TranslationError as error:
            return self._refused(error)
        return self._turned(self._subjects.first(found), chosen, added, language)

    def _turn_target(self, to: str, chosen: Selection, added: Added, language: str) -> Updates:
        # An example is a picture of one domain, translated to the other; a reader's own may be of either.
        if chosen.file:
            return self._turned(Selection(chosen.weights, to, file=chosen.file), chosen, added, language)
        return self._turned(
            self._subjects.first(self._subjects.find(chosen.weights, added), to), chosen, added, language
        )

    def _pick_example(self, chosen: Selection, added: Added, language: str, event: gr.EventData) -> Updates:
        for example in self._subjects.examples_of(self._subjects.find(chosen.weights, added)):
            if example.name == event.example:
                return self._turned(Selection(chosen.weights, example.to, example.name), chosen, added, language)
        return self._as_it_was()

    def _take_own(self, file: str | None, chosen: Selection, added: Added, language: str) -> Updates:
        try:
            from_file(file)
        except TranslationError as error:
            return self._refused(error) | {self._top.own: None}
        return self._turned(Selection(chosen.weights, chosen.to, file=file or ""), chosen, added, language)

    def _turned(self, chosen: Selection, before: Selection | None, added: Added, language: str) -> Updates:
        if chosen == before:
            return {self._top.status: _said("")}
        found = self._subjects.find(chosen.weights, added)
        turned = self._top.turned(self._subjects, found, chosen, added, words_in(language))
        # A choice ends what the steps have under way.
        at_rest = merge_updates(*(box.at_rest() for box in self._boxes))
        return {self._chosen: chosen, **turned, self._top.status: _said(""), **at_rest}

    def _refused(self, error: TranslationError) -> Updates:
        return {self._top.status: _said(show_error(error))}

    def _as_it_was(self) -> Updates:
        return {self._top.status: gr.skip()}

    def _end_others(
        self, chosen: Selection | None, language: str, asked: Seen | None, request: gr.Request
    ) -> Seen | None:
        """What is under way for an earlier choice or language is over. asked: what the steps were last filled for."""
        if chosen is None or (chosen, language) == asked:
            return asked
        self._turns.next(request, CHOICE, within=tuple(step.name for step in STEPS))
        return chosen, language

    def _fill(
        self,
        chosen: Selection | None,
        seen: Seen | None,
        language: str,
        added: Added,
        request: gr.Request,
        *values: Any,
    ) -> Iterator[Updates]:
        turn = self._turns.now(request, CHOICE)
        if chosen is None or (chosen, language) == seen:
            yield self._as_it_was()
            return
        words = words_in(language)
        try:
            found = self._subjects.find(chosen.weights, added)
            # Each yield repeats those before it. The browser gets differences and applies them to what it may not
            # have shown yet: what a later message left out, it would take back from an earlier one.
            filled = self._top.turned(self._subjects, found, chosen, added, words)
            # Until the last step is drawn the steps are of two subjects; who interrupts has all of them drawn anew.
            filled[self._seen] = None
            yield copy_updates(filled)
            if chosen.is_empty:
                able = self._subjects.have_attention(found)
                yield filled | self._emptied(words.lesson.waiting if able else words.lesson.no_attention, words)
                return
            if seen is None or seen[0] != chosen:
                filled[self._overview] = f'<p class="waiting">{plain(words.lesson.opening)}</p>'
                yield copy_updates(filled)
            subject = self._subjects.of(chosen, added)
        except NoAttentionError:
            yield self._emptied(words.lesson.no_attention, words)
            return
        except TranslationError as error:
            yield self._emptied(show_error(error), words)
            return
        filled[self._overview] = overview_element(overview(subject, words), STEPS, words)
        yield copy_updates(filled)
        for box, own in zip(self._boxes, self._slices, strict=True):
            if self._turns.now(request, CHOICE) != turn:
                yield self._as_it_was()
                return
            drawn = box.drawn(chosen, subject, box.checked(values[own]), words)
            filled |= merge_updates(box.labelled(subject, words), drawn)
            yield copy_updates(filled)
        yield filled | {self._seen: (chosen, language)}

    def _emptied(self, why: str, words: Words) -> Updates:
        """No step shows anything."""
        emptied: Updates = {self._seen: None, self._overview: f'<p class="waiting">{plain(why)}</p>'}
        for box in self._boxes:
            emptied |= {**box.labelled(None, words), box.stage: "", box.foot: ""}
        return emptied


def _said(message: str) -> str:
    return f'<p role="status">{plain(message)}</p>'
