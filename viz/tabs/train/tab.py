"""The Train tab: layout and wiring."""

import json
from dataclasses import replace
from typing import Any

import gradio as gr

from ugatit.data.domain import SIDES
from ugatit.data.kinds import DataKind
from ugatit.errors import DataError, TranslationError
from ugatit.models.registry import DEFAULT_MODEL, model_class, model_names
from viz.i18n import LANGUAGES, words_in
from viz.tabs.access import Access
from viz.tabs.assets import read_asset
from viz.tabs.catalog import AddedWeights, Catalog
from viz.tabs.events import PRIVATE, show_error
from viz.tabs.language import Labels
from viz.tabs.messages import in_page_terms
from viz.tabs.run_weights import RunWeights
from viz.tabs.texts import escape_markdown
from viz.tabs.train import domain_box, export_box, run_box, settings_box
from viz.tabs.train.domain_box import Part
from viz.tabs.train.page_state import OpenPage
from viz.tabs.train.run_box import QUIET
from viz.tabs.train.run_options import RunOptions
from viz.tabs.train.run_updates import has_ended, run_updates
from viz.tabs.train.runs import Runs
from viz.tabs.train.settings_box import start_choices
from viz.tabs.train.staging import Staged, StagedPairs, StagingArea, data_options
from viz.tabs.weights_box import DAY, WeightsBox, weights_choices

