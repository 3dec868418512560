"""The true answer beside the translation of a drawn face, and the report on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.events import Dependency

from ugatit.errors import DataError
from viz.contact_sheet import enlarge
from viz.display import DisplayedTranslation, is_tiny, screen_factor
from viz.drawn_face import CHOOSABLE
from viz.face_report import FaceReport, face_report
from viz.i18n import words_in
from viz.i18n.schema import Words
from viz.tabs.events import DRAWING, PRIVATE, show_error
from viz.tabs.texts import NO_BREAK, escape_markdown


@dataclass(frozen=True)
class FaceBox:
    """The components. answer: the true answer, hidden where the source is no known face. report: a text under it."""

    answer: gr.Image
    report: gr.Markdown


def build_answer() -> gr.Image:
    """Build the picture of the true answer; hidden until a known face is translated."""
    return gr.Image(
        label=words_in("").faces.answer, format="png", elem_id="true-answer", interactive=False, visible=False,
        buttons=["fullscreen"], elem_classes="picture",
    )  # fmt: skip


def build_report() -> gr.Markdown:
    """Build the text of the report."""
    return gr.Markdown("", elem_id="face-report", elem_classes="quiet")


def show_after(event: Dependency, box: FaceBox, displayed: gr.State, language: gr.Radio) -> None:
    """Show the answer and the report on what is displayed, after an event."""
    event.then(_show, [displayed, language], [box.answer, box.report], **DRAWING, **PRIVATE)


def _show(displayed: DisplayedTranslation | None, language: str) -> Iterator[Any]:
    if displayed is None or displayed.faces is None:
        yield gr.Image(value=None, visible=False), ""
        return
    words = words_in(language)
    try:
        # The report's parts take much longer to draw than the answer.
        yield answer_image(displayed, words), gr.skip()
        yield gr.skip(), report_text(face_report(displayed.translation, displayed.faces), words)
    except DataError as error:
        yield gr.Image(value=None, visible=False), show_error(error)


def answer_image(displayed: DisplayedTranslation, words: Words) -> gr.Image:
    """Return the update of the true answer of a translated face. Raises DataError where it cannot be drawn."""
    assert displayed.faces is not None
    picture = displayed.faces.target.draw()
    return gr.Image(
        value=enlarge(picture, screen_factor(picture)),
        visible=True,
        label=words.faces.answer if displayed.faces.is_edit else words.faces.other_artist,
        alt_text=words.faces.answer_alt.format(name=displayed.name, to=displayed.translation.to),
        elem_classes=["picture", "tiny"] if is_tiny(picture) else ["picture"],
    )


def report_text(report: FaceReport, words: Words) -> str:
    """Return the attributes as drawn and as read, and the attention of each part, as Markdown."""
    texts = words.faces
    attributes = []
    for name in CHOOSABLE:
        drawn, read = _value(getattr(report.drawn, name), words), _value(getattr(report.read, name), words)
        if drawn and read:
            attributes.append(f"{texts.attributes[name].lower()} {drawn} → {read}")
    lines = [texts.read.format(attributes=", ".join(attributes))]
    if report.densities:
        parts = [f"{texts.parts.get(part, part)}{NO_BREAK}{density:.1f}×" for part, density in report.densities.items()]
        lines.append(texts.density.format(parts=", ".join(parts)))
    return "<br>".join(lines)


def _value(value: str | bool | None, words: Words) -> str:
    """Return the word for an attribute's value; empty where it is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return words.faces.values["yes" if value else "no"]
    return words.faces.values.get(value, escape_markdown(value))
