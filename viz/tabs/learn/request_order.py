"""Ends long-running answers on a page once a newer request has replaced them."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

import gradio as gr

TIMEOUT = 20.0  # seconds


class RequestOrder:
    """Counts requests by page and topic. A generator checks before each yield whether its request is still the newest.

    Gradio's `cancels` is not used: on a busy machine the page can lose the answer to the very event that cancels.
    max_counts: how many counts are kept, the newest ones. A request whose count was dropped still counts as newest.
    """

    def __init__(self, max_counts: int = 4000) -> None:
        self._counts: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._running: list[tuple[str, str]] = []
        self._max_counts, self._changed = max_counts, Condition()

    def start(self, request: gr.Request, topic: str, also_ends: tuple[str, ...] = ()) -> None:
        """Count a new request, and wait until the running answers on `topic` and on `also_ends` have ended.

        A generator that is asked for its next value has delivered all earlier ones, so nothing it yielded can overtake
        an answer that waits here for its end. Waits at most TIMEOUT seconds.
        """
        page = str(request.session_hash)
        ended = {(page, name) for name in (topic, *also_ends)}
        with self._changed:
            self._counts[page, topic] = self._counts.pop((page, topic), 0) + 1
            while len(self._counts) > self._max_counts:
                self._counts.popitem(last=False)
            self._changed.wait_for(lambda: not ended.intersection(self._running), TIMEOUT)

    def counts(self, request: gr.Request, *topics: str) -> tuple[int, ...]:
        """Return a page's counts of topics. They stay equal as long as there is no new request on any of the topics."""
        with self._changed:
            return tuple(self._counts.get((str(request.session_hash), topic), 0) for topic in topics)

    @contextmanager
    def running(self, request: gr.Request, topic: str) -> Iterator[None]:
        """Mark a long-running answer; later requests on its topic wait for its end."""
        key = (str(request.session_hash), topic)
        with self._changed:
            self._running.append(key)
        try:
            yield
        finally:
            with self._changed:
                self._running.remove(key)
                self._changed.notify_all()
