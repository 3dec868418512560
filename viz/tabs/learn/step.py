"""The definition of a lesson step on the page: its texts, controls and views."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from viz.i18n.schema import Heading, Words
from viz.lesson.settings import StepSettings
from viz.lesson.subject import Subject
from viz.lesson.view import View


@dataclass(frozen=True)
class Control:
    """A component that holds one field of a step's settings.

    relabel: return an update with the texts of a language. options: return an update with what a subject offers, such
    as a list of layers; None where every subject offers the same. read, write: convert between the component's value
    and the field's.
    """

    component: Component
    relabel: Callable[[Words], Any] = lambda words: gr.skip()
    options: Callable[[Subject, Words], Any] | None = None
    read: Callable[[Any], Any] = lambda value: value
    write: Callable[[Any], Any] = lambda value: value
    event: str = "input"
    """The component's event that redraws the step."""


@dataclass(frozen=True)
class Step:
    """A step of the lesson, as the page needs it.

    name: in links and ids. number: shown to readers. settings: the class of its settings. heading: its title and lead.
    view: return what the step shows. controls: make the components, inside the step's own column, one for each field
    of the settings, in their order. pick: return the settings after a click on a channel's tile, for a view with tiles.
    lacks: whether a subject lacks the truth that the step asks for, so that the step leads to weights that have it.
    run: for long computations: yield views as far as they are known, the last is complete; the reader starts and stops
    them.
    """

    name: str
    number: str
    settings: type[StepSettings]
    heading: Callable[[Words], Heading]
    view: Callable[[Subject, Any, Words], View]
    controls: Callable[[Words], Sequence[Control]] = lambda words: ()
    pick: Callable[[Any, int], Any] | None = None
    run: Callable[[Subject, Any, Words], Iterator[View]] | None = None
    lacks: Callable[[Subject], bool] = lambda subject: False
