"""The lesson's frame as HTML: the overview, the way from step to step, examples, a step's head and its foot."""

import html
from collections.abc import Sequence

from PIL import Image

from viz.contact_sheet import enlarged
from viz.data_urls import data_address
from viz.display import is_tiny
from viz.examples import Example
from viz.i18n.schema import Words
from viz.lesson.html import exact_address, text
from viz.lesson.overview import Stage
from viz.lesson.subject import Subject
from viz.tabs.learn.step_box import Step

THUMBNAIL = 112

FOLLOW_SCROLLING = """
const links = () => [...element.querySelectorAll("a[href^='#']")];
const mark = () => {
  let current = links()[0];
  for (const link of links()) {
    const step = document.querySelector(link.getAttribute("href"));
    if (step && step.getBoundingClientRect().top < innerHeight * 0.4) current = link;
  }
  for (const link of links()) {
    if (link === current) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  const list = element.querySelector("ol");
  if (current && list) list.scrollTo({left: current.offsetLeft - list.clientWidth / 2 + current.clientWidth / 2});
};
let asked = false;
const ask = () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; mark(); });
};
addEventListener("scroll", ask, {passive: true});
// Steps that fill push the others down, which nobody scrolls for.
new ResizeObserver(ask).observe(element.closest("#lesson") || element);
watch("value", mark);
mark();
"""
"""Marks the step that is being read."""

PICK_EXAMPLE = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-example]");
  if (button) trigger("select", {example: button.dataset.example});
});
"""

TAKE_AWAY = """
element.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.figure) trigger("select", {kind: button.dataset.figure});
  if (button.dataset.copied) {
    const address = element.querySelector("a").href;
    try {
      await navigator.clipboard.writeText(address);
    } catch (refused) {
      // Without a secure address there is no clipboard: the link is shown, ready to be copied by hand.
      prompt("", address);
      return;
    }
    const said = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = said; }, 1500);
  }
});
"""
"""A step's foot: its link onto the clipboard, its figure as a file."""


def steps_element(steps: Sequence[Step], words: Words) -> str:
    """The way from step to step."""
    items = []
    for step in steps:
        title = step.heading(words).title
        items.append(
            f'<li><a href="#step-{step.name}" title="{html.escape(title)}"><b>{text(step.number)}</b> '
            f"<span>{text(title)}</span></a></li>"
        )
    return f'<nav class="steps" aria-label="{html.escape(words.lesson.steps)}"><ol>{"".join(items)}</ol></nav>'


def overview_element(stations: Sequence[Stage], steps: Sequence[Step], words: Words) -> str:
    """A row of pictures with arrows between them; each leads to its step, where the lesson has it."""
    said, by_name = words.lesson, {step.name: step for step in steps}
    items = []
    for station in stations:
        panel, step = station.panel, by_name.get(station.step)
        address = exact_address(panel.picture) if panel.exact else data_address(panel.picture)
        tiny = ' class="pixels"' if is_tiny(panel.picture) else ""
        picture = f'<img{tiny} src="{address}" alt="{html.escape(panel.alt)}" decoding="sync">'
        body = f"{picture}<span>{text(panel.caption)}</span>"
        if step is not None:
            to = said.overview_alt.format(number=step.number, title=step.heading(words).title)
            body = f'<a href="#step-{step.name}" title="{html.escape(to)}">{body}</a>'
        items.append(f'<li data-panel="{html.escape(panel.name)}">{body}</li>')
    return (
        f'<section class="overview"><h2>{text(said.overview)}</h2><p class="lead">{text(said.overview_lead)}</p>'
        f"<ol>{''.join(items)}</ol></section>"
    )


def examples_element(examples: Sequence[Example], chosen: str, title: str, words: Words) -> str:
    """Buttons with the example pictures; the chosen one is pressed."""
    said = words.lesson
    if not examples:
        return f'<p class="quiet">{text(said.no_examples)}</p>'
    buttons = "".join(
        f'<button type="button" data-example="{html.escape(each.name)}" '
        f'aria-pressed="{str(each.name == chosen).lower()}">'
        f'<img src="{data_address(_thumbnail(each.picture))}" '
        f'alt="{html.escape(said.example_alt.format(name=each.name, origin=each.origin))}"></button>'
        for each in examples
    )
    label = html.escape(said.examples.format(title=title))
    return f'<div class="example-row" role="group" aria-label="{label}">{buttons}</div>'


def head_element(step: Step, subject: Subject | None, words: Words) -> str:
    """A step's number, title and lead; without a subject the title alone, since leads speak of domains."""
    heading = step.heading(words)
    lead = ""
    if subject is not None:
        lead = f'<p class="lead">{text(heading.lead.format(origin=subject.origin, to=subject.to))}</p>'
    return f"<h2><b>{text(step.number)}</b>{text(heading.title)}</h2>{lead}"


def foot_element(link: str, own: bool, words: Words) -> str:
    """The link that reopens a step as it stands, and its figure as a file. own: whether the picture is a reader's."""
    said = words.lesson
    note = f'<p class="note">{text(said.own_picture_in_link)}</p>' if own else ""
    return (
        f'<div class="foot"><a href="{html.escape(link)}">{text(said.link)}</a>'
        f'<button type="button" data-copied="{html.escape(said.copied)}">{text(said.copy)}</button>'
        f'<span class="figures"><button type="button" data-figure="png">{text(said.png)}</button>'
        f'<button type="button" data-figure="svg">{text(said.svg)}</button></span>{note}</div>'
    )


def _thumbnail(picture: Image.Image) -> Image.Image:
    if is_tiny(picture):
        return enlarged(picture, max(1, THUMBNAIL // min(picture.size)))
    small = picture.convert("RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return small
