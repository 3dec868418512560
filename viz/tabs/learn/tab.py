"""The Learn tab: one picture on its way through the networks, step by step; each step answers to changes."""

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.lesson.html import text_to_html
from viz.lesson.overview import overview
from viz.tabs.assets import read_asset
from viz.tabs.catalog import AddedWeights
from viz.tabs.events import NETWORKS, PRIVATE, show_error
from viz.tabs.inputs import from_file
from viz.tabs.language import Labels
from viz.tabs.learn import selection_box, step_box
from viz.tabs.learn.html import overview_element, steps_element
from viz.tabs.learn.lesson_link import parse_link
from viz.tabs.learn.request_order import RequestOrder
from viz.tabs.learn.selection_box import SelectionBox
from viz.tabs.learn.step_handlers import HIDDEN, SELECTION, StepHandlers
from viz.tabs.learn.steps import STEPS
from viz.tabs.learn.subject_cache import NoAttentionError, Selection, SubjectCache
from viz.tabs.updates import Updates, copy_updates, merge_updates

Displayed = tuple[Selection, str]
"""The selection and the language that the steps show."""


class LearnTab:
    """The layout and the handlers of the tab. Built inside a Blocks and a Tab.

    subjects: opens selections. language: the page's switch. added: the session's own weights.
    weights: those selected on the Translate tab, which the lesson starts with.
    """

    def __init__(
        self,
        subjects: SubjectCache,
        language: gr.Radio,
        added: gr.State,
        weights: gr.Dropdown,
        labels: Labels,
    ) -> None:
        self._subjects, self._language, self._added, self._translate_weights = subjects, language, added, weights
        words = words_in("")
        # What is selected, what the steps were last filled for, and what all of them show.
        self._selection, self._requested, self._displayed = gr.State(None), gr.State(None), gr.State(None)
        with gr.Column(elem_id="lesson"):
            self._controls: SelectionBox = selection_box.build(subjects, words, labels)
            self._overview = gr.HTML("", elem_id="overview", js_on_load=None)
            navigation = selection_box.build_navigation(STEPS, words)
            labels.add(navigation, lambda words: steps_element(STEPS, words))
            self._boxes = [step_box.build(step, words, subjects.known) for step in STEPS]
        self._download = gr.File(visible="hidden")
        self._order = RequestOrder()
        self._slices: list[slice] = []
        for box in self._boxes:
            begin = self._slices[-1].stop if self._slices else 0
            self._slices.append(slice(begin, begin + len(box.controls)))

    @property
    def link_outputs(self) -> list[Component]:
        """The components that change when a link is opened."""
        return [self._selection, *self._controls.all, *self._setting_components]

    @property
    def _setting_components(self) -> list[Component]:
        return [component for box in self._boxes for component in box.setting_components]

    def connect(self, tab: gr.Tab) -> None:
        """Wire the handlers. tab: the one that contains the lesson."""
        step_state: list[Component] = [self._selection, self._language, self._added]
        for box in self._boxes:
            StepHandlers(box, self._subjects, step_state, self._order).connect(self._download)
        controls, state = self._controls, [self._selection, self._added, self._language]
        outputs = [self._selection, *controls.all, *(button for box in self._boxes for button in box.buttons)]
        # No click is lost while an earlier one is answered.
        at_once: dict[str, Any] = {"trigger_mode": "multiple", **HIDDEN, **PRIVATE}
        entered = tab.select(self._enter, [self._translate_weights, *state], outputs, **HIDDEN, **PRIVATE)
        self.then_fill(entered).then(None, js=read_asset("show_step.js"), **PRIVATE)
        for listen, handler, inputs in (
            (controls.weights.input, self._select_weights, [controls.weights]),
            (controls.target.input, self._select_target, [controls.target]),
            (controls.examples.select, self._select_example, []),
            (controls.upload.upload, self._select_upload, [controls.upload]),
        ):
            self.then_fill(listen(handler, [*inputs, *state], outputs, **at_once))

    def then_fill(self, before: Dependency) -> Dependency:
        """Fill the steps, one after the other, for the current selection."""
        steps = [component for box in self._boxes for component in box.all]
        outputs = [self._displayed, self._overview, *self._controls.all, *steps]
        inputs = [self._selection, self._displayed, self._language, self._added, *self._setting_components]
        # Each component that waits for an answer costs the browser work at every message: one may stand for all.
        progress: dict[str, Any] = {"show_progress_on": self._controls.status, **HIDDEN}
        requested = [self._selection, self._language, self._requested]
        ended = before.then(self._end_earlier, requested, self._requested, queue=False, **HIDDEN, **PRIVATE)
        filled: Dependency = ended.then(
            self._fill, inputs, outputs, trigger_mode="multiple", **NETWORKS, **progress, **PRIVATE
        )
        return filled

    def open_link(self, query: Mapping[str, str], language: str, added: AddedWeights) -> Updates:
        """Return what the query of the page's address opens; empty where it does not lead into the lesson."""
        words = words_in(language)
        link = parse_link(query, self._subjects, STEPS, added, words)
        if link is None:
            return {}
        entry = self._subjects.find(link.selection.weights, added)
        updates = {
            self._selection: link.selection,
            **self._controls.selection_updates(self._subjects, entry, link.selection, added, words),
        }
        for box in self._boxes:
            if box.step is link.step:
                updates |= box.settings_updates(link.settings)
        return updates | {self._controls.status: _status(" ".join(link.remarks))}

    def _enter(self, weights: str, selection: Selection | None, added: AddedWeights, language: str) -> Updates:
        if selection is not None:
            return {self._controls.weights: self._controls.choices_update(self._subjects, added)}
        return self._select_weights(weights, selection, added, language)

    def _select_weights(self, name: str, current: Selection | None, added: AddedWeights, language: str) -> Updates:
        # A dropdown also reports an input when it is left unchanged.
        if current is not None and name == current.weights:
            return self._no_updates()
        try:
            entry = self._subjects.find(name, added)
        except TranslationError as error:
            return self._error_updates(error)
        return self._select(self._subjects.first_selection(entry), current, added, language)

    def _select_target(self, to: str, current: Selection, added: AddedWeights, language: str) -> Updates:
        # An example is a picture of one domain, translated to one other; a reader's own may be of any.
        if current.file:
            return self._select(Selection(current.weights, to, file=current.file), current, added, language)
        entry = self._subjects.find(current.weights, added)
        return self._select(self._subjects.first_selection(entry, to), current, added, language)

    def _select_example(self, current: Selection, added: AddedWeights, language: str, event: gr.EventData) -> Updates:
        for example in self._subjects.examples_of(self._subjects.find(current.weights, added)):
            if example.name == event.example:
                return self._select(Selection(current.weights, example.to, example.name), current, added, language)
        return self._no_updates()

    def _select_upload(self, file: str | None, current: Selection, added: AddedWeights, language: str) -> Updates:
        try:
            from_file(file)
        except TranslationError as error:
            return self._error_updates(error) | {self._controls.upload: None}
        return self._select(Selection(current.weights, current.to, file=file or ""), current, added, language)

    def _select(self, selection: Selection, current: Selection | None, added: AddedWeights, language: str) -> Updates:
        if selection == current:
            return {self._controls.status: _status("")}
        entry = self._subjects.find(selection.weights, added)
        updates = self._controls.selection_updates(self._subjects, entry, selection, added, words_in(language))
        # A new selection ends what the steps are computing.
        idle = merge_updates(*(box.idle_updates() for box in self._boxes))
        return {self._selection: selection, **updates, self._controls.status: _status(""), **idle}

    def _error_updates(self, error: TranslationError) -> Updates:
        return {self._controls.status: _status(show_error(error))}

    def _no_updates(self) -> Updates:
        return {self._controls.status: gr.skip()}

    def _end_earlier(
        self, selection: Selection | None, language: str, requested: Displayed | None, request: gr.Request
    ) -> Displayed | None:
        """End what is computed for an earlier selection or language; return what the steps are filled for now."""
        if selection is None or (selection, language) == requested:
            return requested
        self._order.start(request, SELECTION, also_ends=tuple(step.name for step in STEPS))
        return selection, language

    def _fill(
        self,
        selection: Selection | None,
        displayed: Displayed | None,
        language: str,
        added: AddedWeights,
        request: gr.Request,
        *values: Any,
    ) -> Iterator[Updates]:
        counts = self._order.counts(request, SELECTION)
        if selection is None or (selection, language) == displayed:
            yield self._no_updates()
            return
        words = words_in(language)
        try:
            entry = self._subjects.find(selection.weights, added)
            # Each yield repeats those before it. The browser gets differences and applies them to what it may not
            # have shown yet: what a later message left out, it would take back from an earlier one.
            updates = self._controls.selection_updates(self._subjects, entry, selection, added, words)
            # Until the last step is drawn the steps show two subjects; a request that interrupts redraws all of them.
            updates[self._displayed] = None
            yield copy_updates(updates)
            if selection.is_empty:
                usable = self._subjects.has_attention(entry)
                reason = words.lesson.waiting if usable else self._no_attention(entry, added, words)
                yield updates | self._empty(reason, words)
                return
            if displayed is None or displayed[0] != selection:
                updates[self._overview] = _waiting(words.lesson.opening)
                yield copy_updates(updates)
            subject = self._subjects.get(selection, added)
        except NoAttentionError:
            yield self._empty(self._no_attention(entry, added, words), words)
            return
        except TranslationError as error:
            yield self._empty(show_error(error), words)
            return
        updates[self._overview] = overview_element(overview(subject, words), STEPS, words)
        yield copy_updates(updates)
        for box, own in zip(self._boxes, self._slices, strict=True):
            if self._order.counts(request, SELECTION) != counts:
                yield self._no_updates()
                return
            drawn = box.view_updates(selection, subject, box.settings_or_default(values[own]), words)
            updates |= merge_updates(box.label_updates(subject, words), drawn)
            yield copy_updates(updates)
        yield updates | {self._displayed: (selection, language)}

    def _no_attention(self, entry: WeightsEntry, added: AddedWeights, words: Words) -> str:
        return words.lesson.no_attention.format(weights=self._subjects.label(entry, added))

    def _empty(self, reason: str, words: Words) -> Updates:
        """Return updates that clear the overview and all steps, with the reason in place of the overview."""
        updates: Updates = {self._displayed: None, self._overview: _waiting(reason)}
        for box in self._boxes:
            updates |= {**box.label_updates(None, words), box.stage: "", box.foot: ""}
        return updates


def _status(message: str) -> str:
    return f'<p role="status">{text_to_html(message)}</p>'


def _waiting(message: str) -> str:
    return f'<p class="waiting">{text_to_html(message)}</p>'
