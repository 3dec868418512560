"""The examples on the page: a wall of small pictures for each of the weights that has some."""

from dataclasses import dataclass
from functools import partial

import gradio as gr

from viz.contact_sheet import enlarged
from viz.display import screen_factor
from viz.examples import Example, Examples
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.catalog import Catalog
from viz.tabs.events import new_file
from viz.tabs.language import Labels
from viz.tabs.texts import escape_markdown, title_of


@dataclass(frozen=True)
class ExampleGallery:
    gallery: gr.Gallery
    examples: list[Example]


def build(catalog: Catalog, examples: Examples, labels: Labels) -> list[ExampleGallery]:
    walls = []
    for found in catalog.offered():
        offered = examples.of(found.name)
        if not offered:
            continue
        gr.Markdown(f"### {escape_markdown(title_of(found))}", elem_classes="heading")
        label = words_in("").translate.examples.format(title=title_of(found))
        gallery = gr.Gallery(
            [(enlarged(each.picture, screen_factor(each.picture)), f"{each.name}, {each.origin}") for each in offered],
            label=label, show_label=False, container=False, columns=6, height="auto",
            allow_preview=False, buttons=[], format="png", interactive=False, object_fit="contain",
            elem_id=f"examples-{found.name}", elem_classes="examples",
        )  # fmt: skip
        labels.say(gallery, partial(_labelled, title_of(found)))
        walls.append(ExampleGallery(gallery, offered))
    return walls


def _labelled(title: str, words: Words) -> gr.Gallery:
    return gr.Gallery(label=words.translate.examples.format(title=title))


def as_file(example: Example) -> str:
    """The example as an upload of its own name would lie there."""
    path = new_file(f"{example.name}.png")
    example.picture.save(path)
    return str(path)