REFRESH_INTERVAL = 1.5
"""Seconds between two refreshes of an open page."""
SHOWN_KINDS = (DataKind.PAIR, DataKind.FOLDERS, DataKind.PAIRED)
"""The kinds of data, in the order of the columns that ask for them."""
SCENES = ("scenes:disc", "scenes:square")


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
            with gr.Column() as self._pair:
                lead = gr.Markdown(texts.lead, elem_classes="quiet")
                self._use_scenes = gr.Button(texts.try_scenes, size="sm", elem_id="try-scenes")
                self._domains = [domain_box.build(side, self._staging, labels) for side in SIDES]
            with gr.Column(visible=False) as self._folders:
                lead_of_folders = gr.Markdown(texts.lead_of_folders, elem_classes="quiet")
                self._data = domain_box.build(None, self._staging, labels)
            with gr.Column(visible=False) as self._paired:
                lead_of_pairs = gr.Markdown(texts.lead_of_pairs, elem_classes="quiet")
                # It has the ids of the box above: the page shows one of them at a time.
                self._pairs = domain_box.build("pairs", self._staging, labels)
            self._warnings = gr.Markdown("", elem_id="remarks", elem_classes="quiet")
            self._settings = settings_box.build(self._catalog, self._model, self._weights.added, self._language, labels)
            self._start = gr.Button(texts.start, variant="primary", elem_id="start")
        self._status = gr.Markdown("", elem_id="train-status", elem_classes="said")
        labels.add(lead, lambda words: words.train.lead)
        labels.add(lead_of_folders, lambda words: words.train.lead_of_folders)
        labels.add(lead_of_pairs, lambda words: words.train.lead_of_pairs)
        labels.add(self._model, lambda words: gr.Dropdown(label=words.train.model))
        labels.add(self._use_scenes, lambda words: gr.Button(words.train.try_scenes))
        labels.add(self._start, lambda words: gr.Button(words.train.start))

    def connect(self, demo: gr.Blocks, tabs: gr.Tabs) -> None:
        """Wire the handlers. demo: the page that contains this tab. tabs: the component that contains it."""
        settings, box = self._settings, self._run_box
        tokens = [control for domain in self._domains for control in (domain.token, domain.name)]
        boxes = (*self._domains, self._data, self._pairs)
        warning_inputs = [self._model, *tokens, self._data.token, self._pairs.token]
        for domain in boxes:
            for staged in domain_box.connect(domain, self._staging, self._access, settings.fit, self._language):
                staged.then(self._show_warnings, warning_inputs, self._warnings, **QUIET)
            domain.name.blur(self._show_warnings, warning_inputs, self._warnings, **QUIET)
        chosen = self._model.change(
            self._show_data, [self._model, self._language], [self._pair, self._folders, self._paired, self._status],
            **QUIET,
        )  # fmt: skip
        chosen.then(self._show_warnings, warning_inputs, self._warnings, **QUIET)
        scenes_outputs = [
            control for domain in self._domains for control in (domain.files, domain.source, *domain.outputs)
        ]
        scenes_staged = self._use_scenes.click(
            self._stage_scenes, [settings.fit, self._language], [*scenes_outputs, self._status],
            show_progress="hidden", **PRIVATE,
        )  # fmt: skip
        scenes_staged.then(self._show_warnings, warning_inputs, self._warnings, **QUIET)
        data_inputs = [control for box in boxes for control in (box.token, box.source, box.name)]
        started = self._start.click(
            self._start_run,
            [
                *data_inputs, settings.name, settings.start_from, self._weights.added, self._page, self._language,
                *settings.inputs,
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

    def _stage_scenes(self, profile: gr.OAuthProfile | None, fit: str, language: str) -> list[Any]:
        try:
            self._access.check(profile, language)
            a = domain_box.stage_values(self._staging, SCENES[0], "a", fit, language)
            b = domain_box.stage_values(self._staging, SCENES[1], "b", fit, language)
        except TranslationError as error:
            return [*[gr.skip()] * 10, show_error(error)]
        return [None, SCENES[0], *a, None, SCENES[1], *b, ""]

    def _show_warnings(
        self, model: str, token_a: str, name_a: str, token_b: str, name_b: str, token_data: str, token_pairs: str
    ) -> str:  # fmt: skip
        try:
            kind = _data_kind(model)
        except TranslationError:
            return ""
        if kind == DataKind.PAIR:
            warnings = self._staging.warnings((token_a, token_b), (name_a.strip(), name_b.strip()))
        else:
            warnings = self._staging.source_warnings(token_pairs if kind == DataKind.PAIRED else token_data)
        return "\n".join(f"- {escape_markdown(warning)}" for warning in warnings)

    def _show_data(self, model: str, language: str) -> list[Any]:
        kind, status = DataKind.PAIR, ""
        try:
            kind = _data_kind(model)
        except TranslationError as error:
            status = show_error(in_page_terms(str(error), None, words_in(language)))
        return [*(gr.Column(visible=kind == one) for one in SHOWN_KINDS), status]

    def _start_run(
        self, profile: gr.OAuthProfile | None, token_a: str, source_a: str, name_a: str, token_b: str, source_b: str,
        name_b: str, token_data: str, source_data: str, _data: str, token_pairs: str, source_pairs: str, _pairs: str,
        name: str, start_from: str, added: AddedWeights, page: OpenPage, language: str, *settings: Any,
    ) -> str:  # fmt: skip
        try:
            self._access.check(profile, language)
            options = RunOptions(*settings)
            initial_weights = self._catalog.find(start_from, added) if start_from else None
            kind = _data_kind(options.model)
            if kind == DataKind.PAIR:
                a, b = (
                    self._staged(side, token, source, language)
                    for side, token, source in zip(SIDES, (token_a, token_b), (source_a, source_b), strict=True)
                )
                domains = (name_a.strip() or a.name, name_b.strip() or b.name)
                arguments = options.arguments((a.source, b.source), domains, initial_weights)
                self._runs.start(name, lambda run: data_options(run, a, b), arguments, domains)
            else:
                staged = (
                    self._staged("pairs", token_pairs, source_pairs, language) if kind == DataKind.PAIRED
                    else self._staged(None, token_data, source_data, language)
                )  # fmt: skip
                names = staged.names if isinstance(staged, StagedPairs) else ()
                arguments = options.arguments((staged.source,), names, initial_weights)
                self._runs.start(name, lambda run: data_options(run, staged), arguments, (staged.name,))
        except TranslationError as error:
            return show_error(in_page_terms(str(error), None, words_in(language)))
        page.selection = replace(page.selection, run="", step=None, direction=0)
        return words_in(language).train.started

    def _staged(self, part: Part, token: str, source: str, language: str) -> Staged:
        """Return what is staged for a part of the data; a source that was typed but not staged yet is staged first."""
        staged = self._staging.get(token)
        if source.strip() and (staged is None or staged.source != source.strip()):
            return domain_box.stage(self._staging, source, part)[1]
        if staged is None:
            texts = words_in(language).train
            raise DataError({None: texts.needs_data, "pairs": texts.needs_pairs}.get(part, texts.needs_both))
        return staged

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


def _data_kind(model: str) -> DataKind:
    """Return the kind of data that the page trains a model on: two sources where it takes several kinds.

    Raises WeightsError if its package cannot be imported.
    """
    kinds = model_class(model).data_kinds
    return next(kind for kind in SHOWN_KINDS if kind in kinds)
