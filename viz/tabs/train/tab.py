"""The Train tab: two sets of pictures in; out of a run of their own, curves, samples and weights."""

import json
from dataclasses import replace
from typing import Any

import gradio as gr

from ugatit.data.domain import Side
from ugatit.errors import DataError, TranslationError
from viz.i18n import LANGUAGES, words_in
from viz.tabs.access import Access
from viz.tabs.catalog import Added, Catalog
from viz.tabs.events import PRIVATE, show_error
from viz.tabs.language import Labels
from viz.tabs.messages import in_page_terms
from viz.tabs.run_weights import RunWeights
from viz.tabs.texts import escape_markdown
from viz.tabs.theme import SHOW_RUN
from viz.tabs.train import domain_box, export_box, run_box, settings_box
from viz.tabs.train.page_state import OpenPage
from viz.tabs.train.resume_box import NoStepsLeftError, ResumeOptions
from viz.tabs.train.runs import Runs
from viz.tabs.train.settings_box import RunOptions, start_choices
from viz.tabs.train.staging import StagedDomain, StagingArea
from viz.tabs.weights_box import DAY, WeightsBox, choices

TICK = 1.5
"""Seconds between two looks."""
SCENES = ("scenes:disc", "scenes:square")
SIDES: tuple[Side, Side] = ("a", "b")

QUIETLY: dict[str, Any] = {"queue": False, "show_progress": "hidden", **PRIVATE}


