"""What a run has learned, taken elsewhere: into the Translate tab, as a file, to the Hub."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ugatit.checkpoints import hub
from ugatit.checkpoints.loading import load_model
from ugatit.checkpoints.packaging import zip_weights
from ugatit.checkpoints.registry import WeightsEntry
from ugatit.errors import TranslationError
from viz.i18n import words_in
from viz.tabs.access import Access
from viz.tabs.catalog import Added, Catalog
from viz.tabs.events import PRIVATE, new_file, show_error
from viz.tabs.language import Labels
from viz.tabs.run_weights import RunWeights
from viz.tabs.theme import SAVE_FILE
from viz.tabs.train.page_state import OpenPage, ShownState
from viz.tabs.updates import Updates
from viz.tabs.weights_box import WeightsBox, choices, switched

TRANSLATE = "translate"
"""The id of the tab where weights are used."""
SLOWLY: dict[str, Any] = {"concurrency_limit": 2, "show_progress": "minimal", **PRIVATE}


@dataclass(frozen=True)
class ExportBox:
    """The controls. note: what is said of them."""

    translate: gr.Button
    download: gr.Button
    hub_id: gr.Textbox
    push: gr.Button
    note: gr.Markdown
    parcel: gr.File

    @property
    def all(self) -> list[gr.components.Component]:
        """What changes with the run."""
        return [self.translate, self.download, self.push]


def build(access: Access, labels: Labels) -> ExportBox:
    """The controls, in the first language's words. labels: keeps them in the page's."""
    said = words_in("").train
    with gr.Row(equal_height=True, elem_id="take-weights"):
        translate = gr.Button(said.translate, size="md", elem_id="open-in-translate", interactive=False, min_width=150)
        download = gr.Button(
            said.download,
            size="md",
            elem_id="download-run",
            interactive=False,
            min_width=150,
            visible=access.on,
        )
    with gr.Row(equal_height=True, visible=access.on and hub.can_push_to_hub(), elem_id="push-box"):
        hub_id = gr.Textbox(
            "",
            label=said.push_as,
            placeholder="owner/name",
            max_lines=1,
            elem_id="push-to",
            scale=3,
            min_width=180,
        )
        push = gr.Button(said.push, size="md", elem_id="push-run", interactive=False, scale=1, min_width=90)
    note = gr.Markdown("", elem_id="take-note", elem_classes="quiet")
    labels.say(translate, lambda words: gr.Button(words.train.translate))
    labels.say(download, lambda words: gr.Button(words.train.download))
    labels.say(hub_id, lambda words: gr.Textbox(label=words.train.push_as))
    labels.say(push, lambda words: gr.Button(words.train.push))
    return ExportBox(translate, download, hub_id, push, note, gr.File(visible="hidden"))


def look(box: ExportBox, before: ShownState, now: ShownState, anew: bool) -> Updates:
    """The buttons work as soon as the run has saved something. anew: whether to say so again."""
    if not anew and (before.run, before.saved) == (now.run, now.saved):
        return {}
    return {button: gr.Button(interactive=now.saved) for button in box.all if isinstance(button, gr.Button)}


def connect(
    box: ExportBox,
    catalog: Catalog,
    learned: RunWeights,
    access: Access,
    page: gr.State,
    weights: WeightsBox,
    tabs: gr.Tabs,
) -> None:
    """Wire the controls. page: a `OpenPage`. weights: those of the Translate tab. tabs: where that tab is."""

    def found(page: OpenPage, added: Added) -> WeightsEntry:
        return catalog.find(learned.name_of(page.seen.run or ""), added)

    def open_there(page: OpenPage, added: Added, language: str) -> list[Any]:
        try:
            weights_there = found(page, added)
        except TranslationError as error:
            return [gr.skip()] * 4 + [show_error(error)]
        offered = gr.Dropdown(choices=choices(catalog, added), value=weights_there.name)
        return [gr.Tabs(selected=TRANSLATE), offered, *switched(weights_there, words_in(language)), ""]

    def pack(profile: gr.OAuthProfile | None, page: OpenPage, added: Added, language: str) -> list[Any]:
        try:
            access.check(profile, language)
            return [str(zip_weights(found(page, added).folder, new_file(f"{page.seen.run}.zip"))), ""]
        except TranslationError as error:
            return [None, show_error(error)]

    def push(profile: gr.OAuthProfile | None, hub_id: str, page: OpenPage, added: Added, language: str) -> str:
        try:
            access.check(profile, language)
            chosen = found(page, added)
            address = hub.push_to_hub(load_model(chosen.folder, "cpu"), hub_id.strip())
            return words_in(language).train.pushed.format(address=address)
        except TranslationError as error:
            return show_error(error)

    there = [tabs, weights.weights, weights.target, weights.about, box.note]
    asked = [page, weights.added, weights.language]
    box.translate.click(open_there, asked, there, queue=False, show_progress="hidden", **PRIVATE)
    packed = box.download.click(pack, asked, [box.parcel, box.note], show_progress_on=box.note, **SLOWLY)
    packed.then(None, box.parcel, js=SAVE_FILE, **PRIVATE)
    box.push.click(push, [box.hub_id, *asked], box.note, show_progress_on=box.note, **SLOWLY)
