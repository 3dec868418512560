"""Controls of one source: a drop zone, a field for other sources, a name, and thumbnails of what was read.

The source is one of two domains, or has a folder for each domain, or pairs.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gradio as gr
from gradio.events import Dependency

from ugatit.data.domain import SIDES, Side
from ugatit.errors import TranslationError
from viz.data_urls import data_url
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.access import Access
from viz.tabs.events import DRAWING, PRIVATE, show_error
from viz.tabs.language import Labels
from viz.tabs.train.staging import Staged, StagingArea
from viz.tabs.weights_box import DAY
from viz.thumbnails import ThumbnailStrip

HUB = "hub:owner/name"
Part = Side | Literal["pairs"] | None
"""The side that a source is for; `pairs` for a source of pairs, None for one with a folder for each domain."""


@dataclass(frozen=True)
class DomainBox:
    """The controls of one source. strip: shows thumbnails. token: of what is staged, empty while nothing is."""

    part: Part
    files: gr.File
    source: gr.Textbox
    name: gr.Textbox
    strip: gr.HTML
    token: gr.State

    @property
    def outputs(self) -> list[gr.components.Component]:
        """The components that change when a source is staged."""
        return [self.token, self.name, self.strip]


def build(part: Part, staging: StagingArea, labels: Labels) -> DomainBox:
    """Build the controls, with texts in the first language. labels: registers them for translation."""
    words = words_in("")
    is_domain = part in SIDES
    own_id = str(part) if is_domain else "data"
    with gr.Group(elem_classes="domain"):
        files = gr.File(
            label=_files_label(part, words), file_count="multiple", height=96,
            elem_id=f"domain-{part}" if is_domain else "data",
        )  # fmt: skip
        with gr.Row(equal_height=True):
            source = gr.Textbox(
                "", label=words.train.source, placeholder=_source_hint(part, staging, words), max_lines=1,
                elem_id=f"source-{own_id}", scale=3, min_width=200,
            )  # fmt: skip
            name = gr.Textbox(
                "", label=words.train.domain_name, placeholder=own_id.upper(), max_lines=1, max_length=80,
                elem_id=f"name-{own_id}", scale=2, min_width=90, visible=is_domain,
            )  # fmt: skip
        strip = gr.HTML("", elem_id=f"strip-{own_id}", padding=False)
    token = gr.State("", time_to_live=DAY, delete_callback=staging.drop)
    labels.add(files, lambda words: gr.File(label=_files_label(part, words)))
    labels.add(
        source, lambda words: gr.Textbox(label=words.train.source, placeholder=_source_hint(part, staging, words))
    )
    labels.add(name, lambda words: gr.Textbox(label=words.train.domain_name))
    return DomainBox(part, files, source, name, strip, token)


def connect(
    box: DomainBox, staging: StagingArea, access: Access, fit: gr.Radio, language: gr.Radio
) -> list[Dependency]:  # fmt: skip
    """Wire the controls, and return the events after which another domain is staged, or none."""

    def replace_domain(
        profile: gr.OAuthProfile | None, source: str | list[Path], token: str, fit: str, language: str
    ) -> list[Any]:
        try:
            access.check(profile, language)
            new_token, staged = stage(staging, source, box.part)
        except TranslationError as error:
            staging.drop(token)
            return ["", gr.skip(), error_element(show_error(error))]
        staging.drop(token)
        return _output_values(new_token, staged, fit, language)

    def stage_files(
        profile: gr.OAuthProfile | None, paths: list[str] | None, token: str, fit: str, language: str
    ) -> list[Any]:
        if not paths:
            staging.drop(token)
            return [gr.skip(), "", "", ""]
        return ["", *replace_domain(profile, [Path(path) for path in paths], token, fit, language)]

    def stage_source(profile: gr.OAuthProfile | None, source: str, token: str, fit: str, language: str) -> list[Any]:
        staged = staging.get(token)
        if not source.strip() or (staged and staged.source == source.strip()):
            return [gr.skip()] * 4
        return [None, *replace_domain(profile, source, token, fit, language)]

    def clear_files(token: str) -> list[Any]:
        staging.drop(token)
        return ["", "", ""]

    def redraw_strip(token: str, fit: str, language: str) -> Any:
        staged = staging.get(token)
        return strip_elements(staged.strips(fit, words_in(language))) if staged else gr.skip()

    common: dict[str, Any] = {
        "show_progress": "minimal",
        "show_progress_on": box.strip,
        "concurrency_limit": 2,
        **PRIVATE,
    }
    uploaded = gr.on(
        [box.files.upload, box.files.delete],
        stage_files,
        [box.files, box.token, fit, language],
        [box.source, *box.outputs],
        **common,
    )
    named = gr.on(
        [box.source.submit, box.source.blur],
        stage_source,
        [box.source, box.token, fit, language],
        [box.files, *box.outputs],
        **common,
    )
    cleared = box.files.clear(clear_files, box.token, box.outputs, queue=False, show_progress="hidden", **PRIVATE)
    gr.on(
        [fit.change, language.change], redraw_strip, [box.token, fit, language], box.strip, **DRAWING, **PRIVATE
    )  # fmt: skip
    return [uploaded, named, cleared]


def stage(staging: StagingArea, source: str | Sequence[Path], part: Part) -> tuple[str, Staged]:
    """Stage a source for a part of the data and return its token and what is staged. Raises TranslationError."""
    if part is None:
        return staging.put_folders(source)
    if part == "pairs":
        return staging.put_pairs(source)
    return staging.put(source, part)


def stage_values(staging: StagingArea, source: str, part: Part, fit: str, language: str) -> list[Any]:
    """Stage a source and return the values of `DomainBox.outputs`. Raises TranslationError."""
    token, staged = stage(staging, source, part)
    return _output_values(token, staged, fit, language)


def _output_values(token: str, staged: Staged, fit: str, language: str) -> list[Any]:
    return [token, staged.name, strip_elements(staged.strips(fit, words_in(language)))]


def _files_label(part: Part, words: Words) -> str:
    if part is None:
        return words.train.data
    return words.train.data_of_pairs if part == "pairs" else words.train.domain.format(side=part.upper())


def _source_hint(part: Part, staging: StagingArea, words: Words) -> str:
    texts = words.train
    hint = {None: texts.data_hint, "pairs": texts.pairs_hint}.get(part, texts.source_hint)
    return hint.format(hub=HUB) if staging.local_folders else HUB


def strip_elements(strips: Sequence[ThumbnailStrip]) -> str:
    """Return the strips of all domains of a source as HTML."""
    return "".join(map(strip_element, strips))


def strip_element(strip: ThumbnailStrip) -> str:
    """Return thumbnails, counts and what was left out as HTML."""
    pictures = "".join(
        f'<img src="{data_url(thumbnail.picture)}" width="{thumbnail.picture.width}" '
        f'height="{thumbnail.picture.height}" '
        f'alt="{html.escape(thumbnail.alt)}" title="{html.escape(thumbnail.alt)}">'
        for thumbnail in strip.thumbnails
    )
    left_out = "".join(f"<li>{html.escape(line)}</li>" for line in strip.left_out)
    return (
        f'<div class="strip"><div class="thumbnails">{pictures}</div><p>{html.escape(strip.counts)}</p>'
        f"{f'<ul>{left_out}</ul>' if left_out else ''}</div>"
    )


def error_element(message: str) -> str:
    """Return why a source cannot be used, as HTML. message: HTML."""
    return f'<div class="strip"><p class="refused">{message}</p></div>'
