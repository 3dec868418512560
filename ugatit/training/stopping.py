"""SIGTERM and Ctrl-C as a wish: the step in hand is finished and saved first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Wish:
    """Whether someone asked for the end."""

    def __init__(self) -> None:
        self.stop = False


@contextmanager
def stop_on_signal() -> Iterator[Wish]:
    """As long as the context lasts, signals to end are only noted."""
    wish = Wish()

    def note(_signal: int, _frame: FrameType | None) -> None:
        wish.stop = True

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield wish
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
