"""Controls to choose weights and the target domain, and to add weights from a file or from the Hub."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError, WeightsError
from ugatit.models.label_sets import REMOVED, attribute_of
from ugatit.models.registry import targets as model_targets
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.catalog import AddedWeights, Catalog, may_add_weights
from viz.tabs.events import NETWORKS, PRIVATE, show_error
from viz.tabs.inputs import without_folder
from viz.tabs.language import Labels
from viz.tabs.texts import describe_weights, title_of

DAY = 86_400


@dataclass(frozen=True)
class WeightsBox:
    """The controls that other tabs read. added: the session's own weights. language: the page's language switch."""

    weights: gr.Dropdown
    target: gr.Radio
    about: gr.Markdown
    added: gr.State
    language: gr.Radio


def weights_choices(catalog: Catalog, added: AddedWeights = ()) -> list[tuple[str, str]]:
    """Return titles and names of all weights; weights that share a title have their name added to it."""
    entries = catalog.entries(added)
    titles = [title_of(entry) for entry in entries]
    return [
        (title if titles.count(title) == 1 else f"{title} ({entry.name})", entry.name)
        for title, entry in zip(titles, entries, strict=True)
    ]


def target_choices(entry: WeightsEntry, words: Words) -> list[tuple[str, str]]:
    """Return labels and names of the domains that weights can translate to, and attributes they can set and remove."""
    texts, targets = words.translate, model_targets(entry.manifest)
    choices = []
    for target in targets:
        attribute = attribute_of(target)
        if attribute != target and attribute in targets:
            label = texts.without_attribute.format(attribute=attribute)
        else:
            is_attribute = REMOVED + target in targets
            label = texts.with_attribute.format(attribute=target) if is_attribute else texts.direction.format(to=target)
        choices.append((label, target))
    return choices


def target_updates(entry: WeightsEntry, words: Words, to: str | None = None) -> tuple[gr.Radio, gr.Markdown]:
    """Return updates of the target radio and the description for newly chosen weights.

    to: the target to select if the weights have it; otherwise their last domain is selected.
    """
    targets = target_choices(entry, words)
    value = to if to in model_targets(entry.manifest) else targets[-1][1]
    return gr.Radio(choices=targets, value=value), gr.Markdown(describe_weights(entry, words))


def build_target_radio(initial: WeightsEntry, labels: Labels) -> gr.Radio:
    """Build the radio of the domains that the chosen weights can translate to."""
    targets, label = target_choices(initial, words_in("")), words_in("").translate.target
    target = gr.Radio(targets, value=targets[-1][1], label=label, elem_id="target-domain")
    labels.add(target, lambda words: gr.Radio(label=words.translate.target))
    return target


def build(catalog: Catalog, initial: WeightsEntry, target: gr.Radio, language: gr.Radio, labels: Labels) -> WeightsBox:
    """Build the weights dropdown, which sets the choices of `target`, and the controls to add weights."""
    words = words_in("")
    added = gr.State((), time_to_live=DAY, delete_callback=catalog.discard)
    weights = gr.Dropdown(
        weights_choices(catalog), value=initial.name, label=words.translate.weights, elem_id="weights", filterable=False
    )
    labels.add(weights, lambda words: gr.Dropdown(label=words.translate.weights))
    about = gr.Markdown(describe_weights(initial, words), elem_classes="quiet")
    box = WeightsBox(weights, target, about, added, language)

    def change_weights(name: str, to: str, added: AddedWeights, language: str) -> Any:
        try:
            # The target stays if the weights have it: Gradio also calls this for a dropdown closed without a change.
            return target_updates(catalog.find(name, added), words_in(language), to)
        except TranslationError as error:  # the run was deleted in the meantime
            return gr.skip(), show_error(error)

    weights.input(
        change_weights,
        [weights, target, added, language],
        [target, about],
        queue=False,
        show_progress="hidden",
        **PRIVATE,
    )
    _build_add_weights(catalog, box, labels)
    return box


def _build_add_weights(catalog: Catalog, box: WeightsBox, labels: Labels) -> None:
    texts = words_in("").translate
    visible = may_add_weights()
    with gr.Accordion(texts.add_weights, open=False, visible=visible, elem_id="add-weights") as accordion:
        file = gr.File(
            label=texts.weights_file,
            file_types=[".zip", ".pt", ".pth", ".ckpt"],
            elem_id="weights-file",
            height=120,
        )
        hub_id = gr.Textbox(label=texts.hub_id, placeholder="owner/name", elem_id="weights-hub", max_lines=1)
        button = gr.Button(texts.add, elem_id="add", size="sm")
        note = gr.Markdown(texts.add_note, elem_classes="quiet", elem_id="add-note")
    labels.add(accordion, lambda words: gr.Accordion(label=words.translate.add_weights))
    labels.add(file, lambda words: gr.File(label=words.translate.weights_file))
    labels.add(hub_id, lambda words: gr.Textbox(label=words.translate.hub_id))
    labels.add(button, lambda words: gr.Button(words.translate.add))
    labels.add(note, lambda words: words.translate.add_note)

    def add(path: str | None, hub_id: str, added: AddedWeights, language: str) -> tuple[Any, ...]:
        try:
            entry = add_weights(catalog, path, hub_id.strip(), added)
        except TranslationError as error:
            return *[gr.skip()] * 4, show_error(error)
        added = (*added, entry)
        weights = gr.Dropdown(choices=weights_choices(catalog, added), value=entry.name)
        words = words_in(language)
        message = words.translate.added.format(title=title_of(entry))
        return added, weights, *target_updates(entry, words), message

    outputs = [box.added, box.weights, box.target, box.about, note]
    button.click(add, [file, hub_id, box.added, box.language], outputs, show_progress_on=note, **NETWORKS, **PRIVATE)


def add_weights(catalog: Catalog, path: str | None, hub_id: str, added: AddedWeights) -> WeightsEntry:
    """Check a file or a Hub id and add it to the catalog. Raises WeightsError, also where adding is not allowed."""
    if not may_add_weights():
        raise WeightsError("Weights cannot be added here: this page's owner has not allowed it.")
    if path:
        try:
            return catalog.add_file(Path(path), added)
        except WeightsError as error:
            raise WeightsError(without_folder(error, Path(path))) from error
    if hub_id:
        return catalog.add_from_hub(hub_id, added)
    raise WeightsError("There is nothing to add yet: choose a file, or type a Hub id.")
