"""Compute the updates that bring a page's run box up to date."""

from dataclasses import replace
from typing import Any

import gradio as gr

from ugatit.training.monitor import RunState
from viz.i18n.schema import Words
from viz.tabs.train import export_box
from viz.tabs.train.page_state import Selection, ShownState
from viz.tabs.train.resume_options import current_values
from viz.tabs.train.run_box import RunBox
from viz.tabs.train.run_view import RunView, index_of, placeholder, progress_element
from viz.tabs.train.runs import Runs
from viz.tabs.updates import Updates

RESUMABLE = ("stopped", "killed", "failed", "finished")
ACTIVE = ("starting", "running")


def run_updates(
    box: RunBox,
    runs: Runs,
    selection: Selection,
    before: ShownState,
    may_train: bool,
    words: Words,
    resend: bool = False,
) -> tuple[ShownState, Updates]:
    """Return what the page will show, and the updates of what has changed.

    before: what the page shows. words: the page's language. resend: whether to send everything, because the page may
    not have received `before`.
    """
    shown = before
    resend = resend or words.code != shown.language
    if resend:
        # Everything but the resume settings, which the visitor may have edited; the selected sample stays selected.
        shown = replace(shown, language=words.code, revision=-1, curves_drawn_at=-1.0, steps=None, directions=())
    entries = runs.entries()
    name = run_to_show(selection, entries)
    updates: Updates = {}
    if resend or (entries, name) != (shown.runs, shown.run):
        choices = [(words.train.in_training.format(run=run) if training else run, run) for run, training in entries]
        updates[box.run] = gr.Dropdown(choices=choices, value=name or None)
    if name != shown.run:
        if shown.run:
            updates[box.message] = ""
        shown = ShownState(language=words.code)
    shown = replace(shown, runs=entries, run=name)
    if not name:
        return shown, updates | (_no_run_updates(box, may_train, words) if resend else {})
    view = runs.view(name)
    state = view.monitor.poll()
    if state.revision != shown.revision:
        updates[box.progress] = progress_element(state, words)
        updates[box.stop] = gr.Button(interactive=may_train and state.status in ACTIVE)
        resumable = may_train and state.status in RESUMABLE and runs.is_resumable(name)
        updates[box.resume] = gr.Button(interactive=resumable)
        if shown.status and state.status != shown.status:
            updates[box.message] = ""
        if (settings := current_values(state.folder)) and settings != shown.settings:
            updates |= box.resume_settings.updates(settings)
            shown = replace(shown, settings=settings)
        has_checkpoint = state.checkpoint is not None
        shown = replace(shown, revision=state.revision, status=state.status, has_checkpoint=has_checkpoint)
    shown, curve_updates = _curve_updates(box, view, state, shown, words)
    shown, sample_updates = _sample_updates(box, view, state, selection, shown, words)
    export_updates = export_box.button_updates(box.export, before, shown, resend)
    return shown, updates | curve_updates | sample_updates | export_updates


def has_ended(before: ShownState, now: ShownState) -> bool:
    """Return whether the run that is shown was active before and no longer is."""
    return before.run == now.run and before.status in ACTIVE and now.status not in ACTIVE


def run_to_show(selection: Selection, entries: tuple[tuple[str, bool], ...]) -> str:
    """Return the selected run, else one in training, else the newest; empty where there is none."""
    names = [run for run, _ in entries]
    if selection.run in names:
        return selection.run
    return next((run for run, training in entries if training), names[0] if names else "")


def _no_run_updates(box: RunBox, may_train: bool, words: Words) -> Updates:
    texts = words.train
    return {
        box.progress: progress_element(None, words, may_train),
        box.preview: placeholder(texts.no_samples),
        box.losses: placeholder(texts.no_curves),
        box.rho: placeholder(texts.no_rho),
    }


def _curve_updates(
    box: RunBox, view: RunView, state: RunState, shown: ShownState, words: Words
) -> tuple[ShownState, Updates]:
    curves = view.curves(state)
    if curves.drawn_at == shown.curves_drawn_at:
        return shown, {}
    losses, rho = curves.elements(words)
    return replace(shown, curves_drawn_at=curves.drawn_at), {box.losses: losses, box.rho: rho}


def _sample_updates(
    box: RunBox, view: RunView, state: RunState, selection: Selection, shown: ShownState, words: Words
) -> tuple[ShownState, Updates]:
    updates: Updates = {}
    steps, directions = tuple(step for step, _ in state.samples), tuple(view.directions())
    if directions != shown.directions:
        value = selection.direction if selection.direction < len(directions) else 0
        updates[box.direction] = gr.Radio(choices=list(directions), value=value)
    if steps != shown.steps:
        before = shown.steps or ()
        # A visitor who looks at an earlier sample stays there while new samples arrive.
        stays = bool(before) and selection.step is not None and steps[: len(before)] == before
        moved: dict[str, Any] = {} if stays or not steps else {"value": index_of(steps, selection.step)}
        updates[box.moment] = gr.update(maximum=max(1, len(steps) - 1), interactive=len(steps) > 1, **moved)
        if not stays:
            updates[box.preview] = view.preview(
                state, selection.step, selection.direction, selection.scale, words
            )  # fmt: skip
    return replace(shown, steps=steps, directions=directions), updates
