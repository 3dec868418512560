"""Signals to end: before training they are followed at once, later they are a wish: the step in hand is saved first."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
"""From a system that goes down, Ctrl-C, a terminal that is closed."""


class StopRequest:
    """Whether someone asked for the end."""

    def __init__(self) -> None:
        self.stop = False


@contextmanager
def end_on_signal() -> Iterator[None]:
    """As long as the context lasts, all of them raise KeyboardInterrupt as Ctrl-C does: what is half done is undone."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        # Once: a second one, of an impatient hand, would interrupt the undoing.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    with _handling(interrupt):
        yield


@contextmanager
def stop_on_signal() -> Iterator[StopRequest]:
    """As long as the context lasts, signals to end are only noted."""
    stop_request = StopRequest()

    def note(_signal: int, _frame: FrameType | None) -> None:
        stop_request.stop = True

    with _handling(note):
        yield stop_request


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    # A hang-up that is ignored stays so: nohup asked for that.
    always = (signal.SIGTERM, signal.SIGINT)
    heeded = [number for number in SIGNALS if number in always or signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in heeded}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
