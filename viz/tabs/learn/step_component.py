"""A step of the lesson as components of the page: made once, filled for every subject, drawn anew by its controls."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr
from gradio.components import Component

from ugatit.errors import TranslationError
from viz.i18n.schema import Words
from viz.lesson.html import element
from viz.lesson.settings import Place, StepSettings
from viz.lesson.subject import Subject
from viz.lesson.view import View
from viz.tabs.events import show_error
from viz.tabs.learn.html import TAKE_AWAY, foot_element, head_element
from viz.tabs.learn.step_box import STAGE_EVENTS, Control, Step
from viz.tabs.learn.subjects import Selection
from viz.tabs.updates import Updates, merge_one


@dataclass(frozen=True)
class StepRun:
    """What a step that takes long has come to: its last view, and what for."""

    chosen: Selection
    settings: StepSettings
    language: str
    view: View


@dataclass(frozen=True)
class StepBox:
    """start, stop, ran: of a step that takes long, else None. ran: holds a `StepRun` or None."""

    step: Step
    head: gr.HTML
    controls: tuple[Control, ...]
    stage: gr.HTML
    foot: gr.HTML
    start: gr.Button | None = None
    stop: gr.Button | None = None
    ran: gr.State | None = None

    @property
    def components(self) -> list[Component]:
        """Those that hold the settings."""
        return [control.component for control in self.controls]

    @property
    def all(self) -> list[Component]:
        """What changes with the subject or with the language."""
        return [self.head, *self.components, *self.buttons, self.stage, self.foot]

    @property
    def buttons(self) -> list[Component]:
        """Those that start and stop what takes long."""
        return [each for each in (self.start, self.stop) if each is not None]

    def at_rest(self) -> Updates:
        """The buttons while nothing runs."""
        return dict(zip(self.buttons, (gr.Button(interactive=True), gr.Button(interactive=False)), strict=False))

    def settings(self, values: Sequence[Any]) -> StepSettings:
        """From the values of `components`. Raises TranslationError."""
        names = [each.name for each in fields(self.step.settings)]
        read = [control.read(value) for control, value in zip(self.controls, values, strict=True)]
        return self.step.settings(**dict(zip(names, read, strict=True)))

    def checked(self, values: Sequence[Any]) -> StepSettings:
        """The same; values that cannot be are told, and the step begins anew."""
        try:
            return self.settings(values)
        except TranslationError as error:
            show_error(error)
            return self.step.settings()

    def written(self, settings: StepSettings) -> Updates:
        """The values of `components`."""
        return {
            control.component: merge_one(control.write(getattr(settings, field.name)))
            for control, field in zip(self.controls, fields(settings), strict=True)
        }

    def labelled(self, subject: Subject | None, words: Words) -> Updates:
        """Head, controls and buttons in the words of a language, controls with what the subject offers."""
        said: Updates = {self.head: head_element(self.step, subject, words)}
        for control in self.controls:
            offered = control.options(subject, words) if control.options and subject is not None else gr.skip()
            said[control.component] = merge_one(control.relabel(words), offered)
        if self.start is not None and self.stop is not None:
            said[self.start] = gr.Button(words.lesson.start, interactive=subject is not None)
            said[self.stop] = gr.Button(words.lesson.stop, interactive=False)
        return said

    def drawn(self, chosen: Selection, subject: Subject, settings: StepSettings, words: Words) -> Updates:
        """What the step shows, and the link to it. Settings that do not fit the subject are told and begun anew."""
        begun: Updates = {}
        try:
            view = self.step.view(subject, settings, words)
        except TranslationError as error:
            show_error(error)
            settings = self.step.settings()
            begun = self.written(settings)
            view = self.step.view(subject, settings, words)
        return begun | {self.stage: element(view), self.foot: self._footed(chosen, settings, words)}

    def _footed(self, chosen: Selection, settings: StepSettings, words: Words) -> str:
        place = Place(self.step.name, chosen.weights, chosen.to, chosen.picture, words.code)
        return foot_element(place.link(settings), bool(chosen.file), words)


def build(step: Step, words: Words) -> StepBox:
    """The components of a step, empty as yet, one below the other."""
    start = stop = ran = None
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
                ran = gr.State(None)
        stage = gr.HTML("", elem_id=f"stage-{step.name}", elem_classes="stage", js_on_load=STAGE_EVENTS)
        foot = gr.HTML("", elem_id=f"foot-{step.name}", elem_classes="step-foot", js_on_load=TAKE_AWAY)
    return StepBox(step, head, controls, stage, foot, start, stop, ran)
