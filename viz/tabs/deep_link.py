"""Open the page in the visitor's language and at the lesson that the link names; switch the language."""

from typing import Any

import gradio as gr

from viz.tabs.assets import read_asset
from viz.tabs.catalog import AddedWeights
from viz.tabs.events import PRIVATE
from viz.tabs.language import Labels, language_of_request
from viz.tabs.learn.tab import LearnTab
from viz.tabs.translate.tab import TranslateTab
from viz.tabs.updates import Updates, merge_updates

LEARN = "learn"
"""The id of the Learn tab, which links open."""


def connect(
    demo: gr.Blocks, tabs: gr.Tabs, language: gr.Radio, labels: Labels, translate: TranslateTab, learn: LearnTab
) -> None:
    """Wire the events of opening the page and of switching its language."""
    remembered = gr.Textbox(visible=False)
    page_outputs = [*dict.fromkeys([tabs, language, *labels.components, *learn.link_outputs])]

    def open_page(remembered: str, added: AddedWeights, request: gr.Request) -> Updates:
        query = {name: str(value) for name, value in dict(request.query_params).items()}
        code = language_of_request(query.get("lang", ""), remembered, request.headers.get("accept-language", ""))
        updates: Updates = {language: code}
        if code != language.value:
            updates |= labels.updates(code)
        link_updates = learn.open_link(query, code, added)
        if link_updates:
            updates[tabs] = gr.Tabs(selected=LEARN)
        return merge_updates(updates, link_updates)

    def switch_language(code: str) -> Updates:
        return labels.updates(code)

    # The browser reads every component that is shown as pending, again and again, and would upload the drawing pad's
    # picture each time. Therefore only the language switch is shown as pending.
    quiet: dict[str, Any] = {"show_progress_on": language, "show_progress": "hidden", **PRIVATE}
    opened = demo.load(
        open_page, [remembered, translate.weights.added], page_outputs, js=read_asset("restore_language.js"), **quiet
    )
    opened.then(None, language, js=read_asset("set_language.js"), **PRIVATE)
    opened.then(None, js=read_asset("open_remembered_tab.js"), **PRIVATE)
    # The first result may have been written before the page knew the visitor's language.
    translate.relabel_after(opened)
    learn.then_fill(opened).then(None, js=read_asset("show_step.js"), **PRIVATE)
    switched = language.input(switch_language, language, labels.components, queue=False, **quiet)
    switched.then(None, language, js=read_asset("save_language.js"), **PRIVATE)
    translate.relabel_after(switched)
    learn.then_fill(switched)
