"""One side of a pair: a drop zone, a field for other sources, a name, and the strip of what was understood."""

import html
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from ugatit.data.domain import Side
from ugatit.errors import TranslationError
from viz.data_urls import data_address
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.access import Access
from viz.tabs.events import DRAWING, PRIVATE, show_error
from viz.tabs.language import Labels
from viz.tabs.train.staging import StagedDomain, StagingArea
from viz.tabs.weights_box import DAY
from viz.thumbnails import ThumbnailStrip

HUB = "hub:owner/name"


@dataclass(frozen=True)
class DomainBox:
    """The controls of one side. token: of what is staged for it, empty while nothing is."""

    side: Side
    files: gr.File
    source: gr.Textbox
    name: gr.Textbox
    strip: gr.HTML
    token: gr.State

    @property
    def shown(self) -> list[gr.components.Component]:
        """What changes when something was understood."""
        return [self.token, self.name, self.strip]


def build(side: Side, stage: StagingArea, labels: Labels) -> DomainBox:
    """The controls, in the first language's words. labels: keeps them in the page's."""
    words = words_in("")
    with gr.Group(elem_classes="domain"):
        files = gr.File(
            label=_dropped_here(side, words), file_count="multiple", height=96, elem_id=f"domain-{side}"
        )  # fmt: skip
        with gr.Row(equal_height=True):
            source = gr.Textbox(
                "", label=words.train.source, placeholder=_source_hint(stage, words), max_lines=1,
                elem_id=f"source-{side}", scale=3, min_width=200,
            )  # fmt: skip
            name = gr.Textbox(
                "", label=words.train.called, placeholder=side.upper(), max_lines=1, max_length=80,
                elem_id=f"name-{side}", scale=2, min_width=90,
            )  # fmt: skip
        strip = gr.HTML("", elem_id=f"strip-{side}", padding=False)
    token = gr.State("", time_to_live=DAY, delete_callback=stage.drop)
    labels.say(files, lambda words: gr.File(label=_dropped_here(side, words)))
    labels.say(source, lambda words: gr.Textbox(label=words.train.source, placeholder=_source_hint(stage, words)))
    labels.say(name, lambda words: gr.Textbox(label=words.train.called))
    return DomainBox(side, files, source, name, strip, token)


def connect(box: DomainBox, stage: StagingArea, access: Access, fit: gr.Radio, language: gr.Radio) -> list[Any]:
    """Wire one side; returns the events after which its strip is of other pictures."""
    take = partial(_taken, box, stage, access)

    def take_files(
        profile: gr.OAuthProfile | None, paths: list[str] | None, token: str, fit: str, language: str
    ) -> list[Any]:
        if not paths:
            stage.drop(token)
            return [gr.skip(), "", "", ""]
        return ["", *take(profile, [Path(path) for path in paths], token, fit, language)]

    def take_source(profile: gr.OAuthProfile | None, text: str, token: str, fit: str, language: str) -> list[Any]:
        staged = stage.get(token)
        if not text.strip() or (staged and staged.source == text.strip()):
            return [gr.skip()] * 4
        return [None, *take(profile, text, token, fit, language)]

    def clear(token: str) -> list[Any]:
        stage.drop(token)
        return ["", "", ""]

    common: dict[str, Any] = {
        "show_progress": "minimal",
        "show_progress_on": box.strip,
        "concurrency_limit": 2,
        **PRIVATE,
    }
    uploaded = gr.on(
        [box.files.upload, box.files.delete],
        take_files,
        [box.files, box.token, fit, language],
        [box.source, *box.shown],
        **common,
    )
    named = gr.on(
        [box.source.submit, box.source.blur],
        take_source,
        [box.source, box.token, fit, language],
        [box.files, *box.shown],
        **common,
    )
    cleared = box.files.clear(clear, box.token, box.shown, queue=False, show_progress="hidden", **PRIVATE)
    gr.on(
        [fit.change, language.change], redraw(stage), [box.token, fit, language], box.strip, **DRAWING, **PRIVATE
    )  # fmt: skip
    return [uploaded, named, cleared]


def redraw(stage: StagingArea) -> Any:
    """A handler that draws a strip anew, under another fit or in another language."""

    def drawn(token: str, fit: str, language: str) -> Any:
        staged = stage.get(token)
        return strip_element(staged.strip(fit, words_in(language))) if staged else gr.skip()

    return drawn


def filled(stage: StagingArea, source: str, side: Side, fit: str, language: str) -> list[Any]:
    """Values of `DomainBox.shown` for a source that was understood. Raises TranslationError."""
    token, staged = stage.put(source, side)
    return _values(token, staged, fit, language)


def _taken(
    box: DomainBox, stage: StagingArea, access: Access, profile: gr.OAuthProfile | None, source: Any, token: str,
    fit: str, language: str,
) -> list[Any]:  # fmt: skip
    try:
        access.check(profile, language)
        new, staged = stage.put(source, box.side)
    except TranslationError as error:
        stage.drop(token)
        return ["", gr.skip(), refused_element(show_error(error))]
    stage.drop(token)
    return _values(new, staged, fit, language)


def _values(token: str, staged: StagedDomain, fit: str, language: str) -> list[Any]:
    return [token, staged.name, strip_element(staged.strip(fit, words_in(language)))]


def _dropped_here(side: Side, words: Words) -> str:
    return words.train.domain.format(side=side.upper())


def _source_hint(stage: StagingArea, words: Words) -> str:
    return words.train.source_hint.format(hub=HUB) if stage.folders else HUB


def strip_element(strip: ThumbnailStrip) -> str:
    """A strip as HTML."""
    pictures = "".join(
        f'<img src="{data_address(each.picture)}" width="{each.picture.width}" height="{each.picture.height}" '
        f'alt="{html.escape(each.words)}" title="{html.escape(each.words)}">'
        for each in strip.thumbnails
    )
    left_out = "".join(f"<li>{html.escape(line)}</li>" for line in strip.left_out)
    return (
        f'<div class="strip"><div class="thumbnails">{pictures}</div><p>{html.escape(strip.counts)}</p>'
        f"{f'<ul>{left_out}</ul>' if left_out else ''}</div>"
    )


def refused_element(message: str) -> str:
    """Why a source cannot be used; `message` is HTML."""
    return f'<div class="strip"><p class="refused">{message}</p></div>'
