"""HTML of the lesson's frame: overview, navigation, examples, and the head and foot of a step."""

import html
from collections.abc import Sequence

from PIL import Image

from viz.contact_sheet import enlarge
from viz.data_urls import data_url, png_data_url
from viz.display import is_tiny
from viz.examples import Example
from viz.i18n.schema import Words
from viz.lesson.html import text_to_html
from viz.lesson.overview import Stage
from viz.lesson.subject import Subject
from viz.tabs.learn.step import Step

THUMBNAIL = 112  # pixels


def steps_element(steps: Sequence[Step], words: Words) -> str:
    """Return the navigation: a list of links to the steps."""
    items = []
    for step in steps:
        title = step.heading(words).title
        items.append(
            f'<li><a href="#step-{step.name}" title="{html.escape(title)}"><b>{text_to_html(step.number)}</b> '
            f"<span>{text_to_html(title)}</span></a></li>"
        )
    return f'<nav class="steps" aria-label="{html.escape(words.lesson.steps)}"><ol>{"".join(items)}</ol></nav>'


def overview_element(stages: Sequence[Stage], steps: Sequence[Step], words: Words) -> str:
    """Return a row of pictures with arrows between them; each links to its step where the lesson has one."""
    texts, by_name = words.lesson, {step.name: step for step in steps}
    items = []
    for stage in stages:
        panel, step = stage.panel, by_name.get(stage.step)
        address = png_data_url(panel.picture) if panel.lossless else data_url(panel.picture)
        tiny = ' class="pixels"' if is_tiny(panel.picture) else ""
        picture = f'<img{tiny} src="{address}" alt="{html.escape(panel.alt)}" decoding="sync">'
        body = f"{picture}<span>{text_to_html(panel.caption)}</span>"
        if step is not None:
            title = texts.overview_alt.format(number=step.number, title=step.heading(words).title)
            body = f'<a href="#step-{step.name}" title="{html.escape(title)}">{body}</a>'
        items.append(f'<li data-panel="{html.escape(panel.name)}">{body}</li>')
    return (
        f'<section class="overview"><h2>{text_to_html(texts.overview)}</h2>'
        f'<p class="lead">{text_to_html(texts.overview_lead)}</p>'
        f"<ol>{''.join(items)}</ol></section>"
    )


def examples_element(examples: Sequence[Example], selected: str, title: str, words: Words) -> str:
    """Return buttons with the example pictures; the one named `selected` is pressed. title: of the weights."""
    texts = words.lesson
    if not examples:
        return f'<p class="quiet">{text_to_html(texts.no_examples)}</p>'
    buttons = "".join(
        f'<button type="button" data-example="{html.escape(example.name)}" '
        f'aria-pressed="{str(example.name == selected).lower()}">'
        f'<img src="{data_url(_thumbnail(example.picture))}" '
        f'alt="{html.escape(texts.example_alt.format(name=example.name, origin=example.origin))}"></button>'
        for example in examples
    )
    label = html.escape(texts.examples.format(title=title))
    return f'<div class="example-row" role="group" aria-label="{label}">{buttons}</div>'


def head_element(step: Step, subject: Subject | None, words: Words) -> str:
    """Return a step's number, title and lead; without a subject the title alone, since leads name domains."""
    heading = step.heading(words)
    lead = ""
    if subject is not None:
        lead = f'<p class="lead">{text_to_html(heading.lead.format(origin=subject.origin, to=subject.to))}</p>'
    return f"<h2><b>{text_to_html(step.number)}</b>{text_to_html(heading.title)}</h2>{lead}"


def foot_element(link: str, own_picture: bool, words: Words, known: tuple[str, str] | None = None) -> str:
    """Return the link that reopens a step with its settings, and buttons to save its figure.

    own_picture: whether the picture is the reader's, which no link carries. known: title of weights whose truth is
    known, and the link to this step with them, for a step that asks where attention should lie.
    """
    texts = words.lesson
    note = f'<p class="note">{text_to_html(texts.own_picture_in_link)}</p>' if own_picture else ""
    where = ""
    if known is not None:
        title, known_link = known
        where = (
            f'<p class="note">{text_to_html(texts.where)} <a href="{html.escape(known_link)}">'
            f"{text_to_html(texts.where_known.format(title=title))}</a></p>"
        )
    return (
        f'<div class="foot"><a href="{html.escape(link)}">{text_to_html(texts.link)}</a>'
        f'<button type="button" data-copied="{html.escape(texts.copied)}">{text_to_html(texts.copy)}</button>'
        f'<span class="figures"><button type="button" data-figure="png">{text_to_html(texts.png)}</button>'
        f'<button type="button" data-figure="svg">{text_to_html(texts.svg)}</button></span>{note}{where}</div>'
    )


def _thumbnail(picture: Image.Image) -> Image.Image:
    if is_tiny(picture):
        return enlarge(picture, max(1, THUMBNAIL // min(picture.size)))
    small = picture.convert("RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return small
