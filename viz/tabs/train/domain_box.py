"""Controls of one source: a drop zone, a field for other sources, a name, and thumbnails of what was read.

The source is of one of two domains, or of several: folders, pairs, or data with labels.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gradio as gr
from gradio.events import Dependency

from ugatit.data.domain import SIDES, Side
from ugatit.data.kinds import DataKind
from ugatit.errors import TranslationError
from viz.data_urls import data_url
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.access import Access
from viz.tabs.events import DRAWING, PRIVATE, show_error
from viz.tabs.language import Labels
from viz.tabs.train.data_kinds import data_kind, files_label, source_hint
from viz.tabs.train.staging import Staged, StagingArea
from viz.tabs.weights_box import DAY
from viz.thumbnails import ThumbnailStrip

HUB = "hub:owner/name"
Slot = Literal["a", "b", "data", "data-2"]
"""Which source it is: of one of two domains, or the first or second one of several domains."""


@dataclass(frozen=True)
class DomainBox:
    """The controls of one source. strip: shows thumbnails. token: of what is staged, empty while nothing is."""

    slot: Slot
    files: gr.File
    source: gr.Textbox
    name: gr.Textbox
    strip: gr.HTML
    token: gr.State

    @property
    def outputs(self) -> list[gr.components.Component]:
        """The components that change when a source is staged."""
        return [self.token, self.name, self.strip]

    @property
    def controls(self) -> list[gr.components.Component]:
        """All components."""
        return [self.files, self.source, *self.outputs]


def build(slot: Slot, staging: StagingArea, labels: Labels) -> DomainBox:
    """Build the controls, with texts in the first language.

    labels: registers them for translation. A source of several domains gets its texts from `texts_of`.
    """
    words, is_domain = words_in(""), slot in SIDES
    with gr.Group(elem_classes="domain"):
        files = gr.File(
            label=_domain_label(slot, words), file_count="multiple", height=96,
            elem_id=f"domain-{slot}" if is_domain else slot,
        )  # fmt: skip
        with gr.Row(equal_height=True):
            source = gr.Textbox(
                "", label=words.train.source, placeholder=_source_hint(DataKind.PAIR, staging, words), max_lines=1,
                elem_id=f"source-{slot}", scale=3, min_width=200,
            )  # fmt: skip
            name = gr.Textbox(
                "", label=words.train.domain_name, placeholder=slot.upper(), max_lines=1, max_length=80,
                elem_id=f"name-{slot}", scale=2, min_width=90, visible=is_domain,
            )  # fmt: skip
        strip = gr.HTML("", elem_id=f"strip-{slot}", padding=False)
    token = gr.State("", time_to_live=DAY, delete_callback=staging.drop)
    if is_domain:
        hint = DataKind.PAIR
        labels.add(files, lambda words: gr.File(label=_domain_label(slot, words)))
        labels.add(
            source, lambda words: gr.Textbox(label=words.train.source, placeholder=_source_hint(hint, staging, words))
        )
        labels.add(name, lambda words: gr.Textbox(label=words.train.domain_name))
    return DomainBox(slot, files, source, name, strip, token)


def texts_of(slot: Slot, kind: DataKind, staging: StagingArea, words: Words, cleared: bool = False) -> list[Any]:
    """Return updates of `files` and `source` of several domains: the texts of a kind of data.

    cleared: whether they are emptied, too.
    """
    label = words.train.second_data if slot == "data-2" else files_label(kind, words)
    hint = _source_hint(kind, staging, words)
    if cleared:
        return [
            gr.File(None, label=label), gr.Textbox("", label=words.train.source, placeholder=hint)
        ]  # fmt: skip
    return [gr.File(label=label), gr.Textbox(label=words.train.source, placeholder=hint)]


def connect(
    box: DomainBox, staging: StagingArea, access: Access, model: gr.Dropdown, fit: gr.Radio, language: gr.Radio
) -> list[Dependency]:
    """Wire the controls, and return the events after which another domain is staged, or none.

    model: its choice decides how a source of several domains is read.
    """

    def replace_domain(
        profile: gr.OAuthProfile | None, source: str | list[Path], token: str, model: str, fit: str, language: str
    ) -> list[Any]:
        try:
            access.check(profile, language)
            new_token, staged = stage(staging, source, box.slot, model)
        except TranslationError as error:
            staging.drop(token)
            return ["", gr.skip(), error_element(show_error(error))]
        staging.drop(token)
        return _output_values(new_token, staged, fit, language)

    def stage_files(
        profile: gr.OAuthProfile | None, paths: list[str] | None, token: str, model: str, fit: str, language: str
    ) -> list[Any]:
        if not paths:
            staging.drop(token)
            return [gr.skip(), "", "", ""]
        return ["", *replace_domain(profile, [Path(path) for path in paths], token, model, fit, language)]

    def stage_source(
        profile: gr.OAuthProfile | None, source: str, token: str, model: str, fit: str, language: str
    ) -> list[Any]:
        staged = staging.get(token)
        if not source.strip() or (staged and staged.source == source.strip()):
            return [gr.skip()] * 4
        return [None, *replace_domain(profile, source, token, model, fit, language)]

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
        [box.files, box.token, model, fit, language],
        [box.source, *box.outputs],
        **common,
    )
    named = gr.on(
        [box.source.submit, box.source.blur],
        stage_source,
        [box.source, box.token, model, fit, language],
        [box.files, *box.outputs],
        **common,
    )
    cleared = box.files.clear(clear_files, box.token, box.outputs, queue=False, show_progress="hidden", **PRIVATE)
    gr.on(
        [fit.change, language.change], redraw_strip, [box.token, fit, language], box.strip, **DRAWING, **PRIVATE
    )  # fmt: skip
    return [uploaded, named, cleared]


def stage(staging: StagingArea, source: str | Sequence[Path], slot: Slot, model: str) -> tuple[str, Staged]:
    """Stage a source for a model, and return its token and what is staged. Raises TranslationError."""
    if slot == "a" or slot == "b":
        return staging.put(source, slot)
    return staging.put_source(source, data_kind(model))


def stage_values(staging: StagingArea, source: str, side: Side, fit: str, language: str) -> list[Any]:
    """Stage a source for a domain and return the values of `DomainBox.outputs`. Raises TranslationError."""
    token, staged = staging.put(source, side)
    return _output_values(token, staged, fit, language)


def _output_values(token: str, staged: Staged, fit: str, language: str) -> list[Any]:
    return [token, staged.name, strip_elements(staged.strips(fit, words_in(language)))]


def _domain_label(slot: Slot, words: Words) -> str:
    return words.train.domain.format(side=slot.upper())


def _source_hint(kind: DataKind, staging: StagingArea, words: Words) -> str:
    return source_hint(kind, words).format(hub=HUB) if staging.local_folders else HUB


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
    labels = f"<p>{html.escape(strip.labels)}</p>" if strip.labels else ""
    left_out = "".join(f"<li>{html.escape(line)}</li>" for line in strip.left_out)
    return (
        f'<div class="strip"><div class="thumbnails">{pictures}</div><p>{html.escape(strip.counts)}</p>{labels}'
        f"{f'<ul>{left_out}</ul>' if left_out else ''}</div>"
    )


def error_element(message: str) -> str:
    """Return why a source cannot be used, as HTML. message: HTML."""
    return f'<div class="strip"><p class="refused">{message}</p></div>'
