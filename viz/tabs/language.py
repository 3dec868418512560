"""The language of the page: the language switch, and the components whose texts follow it."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.blocks import Block

from viz.i18n import LANGUAGES, preferred, words_in
from viz.i18n.schema import Words
from viz.tabs.updates import Updates

Relabel = Callable[[Words], Any]
"""Takes the texts of a language and returns an update of one component."""


class Labels:
    """The components with texts. Each tab registers its own; the page updates all when the language changes."""

    def __init__(self) -> None:
        self._relabels: dict[Block, Relabel] = {}

    def add(self, component: Block, relabel: Relabel) -> None:
        """Register a component. relabel: returns its update for the texts of a language."""
        self._relabels[component] = relabel

    def add_setting(self, number: gr.Number, name: str) -> None:
        """Register a number whose label is that of a training setting."""
        self.add(number, lambda words: gr.Number(label=words.train.settings[name]))

    @property
    def components(self) -> list[Block]:
        return list(self._relabels)

    def updates(self, language: str) -> Updates:
        """Return the updates that put all components into a language."""
        words = words_in(language)
        return {component: relabel(words) for component, relabel in self._relabels.items()}


def build_language_radio() -> gr.Radio:
    """Build the language switch."""
    return gr.Radio(
        [(words.name, code) for code, words in LANGUAGES.items()], value=next(iter(LANGUAGES)),
        label=words_in("").lesson.language, show_label=False, container=False, elem_id="language", min_width=180,
    )  # fmt: skip


def language_of_request(requested: str, remembered: str, accepted: str) -> str:
    """Return the language to open the page in: the link's, else that of an earlier visit, else the browser's.

    requested, remembered: language codes; unknown codes are ignored. accepted: the `Accept-Language` header.
    """
    return next((code for code in (requested, remembered) if code in LANGUAGES), None) or preferred(accepted)
