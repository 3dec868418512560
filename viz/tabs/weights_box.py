"""Which weights, to which domain; and weights that a person brings along."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError, WeightsError
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.catalog import Added, Catalog, may_add_weights
from viz.tabs.events import NETWORKS, PRIVATE, show_error
from viz.tabs.inputs import without_folder
from viz.tabs.language import Labels
from viz.tabs.texts import about, title_of

DAY = 86_400


@dataclass(frozen=True)
class WeightsBox:
    """The controls that other rooms read. added: the session's own weights. language: the page's switch."""

    weights: gr.Dropdown
    target: gr.Radio
    about: gr.Markdown
    added: gr.State
    language: gr.Radio


def choices(catalog: Catalog, added: Added = ()) -> list[tuple[str, str]]:
    """Titles and names; where two weights share a title, their names tell them apart."""
    offered = catalog.offered(added)
    titles = [title_of(found) for found in offered]
    return [
        (title if titles.count(title) == 1 else f"{title} ({found.name})", found.name)
        for title, found in zip(titles, offered, strict=True)
    ]


def targets(found: WeightsEntry, words: Words) -> list[tuple[str, str]]:
    return [(words.translate.direction.format(to=domain), domain) for domain in found.manifest.domains]


def switched(found: WeightsEntry, words: Words, to: str | None = None) -> tuple[gr.Radio, gr.Markdown]:
    """Target and text for weights just chosen. to: the target if they have it; else it is their last domain."""
    offered = targets(found, words)
    value = to if to in found.manifest.domains else offered[-1][1]
    return gr.Radio(choices=offered, value=value), gr.Markdown(about(found, words))


def build_target(first: WeightsEntry, labels: Labels) -> gr.Radio:
    """The radio of the domains that the chosen weights can make."""
    offered, label = targets(first, words_in("")), words_in("").translate.target
    target = gr.Radio(offered, value=offered[-1][1], label=label, elem_id="target-domain")
    labels.say(target, lambda words: gr.Radio(label=words.translate.target))
    return target


def build(catalog: Catalog, first: WeightsEntry, target: gr.Radio, language: gr.Radio, labels: Labels) -> WeightsBox:
    """The dropdown, which rules the target's choices, and the box for adding weights."""
    words = words_in("")
    added = gr.State((), time_to_live=DAY, delete_callback=catalog.discard)
    weights = gr.Dropdown(
        choices(catalog), value=first.name, label=words.translate.weights, elem_id="weights", filterable=False
    )
    labels.say(weights, lambda words: gr.Dropdown(label=words.translate.weights))
    description = gr.Markdown(about(first, words), elem_classes="quiet")
    box = WeightsBox(weights, target, description, added, language)

    def switch(name: str, to: str, added: Added, language: str) -> Any:
        try:
            # The target stays where it can: a dropdown that is left as it was calls this too.
            return switched(catalog.find(name, added), words_in(language), to)
        except TranslationError as error:  # a run that was deleted meanwhile
            return gr.skip(), show_error(error)

    weights.input(
        switch,
        [weights, target, added, language],
        [target, description],
        queue=False,
        show_progress="hidden",
        **PRIVATE,
    )
    _build_adding(catalog, box, labels)
    return box


def _build_adding(catalog: Catalog, box: WeightsBox, labels: Labels) -> None:
    said = words_in("").translate
    visible = may_add_weights()
    with gr.Accordion(said.add_weights, open=False, visible=visible, elem_id="add-weights") as accordion:
        file = gr.File(
            label=said.weights_file,
            file_types=[".zip", ".pt", ".pth", ".ckpt"],
            elem_id="weights-file",
            height=120,
        )
        hub_id = gr.Textbox(label=said.hub_id, placeholder="owner/name", elem_id="weights-hub", max_lines=1)
        button = gr.Button(said.add, elem_id="add", size="sm")
        note = gr.Markdown(said.add_note, elem_classes="quiet", elem_id="add-note")
    labels.say(accordion, lambda words: gr.Accordion(label=words.translate.add_weights))
    labels.say(file, lambda words: gr.File(label=words.translate.weights_file))
    labels.say(hub_id, lambda words: gr.Textbox(label=words.translate.hub_id))
    labels.say(button, lambda words: gr.Button(words.translate.add))
    labels.say(note, lambda words: words.translate.add_note)

    def add(path: str | None, hub_name: str, added: Added, language: str) -> tuple[Any, ...]:
        try:
            found = add_weights(catalog, path, hub_name.strip(), added)
        except TranslationError as error:
            skipped = gr.skip()
            return skipped, skipped, skipped, skipped, show_error(error)
        added = (*added, found)
        offered = gr.Dropdown(choices=choices(catalog, added), value=found.name)
        words = words_in(language)
        said = words.translate.added.format(title=title_of(found))
        return added, offered, *switched(found, words), said

    outputs = [box.added, box.weights, box.target, box.about, note]
    button.click(add, [file, hub_id, box.added, box.language], outputs, show_progress_on=note, **NETWORKS, **PRIVATE)


def add_weights(catalog: Catalog, path: str | None, hub_name: str, added: Added) -> WeightsEntry:
    """Check a file or a Hub id and put it on the shelf. Raises WeightsError, also where adding is not allowed."""
    if not may_add_weights():
        raise WeightsError("Weights cannot be added here: this page's owner has not allowed it.")
    if path:
        try:
            return catalog.add_file(Path(path), added)
        except WeightsError as error:
            raise WeightsError(without_folder(error, Path(path))) from error
    if hub_name:
        return catalog.add_from_hub(hub_name, added)
    raise WeightsError("There is nothing to add yet: choose a file, or type a Hub id.")
