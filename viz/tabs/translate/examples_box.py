"""Example pictures: one gallery for each of the weights that has examples."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr
from gradio.events import Dependency

from ugatit.checkpoints.registry import WeightsEntry
from viz.contact_sheet import enlarge
from viz.display import screen_factor
from viz.examples import Example, Examples
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.catalog import AddedWeights, Catalog
from viz.tabs.events import PRIVATE, new_file
from viz.tabs.language import Labels
from viz.tabs.texts import escape_markdown, title_of
from viz.tabs.translate.sources_box import PICTURE, SourcesBox
from viz.tabs.weights_box import WeightsBox, target_updates


@dataclass(frozen=True)
class ExampleGallery:
    """The gallery of one model's examples. examples: in the order of the gallery's items."""

    gallery: gr.Gallery
    examples: list[Example]


def build(catalog: Catalog, examples: Examples, initial: WeightsEntry, labels: Labels) -> list[ExampleGallery]:
    """Build the galleries, with texts in the first language.

    initial: the weights selected at the start, whose gallery is the first. labels: registers them for translation.
    """
    galleries = []
    for entry in sorted(catalog.entries(), key=lambda entry: entry.name != initial.name):
        own_examples = examples.of(entry.name)
        if not own_examples:
            continue
        title = title_of(entry)
        gr.Markdown(f"### {escape_markdown(title)}", elem_classes="heading")
        items = [
            (enlarge(example.picture, screen_factor(example.picture)), f"{example.name}, {example.origin}")
            for example in own_examples
        ]
        gallery = gr.Gallery(
            items, label=words_in("").translate.examples.format(title=title),
            show_label=False, container=False, columns=6, height="auto",
            allow_preview=False, buttons=[], format="png", interactive=False, object_fit="contain",
            elem_id=f"examples-{entry.name}", elem_classes="examples",
        )  # fmt: skip
        labels.add(gallery, partial(_gallery_label, title))
        galleries.append(ExampleGallery(gallery, own_examples))
    return galleries


def connect(
    galleries: list[ExampleGallery], catalog: Catalog, sources: SourcesBox, weights: WeightsBox
) -> list[Dependency]:
    """Wire the galleries: a click puts the example into the picture input and chooses its weights and target.

    Returns the events after which an example is in place.
    """

    def select_from(examples: list[Example]) -> Callable[..., list[Any]]:
        def select_example(added: AddedWeights, language: str, event: gr.SelectData) -> list[Any]:
            example = examples[event.index]
            entry = catalog.find(example.weights, added)
            updates = target_updates(entry, words_in(language), example.to)
            return [save_as_upload(example), PICTURE, gr.Tabs(selected=PICTURE), entry.name, *updates]

        return select_example

    outputs = [sources.picture, sources.mode, sources.tabs, weights.weights, weights.target, weights.about]
    return [
        box.gallery.select(
            select_from(box.examples), [weights.added, weights.language], outputs,
            queue=False, show_progress="hidden", **PRIVATE,
        )
        for box in galleries
    ]  # fmt: skip


def save_as_upload(example: Example) -> str:
    """Write an example to a file of its own name among the uploads, and return the path."""
    path = new_file(f"{example.name}.png")
    example.picture.save(path)
    return str(path)


def _gallery_label(title: str, words: Words) -> gr.Gallery:
    return gr.Gallery(label=words.translate.examples.format(title=title))
