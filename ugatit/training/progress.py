"""Progress of a run on the terminal."""

import time
from collections.abc import Callable
from contextlib import suppress


def print_now(line: str) -> None:
    """Print a line and flush. A closed terminal is ignored: it must not end a training."""
    with suppress(OSError):
        print(line, flush=True)


class Progress:
    """Print every few seconds how many steps are done, the seconds a step and the time left.

    steps: of the whole run. every: seconds between two lines. write, clock: replaceable in tests.
    """

    def __init__(
        self,
        steps: int,
        every: float = 15.0,
        write: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.steps, self.every, self.clock = steps, every, clock
        self.write = write or print_now
        self.first: tuple[int, float] | None = None
        self.last = clock()

    def __call__(self, step: int) -> None:
        """To be called after each step. step: the number of steps done."""
        now = self.clock()
        if self.first is None:
            # The first step also warms up; the pace is measured from its end.
            self.first = (step, now)
        if now - self.last < self.every or step == self.first[0]:
            return
        self.last = now
        pace = (now - self.first[1]) / (step - self.first[0])
        left = (self.steps - step) * pace
        self.write(f"step {step} of {self.steps}, {pace:.2f} s each, {_duration(left)} left")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
