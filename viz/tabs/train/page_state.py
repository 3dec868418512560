"""What one open page looks at and shows already: kept on the server, for as long as the page is open."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from viz.i18n import words_in
from viz.timeline import SCALES


@dataclass(frozen=True)
class Selection:
    """What a person looks at. run: by name; empty for the one in training, else the newest. moment: a step; None
    for the newest. origin: 0 for A to B. scale: how maps are normalised."""

    run: str = ""
    moment: int | None = None
    origin: int = 0
    scale: str = SCALES[0]


@dataclass(frozen=True)
class ShownState:
    """What a page shows of its run already, so that only what is new is sent. run: None for a page just opened.
    language: of the words it shows; a page is built in the first."""

    listed: tuple[tuple[str, bool], ...] = ()
    run: str | None = None
    revision: int = -1
    status: str = ""
    settings: tuple[Any, ...] = ()
    curves: float = -1.0
    steps: tuple[int, ...] | None = None
    directions: tuple[tuple[str, int], ...] = ()
    saved: bool = False
    language: str = words_in("").code


class OpenPage:
    """One open page. lock: held by each look, so that no two of them send the same.

    answers: how many looks had something to tell. The page says which of them it shows: an answer may be lost on its
    way, or overtaken by a later one. No dataclass: Gradio would take it apart.
    """

    def __init__(self) -> None:
        self.selection, self.seen = Selection(), ShownState()
        self.offered: tuple[tuple[str, str], ...] = ()
        self.answers = 0
        self.lock = Lock()

    def __deepcopy__(self, memo: dict[int, Any]) -> "OpenPage":
        """A page of its own: Gradio copies the value of a `State` once for every page that is opened."""
        return OpenPage()
