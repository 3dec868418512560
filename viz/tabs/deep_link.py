"""How a page opens: in which language, and where a link leads."""

from typing import Any

import gradio as gr

from viz.tabs import language as languages
from viz.tabs.catalog import Added
from viz.tabs.events import PRIVATE
from viz.tabs.language import REMEMBERED, SPEAK, SPEAK_FROM_NOW_ON, Labels
from viz.tabs.learn.tab import LearnTab
from viz.tabs.theme import OPEN_REMEMBERED_TAB, SHOW_STEP
from viz.tabs.translate.tab import TranslateTab
from viz.tabs.updates import Updates, merge_updates

LEARN = "learn"
HIDDEN: dict[str, Any] = {"show_progress": "hidden"}


def connect(
    demo: gr.Blocks, tabs: gr.Tabs, language: gr.Radio, labels: Labels, translate: TranslateTab, learn: LearnTab
) -> None:
    """Wire what happens when the page is opened and when its language is switched."""
    remembered = gr.Textbox(visible=False)
    everything = [*dict.fromkeys([tabs, language, *labels.components, *learn.arriving])]

    def open_page(remembered: str, added: Added, request: gr.Request) -> Updates:
        query = {name: str(value) for name, value in dict(request.query_params).items()}
        spoken = languages.language_of_request(
            query.get("lang", ""), remembered, request.headers.get("accept-language", "")
        )
        updates: Updates = {language: spoken}
        if spoken != language.value:
            updates |= labels.told(spoken)
        arrived = learn.arrive(query, spoken, added)
        if arrived:
            updates[tabs] = gr.Tabs(selected=LEARN)
        return merge_updates(updates, arrived)

    def speak(spoken: str) -> Updates:
        return labels.told(spoken)

    # The browser reads back all that waits for an answer, again and again, and the drawing pad among it uploads its
    # picture each time: only the switch is said to wait.
    quietly: dict[str, Any] = {"show_progress_on": language, **HIDDEN, **PRIVATE}
    opened = demo.load(open_page, [remembered, translate.weights.added], everything, js=REMEMBERED, **quietly)
    opened.then(None, language, js=SPEAK, **PRIVATE)
    opened.then(None, js=OPEN_REMEMBERED_TAB, **PRIVATE)
    # What a visitor finds may have been told before the page knew the visitor's language.
    translate.then_say(opened)
    learn.then_fill(opened).then(None, js=SHOW_STEP, **PRIVATE)
    spoken = language.input(speak, language, labels.components, queue=False, **quietly)
    spoken.then(None, language, js=SPEAK_FROM_NOW_ON, **PRIVATE)
    translate.then_say(spoken)
    learn.then_fill(spoken)