class TrainTab:
    """Built inside a Blocks: the layout, and handlers that parse, call and return.

    box: Translate's weights, which are to offer what was learned. labels: keeps what stands here in the page's
    language.
    """

    def __init__(
        self, catalog: Catalog, learned: RunWeights, runs: Runs, access: Access, box: WeightsBox, labels: Labels
    ) -> None:
        self._catalog, self._learned, self._runs, self._access, self._weights = catalog, learned, runs, access, box
        self._language = box.language
        self._stage = StagingArea(access.folders)
        self._page = gr.State(OpenPage(), time_to_live=DAY)
        # In the browser, unlike the page's state: the newest answer that reached it, by number.
        self._told = gr.Number(0, precision=0, visible="hidden")
        with gr.Row():
            with gr.Column(scale=5, min_width=300):
                self._build_setting_up(labels)
            with gr.Column(scale=8, min_width=300, elem_id="watch"):
                self._watch = run_box.build(access, labels)

    def _build_setting_up(self, labels: Labels) -> None:
        words = words_in("")
        said, access = words.train, self._access
        if self._access.owner:
            gr.LoginButton(elem_id="log-in", size="sm")
        if not access.on:
            off = gr.Markdown(access.refusal(words), elem_id="training-off")
            labels.say(off, access.refusal)
        with gr.Column(visible=self._access.on):
            lead = gr.Markdown(said.lead, elem_classes="quiet")
            self._scenes = gr.Button(said.try_scenes, size="sm", elem_id="try-scenes")
            self._a, self._b = (domain_box.build(side, self._stage, labels) for side in SIDES)
            self._remarks = gr.Markdown("", elem_id="remarks", elem_classes="quiet")
            self._settings = settings_box.build(self._catalog, self._weights.added, self._language, labels)
            self._start = gr.Button(said.start, variant="primary", elem_id="start")
        self._status = gr.Markdown("", elem_id="train-status", elem_classes="said")
        labels.say(lead, lambda words: words.train.lead)
        labels.say(self._scenes, lambda words: gr.Button(words.train.try_scenes))
        labels.say(self._start, lambda words: gr.Button(words.train.start))

    def connect(self, demo: gr.Blocks, tabs: gr.Tabs) -> None:
        """Wire the handlers; `demo` is the page this tab is on, `tabs` those it lies in."""
        settings, watch = self._settings, self._watch
        paired = [self._a.token, self._a.name, self._b.token, self._b.name]
        for box in (self._a, self._b):
            for understood in domain_box.connect(box, self._stage, self._access, settings.fit, self._language):
                understood.then(self._remark, paired, self._remarks, **QUIETLY)
            box.name.blur(self._remark, paired, self._remarks, **QUIETLY)
        drawn = self._scenes.click(
            self._draw_scenes, [settings.fit, self._language],
            [*(c for box in (self._a, self._b) for c in (box.files, box.source, *box.shown)), self._status],
            show_progress="hidden", **PRIVATE,
        )  # fmt: skip
        drawn.then(self._remark, paired, self._remarks, **QUIETLY)
        asked = [c for box in (self._a, self._b) for c in (box.token, box.source, box.name)]
        started = self._start.click(
            self._begin,
            [
                *asked, settings.name, settings.start_from, self._weights.added, self._page, self._language,
                *settings.wishes,
            ],
            self._status, show_progress="minimal", show_progress_on=self._status, **PRIVATE,
        )  # fmt: skip
        said = json.dumps([words.train.started for words in LANGUAGES.values()])
        started.then(None, self._status, None, js=SHOW_RUN.replace("STARTED", said), **PRIVATE)
        here = [self._page, self._language]
        stopped = watch.stop.click(self._stop, here, watch.said, **QUIETLY)
        resumed = watch.resume.click(self._resume, [*here, *watch.changes.wishes], watch.said, **QUIETLY)
        chosen = watch.run.input(self._choose, [watch.run, self._page], None, **QUIETLY)

        looking: dict[str, Any] = {
            "inputs": [*here, self._weights.added, self._told],
            "outputs": [self._weights.weights, settings.start_from, self._status, *watch.all, self._told],
            **QUIETLY,
        }
        timer = gr.Timer(TICK)
        timer.tick(self._look, **looking)
        demo.load(self._look, **looking)
        self._language.change(self._look, **looking)
        for event in (started, stopped, resumed, chosen):
            event.then(self._look, **looking)

        for control in watch.turned:
            control.input(self._turn, [self._page, *watch.turned], watch.preview, trigger_mode="always_last", **QUIETLY)
        export_box.connect(watch.export, self._catalog, self._learned, self._access, self._page, self._weights, tabs)

    def _draw_scenes(self, profile: gr.OAuthProfile | None, fit: str, language: str) -> list[Any]:
        try:
            self._access.check(profile, language)
            a = domain_box.filled(self._stage, SCENES[0], "a", fit, language)
            b = domain_box.filled(self._stage, SCENES[1], "b", fit, language)
        except TranslationError as error:
            return [*[gr.skip()] * 10, show_error(error)]
        return [None, SCENES[0], *a, None, SCENES[1], *b, ""]

    def _remark(self, token_a: str, name_a: str, token_b: str, name_b: str) -> str:
        remarks = self._stage.warnings((token_a, token_b), (name_a.strip(), name_b.strip()))
        return "\n".join(f"- {escape_markdown(each)}" for each in remarks)

    def _begin(
        self, profile: gr.OAuthProfile | None, token_a: str, source_a: str, name_a: str, token_b: str, source_b: str,
        name_b: str, name: str, start_from: str, added: Added, page: OpenPage, language: str, *wishes: Any,
    ) -> str:  # fmt: skip
        try:
            self._access.check(profile, language)
            a, b = self._staged("a", token_a, source_a, language), self._staged("b", token_b, source_b, language)
            domains = (name_a.strip() or a.name, name_b.strip() or b.name)
            start = self._catalog.find(start_from, added) if start_from else None
            options = RunOptions(*wishes).arguments((a.source, b.source), domains, start)
            self._runs.start(name, a, b, options, domains)
        except TranslationError as error:
            return show_error(in_page_terms(str(error), None, words_in(language)))
        page.selection = replace(page.selection, run="", moment=None, origin=0)
        return words_in(language).train.started

    def _staged(self, side: Side, token: str, source: str, language: str) -> StagedDomain:
        """What one side trains on: a source typed just now counts, also while it has not been looked at yet."""
        staged = self._stage.get(token)
        if source.strip() and (staged is None or staged.source != source.strip()):
            return self._stage.put(source, side)[1]
        if staged is None:
            raise DataError(words_in(language).train.needs_both)
        return staged

    def _stop(self, profile: gr.OAuthProfile | None, page: OpenPage, language: str) -> str:
        try:
            self._access.check(profile, language)
            self._runs.stop(page.seen.run or "")
        except TranslationError as error:
            return show_error(in_page_terms(str(error), None, words_in(language)))
        return words_in(language).train.stopping

    def _resume(self, profile: gr.OAuthProfile | None, page: OpenPage, language: str, *changes: Any) -> str:
        try:
            self._access.check(profile, language)
            self._runs.resume(page.seen.run or "", ResumeOptions(*changes))
        except NoStepsLeftError as error:
            return show_error(error.told(words_in(language)))
        except TranslationError as error:
            return show_error(in_page_terms(str(error), None, words_in(language)))
        page.selection = replace(page.selection, moment=None)
        return ""

    def _choose(self, run: str, page: OpenPage) -> None:
        # A dropdown that is left as it was says so too.
        if run != page.seen.run:
            page.selection = replace(page.selection, run=run or "", moment=None, origin=0)

    def _turn(self, page: OpenPage, *now: Any) -> str:
        with page.lock:
            page.selection, preview = run_box.turned(self._runs, page.selection, page.seen, *now)
        return preview

    def _look(self, page: OpenPage, language: str, added: Added, told: int | None) -> Any:
        words = words_in(language)
        with page.lock:
            before, lost = page.seen, told != page.answers
            page.seen, updates = run_box.look(
                self._watch, self._runs, page.selection, before, self._access.on, words, lost
            )
            if run_box.ended(before, page.seen):
                updates[self._status] = ""
            offered = tuple(choices(self._catalog, added))
            if lost or offered != page.offered or page.seen.language != before.language:
                # Only what is on offer: what a person has chosen stays chosen.
                updates[self._weights.weights] = gr.Dropdown(choices=list(offered))
                updates[self._settings.start_from] = gr.Dropdown(choices=start_choices(self._catalog, added, words))
                page.offered = offered
            if updates:
                page.answers += 1
                updates[self._told] = page.answers
        return updates or gr.skip()
