"""The right side of the Train tab: a run as it fares, and the looks by which a page keeps up with it."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from ugatit.training.monitor import RunState
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.access import Access
from viz.tabs.language import Labels
from viz.tabs.train import export_box, resume_box
from viz.tabs.train.export_box import ExportBox
from viz.tabs.train.page_state import Selection, ShownState
from viz.tabs.train.resume_box import ResumeBox
from viz.tabs.train.run_view import RunView, index_of, placeholder, progress_element
from viz.tabs.train.runs import Runs
from viz.tabs.updates import Updates
from viz.timeline import SCALES

RESUMABLE = ("stopped", "killed", "failed", "finished")
BUSY = ("starting", "running")


@dataclass(frozen=True)
class RunBox:
    """The components of a run. said: an answer to Stop or Resume."""

    run: gr.Dropdown
    stop: gr.Button
    resume: gr.Button
    progress: gr.HTML
    said: gr.Markdown
    changes: ResumeBox
    direction: gr.Radio
    scale: gr.Dropdown
    moment: gr.Slider
    preview: gr.HTML
    losses: gr.HTML
    rho: gr.HTML
    export: ExportBox

    @property
    def all(self) -> list[gr.components.Component]:
        """What changes with the run."""
        return [
            self.run, self.stop, self.resume, self.progress, self.said, *self.changes.wishes, self.direction,
            self.moment, self.preview, self.losses, self.rho, *self.export.all,
        ]  # fmt: skip

    @property
    def turned(self) -> list[gr.Slider | gr.Radio | gr.Dropdown]:
        """The controls of what is looked at, in the order of `turned`'s arguments."""
        return [self.moment, self.direction, self.scale]


def build(access: Access, labels: Labels) -> RunBox:
    """The components, in the first language's words. labels: keeps in the page's what does not depend on a run."""
    words = words_in("")
    said = words.train
    with gr.Row(equal_height=True, elem_id="run-bar"):
        run = gr.Dropdown(
            [], label=said.run, elem_id="run", filterable=False, interactive=True, scale=6, min_width=300
        )  # fmt: skip
        stop = gr.Button(said.stop, size="md", elem_id="stop", interactive=False, scale=1, min_width=90)
        resume = gr.Button(said.resume, size="md", elem_id="resume", interactive=False, scale=1, min_width=90)
    progress = gr.HTML(progress_element(None, words, access.on), elem_id="progress")
    answer = gr.Markdown("", elem_id="run-said", elem_classes="said")
    changes = resume_box.build(access.on, labels)
    taken = export_box.build(access, labels)
    samples = gr.Markdown(f"## {said.samples}", elem_classes="heading")
    with gr.Group(elem_id="through-time"):
        moment = gr.Slider(0, 1, 0, step=1, label=said.moment, elem_id="moment", interactive=False)
        with gr.Row(equal_height=True):
            direction = gr.Radio(
                [("A → B", 0), ("B → A", 1)], value=0, label=said.translating, elem_id="direction", scale=1,
                min_width=220,
            )  # fmt: skip
            scale = gr.Dropdown(
                _scales(words), value=SCALES[0], label=said.maps, elem_id="map-scale", filterable=False,
                scale=1, min_width=220,
            )  # fmt: skip
    preview = gr.HTML(placeholder(said.no_samples), elem_id="preview")
    with gr.Row(equal_height=False):
        with gr.Column(min_width=300):
            losses_head = gr.Markdown(f"## {said.losses}", elem_classes="heading")
            losses = gr.HTML(placeholder(said.no_curves), elem_id="losses")
        with gr.Column(min_width=300):
            rho_head = gr.Markdown(f"## {said.rho}", elem_classes="heading")
            rho = gr.HTML(placeholder(said.no_rho), elem_id="rho")
    labels.say(run, lambda words: gr.Dropdown(label=words.train.run))
    labels.say(stop, lambda words: gr.Button(words.train.stop))
    labels.say(resume, lambda words: gr.Button(words.train.resume))
    labels.say(samples, lambda words: f"## {words.train.samples}")
    labels.say(moment, lambda words: gr.Slider(label=words.train.moment))
    labels.say(direction, lambda words: gr.Radio(label=words.train.translating))
    labels.say(scale, lambda words: gr.Dropdown(label=words.train.maps, choices=_scales(words)))
    labels.say(losses_head, lambda words: f"## {words.train.losses}")
    labels.say(rho_head, lambda words: f"## {words.train.rho}")
    return RunBox(run, stop, resume, progress, answer, changes, direction, scale, moment, preview, losses, rho, taken)


