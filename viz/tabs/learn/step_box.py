"""The components of a lesson step: built once, updated for every subject, language and setting."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr
from gradio.components import Component

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError
from viz.i18n.schema import Words
from viz.lesson.html import view_to_html
from viz.lesson.settings import Place, StepSettings
from viz.lesson.subject import Subject
from viz.lesson.view import View
from viz.tabs.assets import read_asset
from viz.tabs.events import show_error
from viz.tabs.learn.html import foot_element, head_element
from viz.tabs.learn.step import Control, Step
from viz.tabs.learn.subject_cache import Selection
from viz.tabs.texts import title_of
from viz.tabs.updates import Updates, merge_one


@dataclass(frozen=True)
class StepRun:
    """The last view of a long-running step, and what it was computed for."""

    selection: Selection
    settings: StepSettings
    language: str
    view: View


@dataclass(frozen=True)
class StepBox:
    """The components of one step.

    known: weights whose truth is known, to which the step leads where the subject's is not.
    start, stop, last_run: of a step with long computations, else None. last_run: holds a `StepRun` or None.
    """

    step: Step
    head: gr.HTML
    controls: tuple[Control, ...]
    stage: gr.HTML
    foot: gr.HTML
    known: WeightsEntry | None = None
    start: gr.Button | None = None
    stop: gr.Button | None = None
    last_run: gr.State | None = None

    @property
    def setting_components(self) -> list[Component]:
        """The components that hold the settings."""
        return [control.component for control in self.controls]

    @property
    def buttons(self) -> list[Component]:
        """The buttons that start and stop a long computation."""
        return [button for button in (self.start, self.stop) if button is not None]

    @property
    def all(self) -> list[Component]:
        """All components that change with the subject or with the language."""
        return [self.head, *self.setting_components, *self.buttons, self.stage, self.foot]

    def idle_updates(self) -> Updates:
        """Return the state of the buttons while nothing runs."""
        return dict(zip(self.buttons, (gr.Button(interactive=True), gr.Button(interactive=False)), strict=False))

    def read_settings(self, values: Sequence[Any]) -> StepSettings:
        """Return the settings for the values of `setting_components`. Raises TranslationError."""
        names = [field.name for field in fields(self.step.settings)]
        read = [control.read(value) for control, value in zip(self.controls, values, strict=True)]
        return self.step.settings(**dict(zip(names, read, strict=True)))

    def settings_or_default(self, values: Sequence[Any]) -> StepSettings:
        """Return the settings for the values of `setting_components`; report invalid ones and return the defaults."""
        try:
            return self.read_settings(values)
        except TranslationError as error:
            show_error(error)
            return self.step.settings()

    def settings_updates(self, settings: StepSettings) -> Updates:
        """Return the values of `setting_components` for settings."""
        return {
            control.component: merge_one(control.write(getattr(settings, field.name)))
            for control, field in zip(self.controls, fields(settings), strict=True)
        }

    def label_updates(self, subject: Subject | None, words: Words) -> Updates:
        """Return head, controls and buttons in a language, the controls with what the subject offers."""
        updates: Updates = {self.head: head_element(self.step, subject, words)}
        for control in self.controls:
            options = control.options(subject, words) if control.options and subject is not None else gr.skip()
            updates[control.component] = merge_one(control.relabel(words), options)
        if self.start is not None and self.stop is not None:
            updates[self.start] = gr.Button(words.lesson.start, interactive=subject is not None)
            updates[self.stop] = gr.Button(words.lesson.stop, interactive=False)
        return updates

    def view_updates(self, selection: Selection, subject: Subject, settings: StepSettings, words: Words) -> Updates:
        """Return what the step shows, and the link to it.

        Settings that do not fit the subject are reported and replaced by the defaults.
        """
        reset: Updates = {}
        try:
            view = self.step.view(subject, settings, words)
        except TranslationError as error:
            show_error(error)
            settings = self.step.settings()
            reset = self.settings_updates(settings)
            view = self.step.view(subject, settings, words)
        return reset | {self.stage: view_to_html(view), self.foot: self._foot(selection, subject, settings, words)}

    def _foot(self, selection: Selection, subject: Subject, settings: StepSettings, words: Words) -> str:
        place = Place(self.step.name, selection.weights, selection.to, selection.picture, words.code)
        known = None
        if self.known is not None and self.step.lacks(subject):
            link = Place(self.step.name, self.known.name, language=words.code).link(self.step.settings())
            known = title_of(self.known), link
        return foot_element(place.link(settings), bool(selection.file), words, known)


def build(step: Step, words: Words, known: WeightsEntry | None = None) -> StepBox:
    """Build the components of a step, still empty, one below the other. known: weights whose truth is known."""
    start = stop = last_run = None
    with gr.Column(elem_id=f"step-{step.name}", elem_classes="step"):
        head = gr.HTML(head_element(step, None, words), elem_classes="step-head", js_on_load=None)
        with gr.Column(elem_classes="step-controls", elem_id=f"controls-{step.name}"):
            controls = tuple(step.controls(words))
            if step.run is not None:
                with gr.Row(elem_classes="step-run"):
                    start = gr.Button(
                        words.lesson.start,
                        variant="primary",
                        size="md",
                        interactive=False,
                        elem_id=f"start-{step.name}",
                    )
                    stop = gr.Button(words.lesson.stop, size="md", interactive=False, elem_id=f"stop-{step.name}")
                last_run = gr.State(None)
        pick_channel, use_foot = read_asset("pick_channel.js"), read_asset("step_foot.js")
        stage = gr.HTML("", elem_id=f"stage-{step.name}", elem_classes="stage", js_on_load=pick_channel)
        foot = gr.HTML("", elem_id=f"foot-{step.name}", elem_classes="step-foot", js_on_load=use_foot)
    return StepBox(step, head, controls, stage, foot, known, start, stop, last_run)
