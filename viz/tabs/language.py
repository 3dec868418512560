"""The page's language: a switch, and everything on the page whose words follow it."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.blocks import Block

from viz.i18n import LANGUAGES, preferred, words_in
from viz.i18n.schema import Words
from viz.tabs.updates import Updates

Relabel = Callable[[Words], Any]

SPEAK = "(code) => { document.documentElement.lang = code; }"
"""Tells the browser which language the page is in."""

SPEAK_FROM_NOW_ON = """(code) => {
  document.documentElement.lang = code;
  try { localStorage.setItem("language", code); } catch (refused) { /* a browser that keeps nothing */ }
}"""
"""And keeps a reader's choice for the next visit."""

REMEMBERED = """(language, ...others) => {
  try { return [localStorage.getItem("language") || "", ...others]; } catch (refused) { return ["", ...others]; }
}"""
"""Puts the language of an earlier visit in the place of a handler's first input."""


class Labels:
    """Components and their words. A tab adds its own; the page says all of them anew when the language changes."""

    def __init__(self) -> None:
        self._said: dict[Block, Relabel] = {}

    def say(self, component: Block, relabel: Relabel) -> None:
        """relabel: an update of the component with the words of a language."""
        self._said[component] = relabel

    def say_setting(self, number: gr.Number, name: str) -> None:
        """name: of a training setting, whose label the number bears."""
        self.say(number, lambda words: gr.Number(label=words.train.settings[name]))

    @property
    def components(self) -> list[Block]:
        return list(self._said)

    def told(self, language: str) -> Updates:
        words = words_in(language)
        return {component: relabel(words) for component, relabel in self._said.items()}


def build() -> gr.Radio:
    """The switch."""
    return gr.Radio(
        [(words.name, code) for code, words in LANGUAGES.items()], value=next(iter(LANGUAGES)),
        label=words_in("").lesson.language, show_label=False, container=False, elem_id="language", min_width=180,
    )  # fmt: skip


def language_of_request(asked: str, remembered: str, accepted: str) -> str:
    """The language to open with: a link's, else the one chosen at an earlier visit, else the browser's.

    accepted: the browser's `Accept-Language`. Words that are no language's code count for nothing.
    """
    return next((code for code in (asked, remembered) if code in LANGUAGES), None) or preferred(accepted)