def look(
    box: RunBox, runs: Runs, selection: Selection, before: ShownState, may_train: bool, words: Words, lost: bool = False
) -> tuple[ShownState, Updates]:
    """What a page should show now and does not yet. words: those it speaks. lost: whether it may show something else
    than `before`."""
    seen = before
    anew = lost or words.code != seen.language
    if anew:
        # All is sent, at the moment that is looked at; what a person has set stays.
        seen = replace(seen, language=words.code, revision=-1, curves=-1.0, steps=None, directions=())
    listed = runs.listed()
    name = chosen(selection, listed)
    updates: Updates = {}
    if anew or (listed, name) != (seen.listed, seen.run):
        labels = [(words.train.in_training.format(run=run) if busy else run, run) for run, busy in listed]
        updates[box.run] = gr.Dropdown(choices=labels, value=name or None)
    if name != seen.run:
        if seen.run:
            updates[box.said] = ""
        seen = ShownState(language=words.code)
    seen = replace(seen, listed=listed, run=name)
    if not name:
        return seen, updates | (_nothing_yet(box, may_train, words) if anew else {})
    view = runs.view(name)
    state = view.watch.look()
    if state.revision != seen.revision:
        updates[box.progress] = progress_element(state, words)
        updates[box.stop] = gr.Button(interactive=may_train and state.status in BUSY)
        updates[box.resume] = gr.Button(interactive=may_train and state.status in RESUMABLE and runs.is_begun(name))
        if seen.status and state.status != seen.status:
            updates[box.said] = ""
        if (settings := resume_box.settings_shown(state.folder)) and settings != seen.settings:
            updates |= box.changes.showing(settings)
            seen = replace(seen, settings=settings)
        seen = replace(seen, revision=state.revision, status=state.status, saved=state.checkpoint is not None)
    seen, drawn = _curves(box, view, state, seen, words)
    seen, moved = _samples(box, view, state, selection, seen, words)
    return seen, updates | drawn | moved | export_box.look(box.export, before, seen, anew)


def ended(before: ShownState, now: ShownState) -> bool:
    """Whether the run that is shown went on at the last look and does so no more."""
    return before.run == now.run and before.status in BUSY and now.status not in BUSY


def chosen(selection: Selection, listed: tuple[tuple[str, bool], ...]) -> str:
    """The run to show: the chosen one, else one in training, else the newest; empty where there is none."""
    names = [run for run, _ in listed]
    if selection.run in names:
        return selection.run
    return next((run for run, busy in listed if busy), names[0] if names else "")


def turned(
    runs: Runs, selection: Selection, seen: ShownState, moment: float, origin: int, scale: str
) -> tuple[Selection, str]:
    """Where a person now looks, and the preview there. No network runs."""
    words, steps = words_in(seen.language), seen.steps or ()
    step = None if moment >= len(steps) - 1 else steps[int(moment)]
    selection = replace(selection, moment=step, origin=origin or 0, scale=scale)
    if not seen.run:
        return selection, placeholder(words.train.no_samples)
    view = runs.view(seen.run)
    return selection, view.preview(view.watch.look(), selection.moment, selection.origin, selection.scale, words)


def _scales(words: Words) -> list[tuple[str, str]]:
    return [(words.train.scales[name], name) for name in SCALES]


def _nothing_yet(box: RunBox, may_train: bool, words: Words) -> Updates:
    """What is shown while there is no run."""
    said = words.train
    return {
        box.progress: progress_element(None, words, may_train),
        box.preview: placeholder(said.no_samples),
        box.losses: placeholder(said.no_curves),
        box.rho: placeholder(said.no_rho),
    }


def _curves(box: RunBox, view: RunView, state: RunState, seen: ShownState, words: Words) -> tuple[ShownState, Updates]:
    curves = view.curves(state)
    if curves.when == seen.curves:
        return seen, {}
    losses, rho = curves.elements(words)
    return replace(seen, curves=curves.when), {box.losses: losses, box.rho: rho}


def _samples(
    box: RunBox, view: RunView, state: RunState, selection: Selection, seen: ShownState, words: Words
) -> tuple[ShownState, Updates]:
    updates: Updates = {}
    steps, directions = tuple(step for step, _ in state.samples), tuple(view.directions())
    if directions != seen.directions:
        updates[box.direction] = gr.Radio(choices=list(directions), value=selection.origin)
    if steps != seen.steps:
        before = seen.steps or ()
        # Who looks at an earlier moment stays there while new samples come.
        stays = bool(before) and selection.moment is not None and steps[: len(before)] == before
        place: dict[str, Any] = {} if stays or not steps else {"value": index_of(steps, selection.moment)}
        updates[box.moment] = gr.update(maximum=max(1, len(steps) - 1), interactive=len(steps) > 1, **place)
        if not stays:
            updates[box.preview] = view.preview(state, selection.moment, selection.origin, selection.scale, words)
    return replace(seen, steps=steps, directions=directions), updates
