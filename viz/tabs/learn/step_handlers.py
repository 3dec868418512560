"""Event handlers of a lesson step: change a setting, run, stop, save its figure."""

from collections.abc import Iterator
from typing import Any

import gradio as gr
from gradio.components import Component

from ugatit.errors import TranslationError
from viz.i18n import words_in
from viz.lesson.figure import save_figure, source_line
from viz.lesson.html import view_to_html
from viz.tabs.assets import read_asset
from viz.tabs.catalog import AddedWeights
from viz.tabs.events import NETWORKS, PRIVATE, new_file, show_error
from viz.tabs.learn.request_order import RequestOrder
from viz.tabs.learn.step_box import StepBox, StepRun
from viz.tabs.learn.subject_cache import Selection, SubjectCache
from viz.tabs.updates import Updates, merge_updates

HIDDEN: dict[str, Any] = {"show_progress": "hidden"}
LONG: dict[str, Any] = {"concurrency_id": "lesson", "concurrency_limit": 1, **HIDDEN}
"""For long computations: one at a time, while interventions still answer."""
SELECTION = "choice"
"""The request topic of what all steps depend on: picture, direction, weights and language."""
FIGURES: dict[str, Any] = {"concurrency_id": "figures", "concurrency_limit": 1, **HIDDEN}


class StepHandlers:
    """Handlers of one step. state: holds the selection, the language and the session's own weights, in this order."""

    def __init__(self, box: StepBox, subjects: SubjectCache, state: list[Component], order: RequestOrder) -> None:
        self._box, self._subjects, self._order = box, subjects, order
        self._inputs = [*state, *box.setting_components]

    def connect(self, download: gr.File) -> None:
        """Wire the handlers. download: passes files to the browser."""
        box, options = self._box, {**NETWORKS, **HIDDEN, **PRIVATE}
        outputs = [*box.setting_components, box.stage, box.foot]
        self._connect_run()
        for control in box.controls:
            listen = getattr(control.component, control.event)
            listen(self._draw, self._inputs, [*outputs, *box.buttons], trigger_mode="always_last", **options)
        if box.step.pick is not None:
            box.stage.select(self._pick, self._inputs, outputs, trigger_mode="multiple", **options)
        saved = box.foot.select(self._save_figure, self._inputs_with_run, download, **FIGURES, **PRIVATE)
        saved.then(None, download, js=read_asset("save_file.js"), **PRIVATE)

    def _connect_run(self) -> None:
        box = self._box
        if box.start is None or box.stop is None or box.last_run is None:
            return
        outputs = [box.last_run, *box.buttons, box.stage, box.foot]
        box.start.click(self._run, self._inputs, outputs, **LONG, **PRIVATE)
        box.stop.click(self._stop_run, None, box.buttons, queue=False, **HIDDEN, **PRIVATE)

    @property
    def _inputs_with_run(self) -> list[Component]:
        return [*self._inputs, *([self._box.last_run] if self._box.last_run is not None else [])]

    def _stop_run(self, request: gr.Request) -> Updates:
        self._order.start(request, self._box.step.name)
        return self._box.idle_updates()

    def _draw(
        self, selection: Selection | None, language: str, added: AddedWeights, request: gr.Request, *values: Any
    ) -> Updates:
        box = self._box
        self._order.start(request, box.step.name)
        if selection is None:
            return {box.stage: gr.skip()}
        subject, settings = self._subjects.get(selection, added), box.settings_or_default(values)
        return box.view_updates(selection, subject, settings, words_in(language)) | box.idle_updates()

    def _pick(
        self, selection: Selection, language: str, added: AddedWeights, event: gr.EventData, *values: Any
    ) -> Updates:
        box = self._box
        assert box.step.pick is not None
        settings = box.step.pick(box.settings_or_default(values), int(event.channel))
        drawn = box.view_updates(selection, self._subjects.get(selection, added), settings, words_in(language))
        return merge_updates(box.settings_updates(settings), drawn)

    def _run(
        self, selection: Selection, language: str, added: AddedWeights, request: gr.Request, *values: Any
    ) -> Iterator[Updates]:
        box = self._box
        self._order.start(request, box.step.name)
        counts = self._order.counts(request, box.step.name, SELECTION)
        assert box.step.run is not None
        words, settings = words_in(language), box.settings_or_default(values)
        running = {box.start: gr.Button(interactive=False), box.stop: gr.Button(interactive=True)}
        yield running
        with self._order.running(request, box.step.name):
            try:
                for view in box.step.run(self._subjects.get(selection, added), settings, words):
                    if self._order.counts(request, box.step.name, SELECTION) != counts:
                        break
                    last_run = StepRun(selection, settings, language, view)
                    yield running | {box.stage: view_to_html(view), box.last_run: last_run}
            except TranslationError as error:
                show_error(error)
        yield box.idle_updates()

    def _save_figure(
        self, selection: Selection, language: str, added: AddedWeights, event: gr.EventData, *values: Any
    ) -> str:
        box, words = self._box, words_in(language)
        settings = box.settings_or_default(values[: len(box.controls)])
        subject = self._subjects.get(selection, added)
        run: StepRun | None = values[-1] if box.last_run is not None else None
        if run is not None and (run.selection, run.settings, run.language) == (selection, settings, language):
            view = run.view
        else:
            view = box.step.view(subject, settings, words)
        path = new_file(f"{box.step.number}-{box.step.name}.{'svg' if event.kind == 'svg' else 'png'}")
        save_figure(view, path, source_line(subject, words))
        return str(path)
