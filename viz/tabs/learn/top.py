"""The top of the lesson: which weights, which way, which picture; and the way from step to step."""

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from ugatit.checkpoints.registry import WeightsEntry
from viz.i18n.schema import Words
from viz.lesson.html import text
from viz.tabs.catalog import Added
from viz.tabs.inputs import PictureInput
from viz.tabs.language import Labels
from viz.tabs.learn.html import FOLLOW_SCROLLING, PICK_EXAMPLE, examples_element, steps_element
from viz.tabs.learn.step_box import Step
from viz.tabs.learn.subjects import Selection, SubjectCache
from viz.tabs.texts import title_of
from viz.tabs.updates import Updates


@dataclass(frozen=True)
class SelectionBox:
    """own: a reader's own picture. status: an answer in words."""

    weights: gr.Dropdown
    target: gr.Radio
    examples: gr.HTML
    own: PictureInput
    status: gr.HTML

    @property
    def all(self) -> list[Component]:
        return [self.weights, self.target, self.examples, self.own, self.status]

    def offered(self, subjects: SubjectCache, added: Added) -> gr.Dropdown:
        """The dropdown with the weights that there are by now."""
        return gr.Dropdown(choices=subjects.choices(added))

    def turned(
        self, subjects: SubjectCache, found: WeightsEntry, chosen: Selection, added: Added, words: Words
    ) -> Updates:
        """All but the status, for what was chosen."""
        updates: Updates = {
            self.weights: gr.Dropdown(choices=subjects.choices(added), value=found.name),
            self.target: gr.Radio(choices=directions(found, words), value=chosen.to or None),
            self.examples: examples_element(subjects.examples_of(found), chosen.picture, title_of(found), words),
        }
        if not chosen.file:
            updates[self.own] = None
        return updates


def build(subjects: SubjectCache, words: Words, labels: Labels) -> SelectionBox:
    """The controls, as the lesson begins."""
    said, first = words.lesson, subjects.beginning
    lead = gr.HTML(_lead(words), elem_id="lesson-lead", js_on_load=None)
    with gr.Row(elem_id="lesson-choice", equal_height=False):
        with gr.Column(scale=3, min_width=260):
            weights = gr.Dropdown(
                subjects.choices(), value=first.name, label=said.weights, elem_id="lesson-weights", filterable=False
            )
            target = gr.Radio(
                directions(first, words), value=None, label=said.target, elem_id="lesson-target"
            )  # fmt: skip
        with gr.Column(scale=5, min_width=280):
            examples = gr.HTML("", elem_id="lesson-examples", js_on_load=PICK_EXAMPLE)
        with gr.Column(scale=2, min_width=180):
            own = PictureInput(
                label=said.own_picture, sources=["upload", "clipboard", "webcam"], type="filepath", image_mode=None,
                height=150, elem_id="lesson-picture", interactive=True, alt_text=said.own_picture, buttons=[],
                placeholder=said.upload,
            )  # fmt: skip
    status = gr.HTML('<p role="status"></p>', elem_id="lesson-status", js_on_load=None)
    labels.say(lead, _lead)
    labels.say(weights, lambda words: gr.Dropdown(label=words.lesson.weights))
    labels.say(target, lambda words: gr.Radio(label=words.lesson.target))
    labels.say(own, _own_label)
    return SelectionBox(weights, target, examples, own, status)


def build_steps(steps: Sequence[Step], words: Words) -> gr.HTML:
    """The way from step to step, which stays in sight."""
    return gr.HTML(steps_element(steps, words), elem_id="lesson-steps", js_on_load=FOLLOW_SCROLLING)


def directions(found: WeightsEntry, words: Words) -> list[tuple[str, str]]:
    return [(words.lesson.direction.format(to=domain), domain) for domain in found.manifest.domains]


def _lead(words: Words) -> str:
    return f"<p>{text(words.lesson.lead)}</p>"


def _own_label(words: Words) -> PictureInput:
    said = words.lesson
    return PictureInput(label=said.own_picture, alt_text=said.own_picture, placeholder=said.upload)
