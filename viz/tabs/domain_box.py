"""One side of a pair: a drop zone, a field for other sources, a name, and the strip of what was understood."""

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from ugatit.data.domain import Side
from ugatit.errors import TranslationError
from viz.inline import data_address
from viz.strip import Strip
from viz.tabs.access import Access
from viz.tabs.events import PRIVATE, tell
from viz.tabs.staging import Stage, Staged
from viz.tabs.train_texts import DROP, SOURCE, SOURCE_ELSEWHERE, SOURCE_HERE
from viz.tabs.weights_box import DAY


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


def build(side: Side, stage: Stage) -> DomainBox:
    with gr.Group(elem_classes="domain"):
        files = gr.File(
            label=f"Domain {side.upper()}: {DROP.lower()}", file_count="multiple", height=96,
            elem_id=f"domain-{side}",
        )  # fmt: skip
        with gr.Row(equal_height=True):
            source = gr.Textbox(
                "", label=SOURCE, placeholder=SOURCE_HERE if stage.folders else SOURCE_ELSEWHERE, max_lines=1,
                elem_id=f"source-{side}", scale=3, min_width=200,
            )  # fmt: skip
            name = gr.Textbox(
                "", label="Called", placeholder=side.upper(), max_lines=1, max_length=80, elem_id=f"name-{side}",
                scale=2, min_width=90,
            )  # fmt: skip
        strip = gr.HTML("", elem_id=f"strip-{side}", padding=False)
    token = gr.State("", time_to_live=DAY, delete_callback=stage.drop)
    return DomainBox(side, files, source, name, strip, token)


def connect(box: DomainBox, stage: Stage, access: Access, fit: gr.Radio) -> list[Any]:
    """Wire one side; returns the events after which its strip is new."""

    def take_files(profile: gr.OAuthProfile | None, paths: list[str] | None, token: str, fit: str) -> list[Any]:
        if not paths:
            stage.drop(token)
            return [gr.skip(), "", "", ""]
        return ["", *_taken(box, stage, access, profile, [Path(path) for path in paths], token, fit)]

    def take_source(profile: gr.OAuthProfile | None, text: str, token: str, fit: str) -> list[Any]:
        staged = stage.get(token)
        if not text.strip() or (staged and staged.source == text.strip()):
            return [gr.skip()] * 4
        return [None, *_taken(box, stage, access, profile, text, token, fit)]

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
        [box.files, box.token, fit],
        [box.source, *box.shown],
        **common,
    )
    named = gr.on(
        [box.source.submit, box.source.blur],
        take_source,
        [box.source, box.token, fit],
        [box.files, *box.shown],
        **common,
    )
    cleared = box.files.clear(clear, box.token, box.shown, queue=False, show_progress="hidden", **PRIVATE)
    fit.change(redraw(stage), [box.token, fit], box.strip, show_progress="hidden", **PRIVATE)
    return [uploaded, named, cleared]


def redraw(stage: Stage) -> Any:
    """A handler that draws a strip anew, under another fit."""

    def drawn(token: str, fit: str) -> Any:
        staged = stage.get(token)
        return strip_element(staged.strip(fit)) if staged else gr.skip()

    return drawn


def filled(stage: Stage, source: str, side: Side, fit: str) -> list[Any]:
    """Values of `DomainBox.shown` for a source that was understood. Raises TranslationError."""
    token, staged = stage.put(source, side)
    return _values(token, staged, fit)


def _taken(
    box: DomainBox, stage: Stage, access: Access, profile: gr.OAuthProfile | None, source: Any, token: str, fit: str
) -> list[Any]:
    try:
        access.check(profile)
        new, staged = stage.put(source, box.side)
    except TranslationError as error:
        stage.drop(token)
        return ["", gr.skip(), refused_element(tell(error))]
    stage.drop(token)
    return _values(new, staged, fit)


def _values(token: str, staged: Staged, fit: str) -> list[Any]:
    return [token, staged.name, strip_element(staged.strip(fit))]


def strip_element(strip: Strip) -> str:
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
