"""Signals that end a run: before training they interrupt it, during training they request a stop after the step."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))
"""Sent on shutdown, by Ctrl-C, and when the terminal is closed."""


class StopNow(BaseException):
    """A signal asks the run to stop in the middle of work that is taken back."""


class StopRequest:
    """Whether a signal has asked the run to stop; checked after each step."""

    def __init__(self) -> None:
        self.requested = False
        self._interrupts = False

    def request(self) -> None:
        """Ask the run to stop. Raises StopNow inside `at_once`."""
        self.requested = True
        if self._interrupts:
            # Once: another signal must not interrupt the taking back.
            self._interrupts = False
            raise StopNow

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Inside the context a request raises StopNow, for work that takes minutes."""
        self._interrupts = True
        try:
            yield
        finally:
            self._interrupts = False


@contextmanager
def end_on_signal() -> Iterator[None]:
    """Inside the context every signal raises KeyboardInterrupt, so that unfinished work is undone."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        # Only once: a second signal would interrupt the undoing.
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    with _handling(interrupt):
        yield


@contextmanager
def stop_on_signal() -> Iterator[StopRequest]:
    """Inside the context signals only set the stop request, for the loop to save and end."""
    stop_request = StopRequest()

    def set_request(_signal: int, _frame: FrameType | None) -> None:
        stop_request.request()

    with _handling(set_request):
        yield stop_request


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    # An ignored hang-up stays ignored: nohup has asked for that.
    always = (signal.SIGTERM, signal.SIGINT)
    handled = [number for number in SIGNALS if number in always or signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in handled}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
