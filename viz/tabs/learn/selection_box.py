"""Controls at the top of the lesson: weights, direction, picture, and the navigation between steps."""

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.models.registry import targets as model_targets
from viz.i18n.schema import Words
from viz.lesson.html import text_to_html
from viz.tabs.assets import read_asset
from viz.tabs.catalog import AddedWeights
from viz.tabs.inputs import PictureInput
from viz.tabs.language import Labels
from viz.tabs.learn.html import examples_element, steps_element
from viz.tabs.learn.step import Step
from viz.tabs.learn.subject_cache import Selection, SubjectCache
from viz.tabs.texts import title_of
from viz.tabs.updates import Updates


@dataclass(frozen=True)
class SelectionBox:
    """The controls of a selection. upload: the reader's own picture. status: messages."""

    weights: gr.Dropdown
    target: gr.Radio
    examples: gr.HTML
    upload: PictureInput
    status: gr.HTML

    @property
    def all(self) -> list[Component]:
        return [self.weights, self.target, self.examples, self.upload, self.status]

    def choices_update(self, subjects: SubjectCache, added: AddedWeights) -> gr.Dropdown:
        """Return the dropdown with all weights on offer now."""
        return gr.Dropdown(choices=subjects.choices(added))

    def selection_updates(
        self, subjects: SubjectCache, entry: WeightsEntry, selection: Selection, added: AddedWeights, words: Words
    ) -> Updates:
        """Return updates of all controls but the status, for a selection."""
        examples = subjects.examples_of(entry)
        updates: Updates = {
            self.weights: gr.Dropdown(choices=subjects.choices(added), value=entry.name),
            self.target: gr.Radio(choices=directions(entry, words), value=selection.to or None),
            self.examples: examples_element(examples, selection.picture, title_of(entry), words),
        }
        if not selection.file:
            updates[self.upload] = None
        return updates


def build(subjects: SubjectCache, words: Words, labels: Labels) -> SelectionBox:
    """Build the controls, with the default weights and no picture."""
    texts, entry = words.lesson, subjects.default_weights
    lead = gr.HTML(_lead(words), elem_id="lesson-lead", js_on_load=None)
    with gr.Row(elem_id="lesson-choice", equal_height=False):
        with gr.Column(scale=3, min_width=260):
            weights = gr.Dropdown(
                subjects.choices(), value=entry.name, label=texts.weights, elem_id="lesson-weights", filterable=False
            )
            target = gr.Radio(directions(entry, words), value=None, label=texts.target, elem_id="lesson-target")
        with gr.Column(scale=5, min_width=280):
            examples = gr.HTML("", elem_id="lesson-examples", js_on_load=read_asset("pick_example.js"))
        with gr.Column(scale=2, min_width=180):
            upload = PictureInput(
                label=texts.own_picture, sources=["upload", "clipboard", "webcam"], type="filepath", image_mode=None,
                height=150, elem_id="lesson-picture", interactive=True, alt_text=texts.own_picture, buttons=[],
                placeholder=texts.upload,
            )  # fmt: skip
    status = gr.HTML('<p role="status"></p>', elem_id="lesson-status", js_on_load=None)
    labels.add(lead, _lead)
    labels.add(weights, lambda words: gr.Dropdown(label=words.lesson.weights))
    labels.add(target, lambda words: gr.Radio(label=words.lesson.target))
    labels.add(upload, _upload_labels)
    return SelectionBox(weights, target, examples, upload, status)


def build_navigation(steps: Sequence[Step], words: Words) -> gr.HTML:
    """Build the links to the steps, which stay in sight."""
    mark_current = read_asset("mark_current_step.js")
    return gr.HTML(steps_element(steps, words), elem_id="lesson-steps", js_on_load=mark_current)


def directions(entry: WeightsEntry, words: Words) -> list[tuple[str, str]]:
    """Return label and domain of each direction that weights translate in."""
    return [(words.lesson.direction.format(to=domain), domain) for domain in model_targets(entry.manifest)]


def _lead(words: Words) -> str:
    return f"<p>{text_to_html(words.lesson.lead)}</p>"


def _upload_labels(words: Words) -> PictureInput:
    texts = words.lesson
    return PictureInput(label=texts.own_picture, alt_text=texts.own_picture, placeholder=texts.upload)
