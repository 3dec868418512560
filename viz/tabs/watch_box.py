"""The right side of the Train tab: a run as it fares, and the looks by which a page keeps up with it."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from ugatit.training.watch import RunState
from viz.tabs import resume_box, take_home
from viz.tabs import train_texts as texts
from viz.tabs.access import Access
from viz.tabs.page import Gaze, Seen, Updates
from viz.tabs.resume_box import ResumeBox
from viz.tabs.run_view import RunView, index_of, placeholder, progress_element
from viz.tabs.runs import Runs
from viz.tabs.take_home import TakeHomeBox
from viz.timeline import SCALES

RESUMABLE = ("stopped", "killed", "failed", "finished")
BUSY = ("starting", "running")


@dataclass(frozen=True)
class WatchBox:
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
    take_home: TakeHomeBox

    @property
    def all(self) -> list[gr.components.Component]:
        """What changes with the run."""
        return [
            self.run, self.stop, self.resume, self.progress, self.said, *self.changes.wishes, self.direction,
            self.moment, self.preview, self.losses, self.rho, *self.take_home.all,
        ]  # fmt: skip

    @property
    def turned(self) -> list[gr.Slider | gr.Radio | gr.Dropdown]:
        """The controls of what is looked at, in the order of `turned`'s arguments."""
        return [self.moment, self.direction, self.scale]


def build(access: Access) -> WatchBox:
    with gr.Row(equal_height=True, elem_id="run-bar"):
        run = gr.Dropdown(
            [], label="Run", elem_id="run", filterable=False, interactive=True, scale=6, min_width=300
        )  # fmt: skip
        stop = gr.Button("Stop", size="md", elem_id="stop", interactive=False, scale=1, min_width=90)
        resume = gr.Button("Resume", size="md", elem_id="resume", interactive=False, scale=1, min_width=90)
    progress = gr.HTML(progress_element(None, access.on), elem_id="progress")
    said = gr.Markdown("", elem_id="run-said", elem_classes="said")
    changes = resume_box.build(access.on)
    taken = take_home.build(access)
    gr.Markdown("## Held-out pictures, and where the networks look", elem_classes="heading")
    with gr.Group(elem_id="through-time"):
        moment = gr.Slider(0, 1, 0, step=1, label="Through time", elem_id="moment", interactive=False)
        with gr.Row(equal_height=True):
            direction = gr.Radio(
                [("A → B", 0), ("B → A", 1)], value=0, label="Translating", elem_id="direction", scale=1, min_width=220
            )
            scale = gr.Dropdown(
                [(label, name) for name, label in SCALES.items()], value=next(iter(SCALES)), label="Maps",
                elem_id="map-scale", filterable=False, scale=1, min_width=220,
            )  # fmt: skip
    preview = gr.HTML(placeholder(texts.NO_SAMPLES), elem_id="preview")
    with gr.Row(equal_height=False):
        with gr.Column(min_width=300):
            gr.Markdown("## Losses", elem_classes="heading")
            losses = gr.HTML(placeholder(texts.NO_CURVES), elem_id="losses")
        with gr.Column(min_width=300):
            gr.Markdown("## Rho", elem_classes="heading")
            rho = gr.HTML(placeholder(texts.NO_RHO), elem_id="rho")
    return WatchBox(run, stop, resume, progress, said, changes, direction, scale, moment, preview, losses, rho, taken)


def look(box: WatchBox, runs: Runs, gaze: Gaze, before: Seen, may_train: bool) -> tuple[Seen, Updates]:
    """What a page should show now and does not yet."""
    seen = before
    listed = runs.listed()
    name = chosen(gaze, listed)
    updates: Updates = {}
    if (listed, name) != (seen.listed, seen.run):
        labels = [(f"{run} · in training" if busy else run, run) for run, busy in listed]
        updates[box.run] = gr.Dropdown(choices=labels, value=name or None)
    if name != seen.run:
        if seen.run:
            updates[box.said] = ""
        seen = Seen()
    seen = replace(seen, listed=listed, run=name)
    if not name:
        return seen, updates
    view = runs.view(name)
    state = view.watch.look()
    if state.revision != seen.revision:
        updates[box.progress] = progress_element(state)
        updates[box.stop] = gr.Button(interactive=may_train and state.status in BUSY)
        updates[box.resume] = gr.Button(interactive=may_train and state.status in RESUMABLE and runs.is_begun(name))
        if seen.status and state.status != seen.status:
            updates[box.said] = ""
        if (settings := resume_box.settings_shown(state.folder)) and settings != seen.settings:
            updates |= box.changes.showing(settings)
            seen = replace(seen, settings=settings)
        seen = replace(seen, revision=state.revision, status=state.status, saved=state.checkpoint is not None)
    seen, drawn = _curves(box, view, state, seen)
    seen, moved = _samples(box, view, state, gaze, seen)
    return seen, updates | drawn | moved | take_home.look(box.take_home, before, seen)


def ended(before: Seen, now: Seen) -> bool:
    """Whether the run that is shown went on at the last look and does so no more."""
    return before.run == now.run and before.status in BUSY and now.status not in BUSY


def chosen(gaze: Gaze, listed: tuple[tuple[str, bool], ...]) -> str:
    """The run to show: the chosen one, else one in training, else the newest; empty where there is none."""
    names = [run for run, _ in listed]
    if gaze.run in names:
        return gaze.run
    return next((run for run, busy in listed if busy), names[0] if names else "")


def turned(runs: Runs, gaze: Gaze, seen: Seen, moment: float, origin: int, scale: str) -> tuple[Gaze, str]:
    """Where a person now looks, and the preview there. No network runs."""
    steps = seen.steps or ()
    step = None if moment >= len(steps) - 1 else steps[int(moment)]
    gaze = replace(gaze, moment=step, origin=origin or 0, scale=scale)
    if not seen.run:
        return gaze, placeholder(texts.NO_SAMPLES)
    view = runs.view(seen.run)
    return gaze, view.preview(view.watch.look(), gaze.moment, gaze.origin, gaze.scale)


def _curves(box: WatchBox, view: RunView, state: RunState, seen: Seen) -> tuple[Seen, Updates]:
    curves = view.curves(state)
    if curves.when == seen.curves:
        return seen, {}
    return replace(seen, curves=curves.when), {box.losses: curves.losses, box.rho: curves.rho}


def _samples(box: WatchBox, view: RunView, state: RunState, gaze: Gaze, seen: Seen) -> tuple[Seen, Updates]:
    updates: Updates = {}
    steps, directions = tuple(step for step, _ in state.samples), tuple(view.directions())
    if directions != seen.directions:
        updates[box.direction] = gr.Radio(choices=list(directions), value=gaze.origin)
    if steps != seen.steps:
        before = seen.steps or ()
        # Who looks at an earlier moment stays there while new samples come.
        stays = bool(before) and gaze.moment is not None and steps[: len(before)] == before
        place: dict[str, Any] = {} if stays or not steps else {"value": index_of(steps, gaze.moment)}
        updates[box.moment] = gr.update(maximum=max(1, len(steps) - 1), interactive=len(steps) > 1, **place)
        if not stays:
            updates[box.preview] = view.preview(state, gaze.moment, gaze.origin, gaze.scale)
    return replace(seen, steps=steps, directions=directions), updates
