"""How far a run is, for whoever sits before the terminal."""

import time
from collections.abc import Callable
from contextlib import suppress


def print_now(line: str) -> None:
    """Print a line at once. That nobody is left to read it, a terminal closed, is no reason to end a training."""
    with suppress(OSError):
        print(line, flush=True)


class Progress:
    """Says every few seconds how many steps are done, what one takes and how long the rest will.

    steps: of the whole run. every: seconds between two lines. say, clock: seams for tests.
    """

    def __init__(
        self,
        steps: int,
        every: float = 15.0,
        say: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.steps, self.every, self.clock = steps, every, clock
        self.say = say or print_now
        self.first: tuple[int, float] | None = None
        self.last = clock()

    def __call__(self, step: int) -> None:
        """Called after each step, with how many are done."""
        now = self.clock()
        if self.first is None:
            # The first step also warms up; the pace is measured from its end.
            self.first = (step, now)
        if now - self.last < self.every or step == self.first[0]:
            return
        self.last = now
        pace = (now - self.first[1]) / (step - self.first[0])
        left = (self.steps - step) * pace
        self.say(f"step {step} of {self.steps}, {pace:.2f} s each, {_spoken(left)} left")


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
