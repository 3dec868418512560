"""One step of the lesson on the page: its words, its controls, what they show, a link to it and its figure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from viz.i18n.schema import Heading, Words
from viz.lesson.settings import StepSettings
from viz.lesson.subject import Subject
from viz.lesson.view import View

STAGE_EVENTS = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-channel]");
  if (button) trigger("select", {channel: Number(button.dataset.channel)});
});
"""


@dataclass(frozen=True)
class Control:
    """A component that holds one field of a step's settings.

    relabel: an update with the words of a language. options: an update with what a subject offers, such as a list of
    layers; None where every subject offers the same. read, write: between the component's value and the field's.
    """

    component: Component
    relabel: Callable[[Words], Any] = lambda words: gr.skip()
    options: Callable[[Subject, Words], Any] | None = None
    read: Callable[[Any], Any] = lambda value: value
    write: Callable[[Any], Any] = lambda value: value
    event: str = "input"
    """The component's event that draws the step anew."""


@dataclass(frozen=True)
class Step:
    """A step as the page needs it.

    name: in links and ids. number: as readers see it. settings: their class. heading: its words. view: what it shows.
    controls: makes the components, inside the step's own column, one for each field of the settings, in their order.
    pick: the settings after a channel's tile was pressed, for a view with tiles.
    run: for what takes long: views as far as they are known, the last is complete; started and stopped by the reader.
    """

    name: str
    number: str
    settings: type[StepSettings]
    heading: Callable[[Words], Heading]
    view: Callable[[Subject, Any, Words], View]
    controls: Callable[[Words], Sequence[Control]] = lambda words: ()
    pick: Callable[[Any, int], Any] | None = None
    run: Callable[[Subject, Any, Words], Iterator[View]] | None = None
