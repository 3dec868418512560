"""Controls to use a run's weights: open them in the Translate tab, download them, or push them to the Hub."""

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
from viz.tabs.assets import read_asset
from viz.tabs.catalog import AddedWeights, Catalog
from viz.tabs.events import PRIVATE, new_file, show_error
from viz.tabs.language import Labels
from viz.tabs.run_weights import RunWeights
from viz.tabs.train.page_state import OpenPage, ShownState
from viz.tabs.updates import Updates
from viz.tabs.weights_box import WeightsBox, target_updates, weights_choices

TRANSLATE = "translate"
"""The id of the Translate tab."""
SLOW: dict[str, Any] = {"concurrency_limit": 2, "show_progress": "minimal", **PRIVATE}
"""For events that take seconds."""


@dataclass(frozen=True)
class ExportBox:
    """The controls. note: shows the outcome. archive: a hidden file, which the browser downloads."""

    translate: gr.Button
    download: gr.Button
    hub_id: gr.Textbox
    push: gr.Button
    note: gr.Markdown
    archive: gr.File

    @property
    def buttons(self) -> list[gr.Button]:
        """The buttons that need a saved checkpoint."""
        return [self.translate, self.download, self.push]


def build(access: Access, labels: Labels) -> ExportBox:
    """Build the controls, with texts in the first language. labels: registers them for translation."""
    texts = words_in("").train
    with gr.Row(equal_height=True, elem_id="take-weights"):
        translate = gr.Button(
            texts.translate, size="md", elem_id="open-in-translate", interactive=False, min_width=150
        )  # fmt: skip
        download = gr.Button(
            texts.download,
            size="md",
            elem_id="download-run",
            interactive=False,
            min_width=150,
            visible=access.on,
        )
    with gr.Row(equal_height=True, visible=access.on and hub.can_push_to_hub(), elem_id="push-box"):
        hub_id = gr.Textbox(
            "",
            label=texts.push_as,
            placeholder="owner/name",
            max_lines=1,
            elem_id="push-to",
            scale=3,
            min_width=180,
        )
        push = gr.Button(texts.push, size="md", elem_id="push-run", interactive=False, scale=1, min_width=90)
    note = gr.Markdown("", elem_id="take-note", elem_classes="quiet")
    labels.add(translate, lambda words: gr.Button(words.train.translate))
    labels.add(download, lambda words: gr.Button(words.train.download))
    labels.add(hub_id, lambda words: gr.Textbox(label=words.train.push_as))
    labels.add(push, lambda words: gr.Button(words.train.push))
    return ExportBox(translate, download, hub_id, push, note, gr.File(visible="hidden"))


def button_updates(box: ExportBox, before: ShownState, now: ShownState, resend: bool) -> Updates:
    """Return updates that enable the buttons once the run has a checkpoint.

    before, now: what the page showed and is to show; nothing is sent while they agree, unless `resend`.
    """
    if not resend and (before.run, before.has_checkpoint) == (now.run, now.has_checkpoint):
        return {}
    return {button: gr.Button(interactive=now.has_checkpoint) for button in box.buttons}


def connect(
    box: ExportBox,
    catalog: Catalog,
    run_weights: RunWeights,
    access: Access,
    page: gr.State,
    weights: WeightsBox,
    tabs: gr.Tabs,
) -> None:
    """Wire the controls.

    page: an `OpenPage`. weights: the controls of the Translate tab. tabs: the component that contains that tab.
    """

    def find_weights(page: OpenPage, added: AddedWeights) -> WeightsEntry:
        return catalog.find(run_weights.name_of(page.shown.run or ""), added)

    def open_in_translate(page: OpenPage, added: AddedWeights, language: str) -> list[Any]:
        try:
            entry = find_weights(page, added)
        except TranslationError as error:
            return [gr.skip()] * 4 + [show_error(error)]
        dropdown = gr.Dropdown(choices=weights_choices(catalog, added), value=entry.name)
        return [gr.Tabs(selected=TRANSLATE), dropdown, *target_updates(entry, words_in(language)), ""]

    def pack_weights(
        profile: gr.OAuthProfile | None, page: OpenPage, added: AddedWeights, language: str
    ) -> list[Any]:  # fmt: skip
        try:
            access.check(profile, language)
            return [str(zip_weights(find_weights(page, added).folder, new_file(f"{page.shown.run}.zip"))), ""]
        except TranslationError as error:
            return [None, show_error(error)]

    def push_weights(
        profile: gr.OAuthProfile | None, hub_id: str, page: OpenPage, added: AddedWeights, language: str
    ) -> str:
        try:
            access.check(profile, language)
            entry = find_weights(page, added)
            address = hub.push_to_hub(load_model(entry.folder, "cpu"), hub_id.strip())
            return words_in(language).train.pushed.format(address=address)
        except TranslationError as error:
            return show_error(error)

    inputs = [page, weights.added, weights.language]
    translate_outputs = [tabs, weights.weights, weights.target, weights.about, box.note]
    box.translate.click(
        open_in_translate, inputs, translate_outputs, queue=False, show_progress="hidden", **PRIVATE
    )  # fmt: skip
    packed = box.download.click(pack_weights, inputs, [box.archive, box.note], show_progress_on=box.note, **SLOW)
    packed.then(None, box.archive, js=read_asset("save_file.js"), **PRIVATE)
    box.push.click(push_weights, [box.hub_id, *inputs], box.note, show_progress_on=box.note, **SLOW)
