"""The die: draw a new face like those that the chosen weights were trained on, at random or with chosen attributes."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr
from gradio.events import Dependency

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.data.face_styles import HAIR, SKIN
from ugatit.data.faces import ANY
from ugatit.errors import DataError, TranslationError
from viz.drawn_face import CHOOSABLE, HELD_OUT, DrawnFace, choosable, face_sets, has_faces, image_size, origin_to
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.known_faces import KnownFaces
from viz.tabs.catalog import AddedWeights, Catalog
from viz.tabs.events import DRAWING, PRIVATE, new_file, show_error
from viz.tabs.language import Labels
from viz.tabs.translate.sources_box import PICTURE, SourcesBox
from viz.tabs.weights_box import WeightsBox

VALUES = {"hair": tuple(HAIR), "skin": tuple(SKIN), "glasses": ("yes", "no"), "smile": ("yes", "no")}
TRUE_OR_FALSE = {"yes": True, "no": False}


@dataclass(frozen=True)
class DieBox:
    """The components. choices: a dropdown for each of CHOOSABLE. thrown: the file of the last face that was drawn."""

    group: gr.Column
    button: gr.Button
    features: gr.Accordion
    choices: dict[str, gr.Dropdown]
    thrown: gr.State


def build(initial: WeightsEntry, labels: Labels) -> DieBox:
    """Build the components for the weights selected at the start. labels: registers them for translation."""
    texts = words_in("").faces
    free = free_attributes(initial, initial.manifest.domains[-1]) if initial.manifest.domains else ()
    with gr.Column(visible=has_faces(initial.manifest), elem_id="die") as group:
        button = gr.Button(texts.throw, elem_id="new-face", size="md")
        with gr.Accordion(texts.choose, open=False, visible=bool(free), elem_id="face-features") as features, gr.Row():
            choices = {
                name: gr.Dropdown(
                    _choices(name, words_in("")), value=ANY, label=texts.attributes[name], elem_id=f"face-{name}",
                    filterable=False, min_width=100, visible=name in free,
                )
                for name in CHOOSABLE
            }  # fmt: skip
    thrown = gr.State("")
    labels.add(button, lambda words: gr.Button(words.faces.throw))
    labels.add(features, lambda words: gr.Accordion(label=words.faces.choose))
    for name, dropdown in choices.items():
        labels.add(dropdown, partial(_choice_label, name))
    return DieBox(group, button, features, choices, thrown)


def connect(
    box: DieBox, catalog: Catalog, known: KnownFaces, sources: SourcesBox, weights: WeightsBox, status: gr.Markdown
) -> Callable[..., Dependency]:
    """Wire the die: a click puts a new face into the picture input.

    Returns the function that adds a handler to be called when a new face is in place.
    """

    def follow_weights(name: str, to: str, added: AddedWeights) -> list[Any]:
        try:
            entry = catalog.find(name, added)
        except TranslationError:  # the run was deleted in the meantime
            return [gr.skip()] * (2 + len(CHOOSABLE))
        free = free_attributes(entry, to)
        dropdowns = [gr.Dropdown(visible=name in free) for name in CHOOSABLE]
        return [gr.Column(visible=has_faces(entry.manifest)), gr.Accordion(visible=bool(free)), *dropdowns]

    def throw(name: str, to: str, added: AddedWeights, *chosen: str) -> list[Any]:
        try:
            face = new_face(catalog.find(name, added), to, dict(zip(CHOOSABLE, chosen, strict=True)))
            known.remember(face)
            path = new_file(f"{face.name}.png")
            face.draw().save(path)
        except TranslationError as error:
            return [gr.skip(), gr.skip(), gr.skip(), gr.skip(), show_error(error)]
        return [str(path), PICTURE, gr.Tabs(selected=PICTURE), str(path), ""]

    chosen_weights = [weights.weights, weights.target, weights.added]
    gr.on(
        [weights.weights.change, weights.target.change],
        follow_weights,
        chosen_weights,
        [box.group, box.features, *box.choices.values()],
        queue=False,
        show_progress="hidden",
        **PRIVATE,
    )
    box.button.click(
        throw,
        [*chosen_weights, *box.choices.values()],
        [sources.picture, sources.mode, sources.tabs, box.thrown, status],
        **DRAWING,
        **PRIVATE,
    )
    # The state changes only when a face was drawn: after a failure the message stays and nothing is translated.
    thrown: Callable[..., Dependency] = box.thrown.change
    return thrown


def free_attributes(entry: WeightsEntry, to: str) -> tuple[str, ...]:
    """Return the attributes that a visitor may choose for faces that weights translate to `to`."""
    try:
        sets, origin = face_sets(entry.manifest), origin_to(entry.manifest, to)
    except DataError:
        return ()
    return choosable(sets[origin], sets[to]) if origin in sets and to in sets else ()


def new_face(entry: WeightsEntry, to: str, chosen: dict[str, str]) -> DrawnFace:
    """Return a random held-out face that the weights translate to `to`.

    chosen: words for values by attribute; those that may not be chosen are ignored. Raises DataError.
    """
    sets, origin = face_sets(entry.manifest), origin_to(entry.manifest, to)
    if origin not in sets:
        raise DataError(f"{entry.name} was not trained on drawn faces that can be translated to {to}.")
    free = free_attributes(entry, to)
    values = {name: TRUE_OR_FALSE.get(word, word) for name, word in chosen.items() if name in free and word != ANY}
    return DrawnFace.of(sets[origin], random.choice(HELD_OUT), image_size(entry.manifest), values)


def _choices(name: str, words: Words) -> list[tuple[str, str]]:
    return [(words.faces.any, ANY), *((words.faces.values[value], value) for value in VALUES[name])]


def _choice_label(name: str, words: Words) -> gr.Dropdown:
    return gr.Dropdown(label=words.faces.attributes[name], choices=_choices(name, words))
