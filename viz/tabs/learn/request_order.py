"""Which of a reader's long answers still count: a new question ends those that were begun before it."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

import gradio as gr

PATIENCE = 20.0  # seconds


class RequestOrder:
    """Counts questions by page and subject. A generator asks before each of its answers whether its turn is over.

    Not Gradio's `cancels`: on a busy machine the page can lose the answer to the very event that cancels.
    most: how many counts are kept, the newest ones; an answer whose count was given up is not over.
    """

    def __init__(self, most: int = 4000) -> None:
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._under_way: list[tuple[str, str]] = []
        self._most, self._changed = most, Condition()

    def next(self, request: gr.Request, subject: str, within: tuple[str, ...] = ()) -> None:
        """A new question on a subject: what was begun before, on it or `within` it, is over when this returns.

        A generator that is asked to go on has delivered all it yielded: what it yielded cannot overtake an answer
        that waits here for its end.
        """
        page = str(request.session_hash)
        ended = {(page, each) for each in (subject, *within)}
        with self._changed:
            self._counts[page, subject] = self._counts.pop((page, subject), 0) + 1
            while len(self._counts) > self._most:
                self._counts.popitem(last=False)
            self._changed.wait_for(lambda: not ended.intersection(self._under_way), PATIENCE)

    def now(self, request: gr.Request, *subjects: str) -> tuple[int, ...]:
        """To be compared with a later one: equal as long as there was no new question on any of the subjects."""
        with self._changed:
            return tuple(self._counts.get((str(request.session_hash), subject), 0) for subject in subjects)

    @contextmanager
    def under_way(self, request: gr.Request, subject: str) -> Iterator[None]:
        """While a long answer is given; later questions wait for its end."""
        key = (str(request.session_hash), subject)
        with self._changed:
            self._under_way.append(key)
        try:
            yield
        finally:
            with self._changed:
                self._under_way.remove(key)
                self._changed.notify_all()
