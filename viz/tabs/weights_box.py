"""Which weights, to which domain; and weights that a person brings along."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from ugatit.errors import TranslationError, WeightsError
from ugatit.zoo import Found
from viz.tabs.events import NETWORKS, PRIVATE, tell
from viz.tabs.inputs import without_folder
from viz.tabs.shelf import Added, Shelf, may_add_weights
from viz.tabs.texts import about, title_of

DAY = 86_400


@dataclass(frozen=True)
class WeightsBox:
    """The controls that other rooms read. added: the session's own weights."""

    weights: gr.Dropdown
    target: gr.Radio
    about: gr.Markdown
    added: gr.State


def choices(shelf: Shelf, added: Added = ()) -> list[tuple[str, str]]:
    """Titles and names; where two weights share a title, their names tell them apart."""
    offered = shelf.offered(added)
    titles = [title_of(found) for found in offered]
    return [
        (title if titles.count(title) == 1 else f"{title} ({found.name})", found.name)
        for title, found in zip(titles, offered, strict=True)
    ]


def targets(found: Found) -> list[tuple[str, str]]:
    return [(f"to {domain}", domain) for domain in found.manifest.domains]


def switched(found: Found, to: str | None = None) -> tuple[gr.Radio, gr.Markdown]:
    """Target and text for weights just chosen; the last domain is the usual target."""
    offered = targets(found)
    return gr.Radio(choices=offered, value=to or offered[-1][1]), gr.Markdown(about(found))


def build_target(first: Found) -> gr.Radio:
    """The radio of the domains that the chosen weights can make."""
    return gr.Radio(targets(first), value=targets(first)[-1][1], label="Translate", elem_id="target-domain")


def build(shelf: Shelf, first: Found, target: gr.Radio) -> WeightsBox:
    """The dropdown, which rules the target's choices, and the box for adding weights."""
    added = gr.State((), time_to_live=DAY, delete_callback=shelf.discard)
    weights = gr.Dropdown(choices(shelf), value=first.name, label="Weights", elem_id="weights", filterable=False)
    description = gr.Markdown(about(first), elem_classes="quiet")
    box = WeightsBox(weights, target, description, added)

    def switch(name: str, added: Added) -> Any:
        try:
            return switched(shelf.find(name, added))
        except TranslationError as error:  # a run that was deleted meanwhile
            return gr.skip(), tell(error)

    weights.input(switch, [weights, added], [target, description], queue=False, show_progress="hidden", **PRIVATE)
    _build_adding(shelf, box)
    return box


def _build_adding(shelf: Shelf, box: WeightsBox) -> None:
    with gr.Accordion("Add weights", open=False, visible=may_add_weights(), elem_id="add-weights"):
        file = gr.File(
            label="A weights folder as .zip, or a published checkpoint",
            file_types=[".zip", ".pt", ".pth", ".ckpt"],
            elem_id="weights-file",
            height=120,
        )
        hub_id = gr.Textbox(label="… or a Hub id", placeholder="owner/name", elem_id="weights-hub", max_lines=1)
        button = gr.Button("Add", elem_id="add", size="sm")
        note = gr.Markdown(
            "They are yours alone and go when this page is closed.", elem_classes="quiet", elem_id="add-note"
        )

    def add(path: str | None, hub_name: str, added: Added) -> tuple[Any, ...]:
        try:
            found = add_weights(shelf, path, hub_name.strip(), added)
        except TranslationError as error:
            skipped = gr.skip()
            return skipped, skipped, skipped, skipped, tell(error)
        added = (*added, found)
        offered = gr.Dropdown(choices=choices(shelf, added), value=found.name)
        return added, offered, *switched(found), f"{title_of(found)} is there, as the page's choice."

    outputs = [box.added, box.weights, box.target, box.about, note]
    button.click(add, [file, hub_id, box.added], outputs, show_progress_on=note, **NETWORKS, **PRIVATE)


def add_weights(shelf: Shelf, path: str | None, hub_name: str, added: Added) -> Found:
    """Check a file or a Hub id and put it on the shelf. Raises WeightsError, also where adding is not allowed."""
    if not may_add_weights():
        raise WeightsError("Weights cannot be added here: this page's owner has not allowed it.")
    if path:
        try:
            return shelf.add_file(Path(path), added)
        except WeightsError as error:
            raise WeightsError(without_folder(error, Path(path))) from error
    if hub_name:
        return shelf.add_from_hub(hub_name, added)
    raise WeightsError("There is nothing to add yet: choose a file, or type a Hub id.")
