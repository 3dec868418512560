"""What the page does when a reader changes, runs or takes away a step of the lesson."""

from collections.abc import Iterator
from typing import Any

import gradio as gr
from gradio.components import Component

from ugatit.errors import TranslationError
from viz.i18n import words_in
from viz.lesson.figure import save, source_line
from viz.lesson.html import element
from viz.tabs.catalog import Added
from viz.tabs.events import NETWORKS, PRIVATE, new_file, show_error
from viz.tabs.learn.request_order import RequestOrder
from viz.tabs.learn.step_component import StepBox, StepRun
from viz.tabs.learn.subjects import Selection, SubjectCache
from viz.tabs.theme import SAVE_FILE
from viz.tabs.updates import Updates, merge_updates

HIDDEN: dict[str, Any] = {"show_progress": "hidden"}
LONG: dict[str, Any] = {"concurrency_id": "lesson", "concurrency_limit": 1, **HIDDEN}
"""For what takes long: one at a time, while interventions still answer."""
CHOICE = "choice"
"""Of picture, direction, weights and language: what all steps are about."""
FIGURES: dict[str, Any] = {"concurrency_id": "figures", "concurrency_limit": 1, **HIDDEN}


class StepHandlers:
    """Of one step. state: holds what was chosen, the language and the session's own weights, in this order."""

    def __init__(self, box: StepBox, subjects: SubjectCache, state: list[Component], turns: RequestOrder) -> None:
        self._box, self._subjects, self._turns = box, subjects, turns
        self._inputs = [*state, *box.components]

    def connect(self, parcel: gr.File) -> None:
        """Wire them. parcel: hands files to the browser."""
        box, how = self._box, {**NETWORKS, **HIDDEN, **PRIVATE}
        drawn = [*box.components, box.stage, box.foot]
        self._connect_run()
        for control in box.controls:
            listen = getattr(control.component, control.event)
            listen(self._draw, self._inputs, [*drawn, *box.buttons], trigger_mode="always_last", **how)
        if box.step.pick is not None:
            box.stage.select(self._pick, self._inputs, drawn, trigger_mode="multiple", **how)
        taken = box.foot.select(self._take_figure, self._with_ran, parcel, **FIGURES, **PRIVATE)
        taken.then(None, parcel, js=SAVE_FILE, **PRIVATE)

    def _connect_run(self) -> None:
        box = self._box
        if box.start is None or box.stop is None or box.ran is None:
            return
        box.start.click(self._run, self._inputs, [box.ran, *box.buttons, box.stage, box.foot], **LONG, **PRIVATE)
        box.stop.click(self._end_run, None, box.buttons, queue=False, **HIDDEN, **PRIVATE)

    @property
    def _with_ran(self) -> list[Component]:
        return [*self._inputs, *([self._box.ran] if self._box.ran is not None else [])]

    def _end_run(self, request: gr.Request) -> Updates:
        self._turns.next(request, self._box.step.name)
        return self._box.at_rest()

    def _draw(
        self, chosen: Selection | None, language: str, added: Added, request: gr.Request, *values: Any
    ) -> Updates:
        self._turns.next(request, self._box.step.name)
        if chosen is None:
            return {self._box.stage: gr.skip()}
        subject = self._subjects.of(chosen, added)
        return self._box.drawn(chosen, subject, self._box.checked(values), words_in(language)) | self._box.at_rest()

    def _pick(self, chosen: Selection, language: str, added: Added, event: gr.EventData, *values: Any) -> Updates:
        assert self._box.step.pick is not None
        settings = self._box.step.pick(self._box.checked(values), int(event.channel))
        drawn = self._box.drawn(chosen, self._subjects.of(chosen, added), settings, words_in(language))
        return merge_updates(self._box.written(settings), drawn)

    def _run(
        self, chosen: Selection, language: str, added: Added, request: gr.Request, *values: Any
    ) -> Iterator[Updates]:
        box = self._box
        self._turns.next(request, box.step.name)
        turn = self._turns.now(request, box.step.name, CHOICE)
        assert box.step.run is not None
        words, settings = words_in(language), box.checked(values)
        running = {box.start: gr.Button(interactive=False), box.stop: gr.Button(interactive=True)}
        yield running
        with self._turns.under_way(request, box.step.name):
            try:
                for view in box.step.run(self._subjects.of(chosen, added), settings, words):
                    if self._turns.now(request, box.step.name, CHOICE) != turn:
                        break
                    yield running | {box.stage: element(view), box.ran: StepRun(chosen, settings, language, view)}
            except TranslationError as error:
                show_error(error)
        yield box.at_rest()

    def _take_figure(self, chosen: Selection, language: str, added: Added, event: gr.EventData, *values: Any) -> str:
        box, words = self._box, words_in(language)
        settings = box.checked(values[: len(box.controls)])
        subject = self._subjects.of(chosen, added)
        ran: StepRun | None = values[-1] if box.ran is not None else None
        if ran is not None and (ran.chosen, ran.settings, ran.language) == (chosen, settings, language):
            view = ran.view
        else:
            view = box.step.view(subject, settings, words)
        path = new_file(f"{box.step.number}-{box.step.name}.{'svg' if event.kind == 'svg' else 'png'}")
        save(view, path, source_line(subject, words))
        return str(path)
