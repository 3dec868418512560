"""The Train tab: layout and wiring."""

import json
from dataclasses import replace
from typing import Any

import gradio as gr

from ugatit.errors import TranslationError
from ugatit.models.registry import DEFAULT_MODEL, model_names
from viz.i18n import LANGUAGES, words_in
from viz.tabs.access import Access
from viz.tabs.assets import read_asset
from viz.tabs.catalog import AddedWeights, Catalog
from viz.tabs.events import PRIVATE, show_error
from viz.tabs.language import Labels
from viz.tabs.messages import in_page_terms
from viz.tabs.run_weights import RunWeights
from viz.tabs.train import export_box, run_box, settings_box
from viz.tabs.train.data_controls import VALUES, DataControls
from viz.tabs.train.page_state import OpenPage
from viz.tabs.train.run_box import QUIET
from viz.tabs.train.run_options import RunOptions
from viz.tabs.train.run_updates import has_ended, run_updates
from viz.tabs.train.runs import Runs
from viz.tabs.train.settings_box import start_choices
from viz.tabs.train.staging import StagingArea, data_options
from viz.tabs.weights_box import DAY, WeightsBox, weights_choices

REFRESH_INTERVAL = 1.5
"""Seconds between two refreshes of an open page."""


class TrainTab:
    """The Train tab; it must be created inside a `gr.Blocks`.

    weights: the Translate tab's controls, which also offer the weights of runs. labels: registers the tab's texts for
    translation.
    """

    def __init__(
        self,
        catalog: Catalog,
        run_weights: RunWeights,
        runs: Runs,
        access: Access,
        weights: WeightsBox,
        labels: Labels,
    ) -> None:
        self._catalog, self._run_weights, self._runs, self._access = catalog, run_weights, runs, access
        self._weights, self._language = weights, weights.language
        self._staging = StagingArea(access.local_folders)
        self._page = gr.State(OpenPage(), time_to_live=DAY)
        # In the browser, unlike the page's state: the number of the newest update that reached it.
        self._received = gr.Number(0, precision=0, visible="hidden")
        with gr.Row():
            with gr.Column(scale=5, min_width=300):
                self._build_setup(labels)
            with gr.Column(scale=8, min_width=300, elem_id="watch"):
                self._run_box = run_box.build(access, labels)

    def _build_setup(self, labels: Labels) -> None:
        words, access = words_in(""), self._access
        texts = words.train
        if access.owner:
            gr.LoginButton(elem_id="log-in", size="sm")
        if not access.on:
            refusal = gr.Markdown(access.refusal(words), elem_id="training-off")
            labels.add(refusal, access.refusal)
        with gr.Column(visible=access.on):
            names = list(model_names())
            self._model = gr.Dropdown(
                names, value=DEFAULT_MODEL, label=texts.model, elem_id="model", filterable=False,
                visible=True if len(names) > 1 else "hidden",
            )  # fmt: skip
            self._data = DataControls(self._model, self._staging, labels)
            self._settings = settings_box.build(self._catalog, self._model, self._weights.added, self._language, labels)
            self._start = gr.Button(texts.start, variant="primary", elem_id="start")
        self._status = gr.Markdown("", elem_id="train-status", elem_classes="said")
        labels.add(self._model, lambda words: gr.Dropdown(label=words.train.model))
        labels.add(self._start, lambda words: gr.Button(words.train.start))

    def connect(self, demo: gr.Blocks, tabs: gr.Tabs) -> None:
        """Wire the handlers. demo: the page that contains this tab. tabs: the component that contains it."""
        settings, box = self._settings, self._run_box
        self._data.connect(self._access, settings.fit, self._language, self._status)
        started = self._start.click(
            self._start_run,
            [
                settings.name, settings.start_from, self._weights.added, self._page, self._language,
                *self._data.inputs, *settings.inputs,
            ],
            self._status, show_progress="minimal", show_progress_on=self._status, **PRIVATE,
        )  # fmt: skip
        success_messages = json.dumps([words.train.started for words in LANGUAGES.values()])
        script = read_asset("show_run.js").replace("STARTED", success_messages)
        started.then(None, self._status, None, js=script, **PRIVATE)
        run_events = run_box.connect(box, self._runs, self._access, self._page, self._language)

        refresh: dict[str, Any] = {
            "fn": self._refresh,
            "inputs": [self._page, self._language, self._weights.added, self._received, self._model],
            "outputs": [self._weights.weights, settings.start_from, self._status, *box.outputs, self._received],
            **QUIET,
        }
        gr.Timer(REFRESH_INTERVAL).tick(**refresh)
        demo.load(**refresh)
        self._language.change(**refresh)
        for event in (started, *run_events):
            event.then(**refresh)
        export_box.connect(
            box.export, self._catalog, self._run_weights, self._access, self._page, self._weights, tabs
        )  # fmt: skip

    def _start_run(
        self, profile: gr.OAuthProfile | None, name: str, start_from: str, added: AddedWeights, page: OpenPage,
        language: str, *values: Any,
    ) -> str:  # fmt: skip
        try:
            self._access.check(profile, language)
            options = RunOptions(*values[VALUES:])
            initial_weights = self._catalog.find(start_from, added) if start_from else None
            data = self._data.chosen(options.model, language, values[:VALUES])
            arguments = options.arguments(data.sources, data.names, initial_weights, data.attributes)
            self._runs.start(name, lambda run: data_options(run, *data.staged), arguments, data.run_names)
        except TranslationError as error:
            return show_error(in_page_terms(str(error), None, words_in(language)))
        page.selection = replace(page.selection, run="", step=None, direction=0)
        return words_in(language).train.started

    def _refresh(self, page: OpenPage, language: str, added: AddedWeights, received: int | None, model: str) -> Any:
        """Send what has changed since the last refresh. received: the number of the last update the browser got."""
        words = words_in(language)
        with page.lock:
            before, resend = page.shown, received != page.updates_sent
            page.shown, updates = run_updates(
                self._run_box, self._runs, page.selection, before, self._access.on, words, resend
            )
            if has_ended(before, page.shown):
                updates[self._status] = ""
            weights = tuple(weights_choices(self._catalog, added))
            offered = (page.weights_choices, page.model)
            if resend or (weights, model) != offered or page.shown.language != before.language:
                # Only the choices: the selected weights stay selected.
                updates[self._weights.weights] = gr.Dropdown(choices=list(weights))
                updates[self._settings.start_from] = gr.Dropdown(
                    choices=start_choices(self._catalog, model, added, words)
                )
                page.weights_choices, page.model = weights, model
            if updates:
                page.updates_sent += 1
                updates[self._received] = page.updates_sent
        return updates or gr.skip()
