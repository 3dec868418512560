"""Signals to end: what each comes to before training and during it."""

import errno
import io
import signal
from collections.abc import Iterator

import pytest

from ugatit.training.progress import print_now
from ugatit.training.stop_request import SIGNALS, end_on_signal, stop_on_signal


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    """The handlers of a process that a terminal started, whatever started the tests."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_signal_during_training_is_a_wish(number: signal.Signals) -> None:
    with end_on_signal(), stop_on_signal() as stop_request:
        assert not stop_request.requested
        signal.raise_signal(number)
        signal.raise_signal(number)
        assert stop_request.requested
    assert signal.getsignal(number) == signal.SIG_DFL


@pytest.mark.parametrize("number", SIGNALS)
def test_signal_before_training_ends_it_at_once(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), end_on_signal():
        signal.raise_signal(number)
    assert signal.getsignal(number) == signal.SIG_DFL


def test_second_signal_leaves_the_undoing_alone() -> None:
    undone = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGTERM)
            undone.append(True)

    with pytest.raises(KeyboardInterrupt), end_on_signal():
        work()
    assert undone


def test_run_under_nohup_outlives_its_terminal() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with end_on_signal(), stop_on_signal() as stop_request:
        signal.raise_signal(signal.SIGHUP)
        assert not stop_request.requested


class ClosedTerminal(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.EIO, "Input/output error")


def test_closed_terminal_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", ClosedTerminal())
    print_now("step 1 of 2")
