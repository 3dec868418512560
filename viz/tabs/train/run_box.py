"""Controls and displays of one run: status, stop and resume, samples, curves, and export."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from gradio.events import Dependency

from ugatit.errors import TranslationError
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.access import Access
from viz.tabs.events import PRIVATE, show_error
from viz.tabs.language import Labels
from viz.tabs.messages import in_page_terms
from viz.tabs.train import export_box, resume_box
from viz.tabs.train.export_box import ExportBox
from viz.tabs.train.page_state import OpenPage, Selection, ShownState
from viz.tabs.train.resume_box import ResumeBox
from viz.tabs.train.resume_options import NoStepsLeftError, ResumeOptions
from viz.tabs.train.run_view import placeholder, progress_element
from viz.tabs.train.runs import Runs
from viz.timeline import SCALES

QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", **PRIVATE}
"""For events that take milliseconds."""


@dataclass(frozen=True)
class RunBox:
    """The components of a run. message: the answer to Stop or Resume. moment: the slider over the samples."""

    run: gr.Dropdown
    stop: gr.Button
    resume: gr.Button
    progress: gr.HTML
    message: gr.Markdown
    resume_settings: ResumeBox
    direction: gr.Radio
    scale: gr.Dropdown
    moment: gr.Slider
    preview: gr.HTML
    losses: gr.HTML
    rho: gr.HTML
    export: ExportBox

    @property
    def outputs(self) -> list[gr.components.Component]:
        """The components that change with the run."""
        return [
            self.run, self.stop, self.resume, self.progress, self.message, *self.resume_settings.inputs, self.direction,
            self.moment, self.preview, self.losses, self.rho, *self.export.buttons,
        ]  # fmt: skip

    @property
    def sample_inputs(self) -> list[gr.Slider | gr.Radio | gr.Dropdown]:
        """The controls that select a sample, in the order of the arguments of `select_sample`."""
        return [self.moment, self.direction, self.scale]


def build(access: Access, labels: Labels) -> RunBox:
    """Build the components, with texts in the first language.

    labels: registers for translation the texts that do not depend on a run.
    """
    words = words_in("")
    texts = words.train
    with gr.Row(equal_height=True, elem_id="run-bar"):
        run = gr.Dropdown(
            [], label=texts.run, elem_id="run", filterable=False, interactive=True, scale=6, min_width=300
        )  # fmt: skip
        stop = gr.Button(texts.stop, size="md", elem_id="stop", interactive=False, scale=1, min_width=90)
        resume = gr.Button(texts.resume, size="md", elem_id="resume", interactive=False, scale=1, min_width=90)
    progress = gr.HTML(progress_element(None, words, access.on), elem_id="progress")
    message = gr.Markdown("", elem_id="run-said", elem_classes="said")
    resume_settings = resume_box.build(access.on, labels)
    export = export_box.build(access, labels)
    samples_heading = gr.Markdown(f"## {texts.samples}", elem_classes="heading")
    with gr.Group(elem_id="through-time"):
        moment = gr.Slider(0, 1, 0, step=1, label=texts.moment, elem_id="moment", interactive=False)
        with gr.Row(equal_height=True):
            direction = gr.Radio(
                [("A → B", 0), ("B → A", 1)], value=0, label=texts.translating, elem_id="direction", scale=1,
                min_width=220,
            )  # fmt: skip
            scale = gr.Dropdown(
                _scale_choices(words), value=SCALES[0], label=texts.maps, elem_id="map-scale", filterable=False,
                scale=1, min_width=220,
            )  # fmt: skip
    preview = gr.HTML(placeholder(texts.no_samples), elem_id="preview")
    with gr.Row(equal_height=False):
        with gr.Column(min_width=300):
            losses_heading = gr.Markdown(f"## {texts.losses}", elem_classes="heading")
            losses = gr.HTML(placeholder(texts.no_curves), elem_id="losses")
        with gr.Column(min_width=300):
            rho_heading = gr.Markdown(f"## {texts.rho}", elem_classes="heading")
            rho = gr.HTML(placeholder(texts.no_rho), elem_id="rho")
    labels.add(run, lambda words: gr.Dropdown(label=words.train.run))
    labels.add(stop, lambda words: gr.Button(words.train.stop))
    labels.add(resume, lambda words: gr.Button(words.train.resume))
    labels.add(samples_heading, lambda words: f"## {words.train.samples}")
    labels.add(moment, lambda words: gr.Slider(label=words.train.moment))
    labels.add(direction, lambda words: gr.Radio(label=words.train.translating))
    labels.add(scale, lambda words: gr.Dropdown(label=words.train.maps, choices=_scale_choices(words)))
    labels.add(losses_heading, lambda words: f"## {words.train.losses}")
    labels.add(rho_heading, lambda words: f"## {words.train.rho}")
    return RunBox(
        run, stop, resume, progress, message, resume_settings, direction, scale, moment, preview, losses, rho, export
    )  # fmt: skip


def connect(box: RunBox, runs: Runs, access: Access, page: gr.State, language: gr.Radio) -> list[Dependency]:
    """Wire stop, resume, the choice of a run and of a sample.

    page: an `OpenPage`. Returns the events after which the page must be refreshed.
    """

    def stop_run(profile: gr.OAuthProfile | None, page: OpenPage, language: str) -> str:
        try:
            access.check(profile, language)
            runs.stop(page.shown.run or "")
        except TranslationError as error:
            return show_error(in_page_terms(str(error), None, words_in(language)))
        return words_in(language).train.stopping

    def resume_run(profile: gr.OAuthProfile | None, page: OpenPage, language: str, *options: Any) -> str:
        try:
            access.check(profile, language)
            runs.resume(page.shown.run or "", ResumeOptions(*options))
        except NoStepsLeftError as error:
            return show_error(error.message_in(words_in(language)))
        except TranslationError as error:
            return show_error(in_page_terms(str(error), None, words_in(language)))
        page.selection = replace(page.selection, step=None)
        return ""

    def choose_run(run: str, page: OpenPage) -> None:
        # Gradio also calls this for a dropdown that was closed without a change.
        if run != page.shown.run:
            page.selection = replace(page.selection, run=run or "", step=None, direction=0)

    def choose_sample(page: OpenPage, *values: Any) -> str:
        with page.lock:
            page.selection, preview = select_sample(runs, page.selection, page.shown, *values)
        return preview

    inputs = [page, language]
    stopped = box.stop.click(stop_run, inputs, box.message, **QUIET)
    resumed = box.resume.click(resume_run, [*inputs, *box.resume_settings.inputs], box.message, **QUIET)
    chosen = box.run.input(choose_run, [box.run, page], None, **QUIET)
    for control in box.sample_inputs:
        control.input(choose_sample, [page, *box.sample_inputs], box.preview, trigger_mode="always_last", **QUIET)
    return [stopped, resumed, chosen]


def select_sample(
    runs: Runs, selection: Selection, shown: ShownState, moment: float, direction: int, scale: str
) -> tuple[Selection, str]:
    """Return the new selection and the preview of the selected sample. No network runs.

    moment: the slider's value, an index into `shown.steps`; at its end the newest sample is selected.
    """
    words, steps = words_in(shown.language), shown.steps or ()
    step = None if moment >= len(steps) - 1 else steps[int(moment)]
    selection = replace(selection, step=step, direction=direction or 0, scale=scale)
    if not shown.run:
        return selection, placeholder(words.train.no_samples)
    view = runs.view(shown.run)
    return selection, view.preview(view.monitor.poll(), selection.step, selection.direction, selection.scale, words)


def _scale_choices(words: Words) -> list[tuple[str, str]]:
    return [(words.train.scales[name], name) for name in SCALES]
