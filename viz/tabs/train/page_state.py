"""The state of one open page: what the visitor selected and what the page already shows. Kept on the server."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from ugatit.models.registry import DEFAULT_MODEL
from viz.i18n import words_in
from viz.timeline import SCALES


@dataclass(frozen=True)
class Selection:
    """What the visitor selected.

    run: a name; empty for the run in training, else the newest. step: of the samples; None for the newest.
    direction: a number of `RunView.directions`. scale: how maps are normalized.
    """

    run: str = ""
    step: int | None = None
    direction: int = 0
    scale: str = SCALES[0]


@dataclass(frozen=True)
class ShownState:
    """What a page already shows of its run, so that only changes are sent.

    runs: names, and whether each is in training. run: None for a page just opened. revision: of the `RunState`.
    settings: values of the resume controls. curves_drawn_at: `Curves.drawn_at`. steps: of the samples; None before any
    were sent. language: of the texts shown; a new page is in the first language.
    """

    runs: tuple[tuple[str, bool], ...] = ()
    run: str | None = None
    revision: int = -1
    status: str = ""
    settings: tuple[Any, ...] = ()
    curves_drawn_at: float = -1.0
    steps: tuple[int, ...] | None = None
    directions: tuple[tuple[str, int], ...] = ()
    has_checkpoint: bool = False
    language: str = words_in("").code


class OpenPage:
    """One open page.

    weights_choices: as last sent. model: whose initial weights were last offered. updates_sent: the number of refreshes
    that had something to send; the page reports the number that it received last, because an update may get lost or be
    overtaken by a later one. lock: held during each refresh, so that no two of them send the same.

    This is no dataclass because Gradio would convert it to a dictionary.
    """

    def __init__(self) -> None:
        self.selection, self.shown = Selection(), ShownState()
        self.weights_choices: tuple[tuple[str, str], ...] = ()
        self.model = DEFAULT_MODEL
        self.updates_sent = 0
        self.lock = Lock()

    def __deepcopy__(self, memo: dict[int, Any]) -> "OpenPage":
        """Return a new page: Gradio copies the value of a `State` once for every page that is opened."""
        return OpenPage()
