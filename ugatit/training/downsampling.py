"""A list that never grows past a limit: evenly thinned, with the newest always there."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Downsampled(Generic[T]):
    """Keeps every n-th of what is added, and the newest; n doubles whenever the limit is passed."""

    def __init__(self, limit: int) -> None:
        if limit < 2:
            raise ValueError(f"limit must be at least 2, got {limit}.")
        self.limit, self.rows = limit, list[T]()
        self._every, self._count, self._passing = 1, 0, False

    def add(self, row: T) -> None:
        if self._passing:
            # The newest so far is none of the n-th: it was kept only until the next one came.
            self.rows.pop()
        self.rows.append(row)
        self._count += 1
        if len(self.rows) > self.limit:
            self._every *= 2
            self.rows = self.rows[::2]
            if self.rows[-1] is not row:
                self.rows.append(row)
        self._passing = (self._count - 1) % self._every > 0

    def keep(self, wanted: Callable[[T], bool]) -> None:
        """Drop all but the wanted rows."""
        kept = [row for row in self.rows if wanted(row)]
        if len(kept) < len(self.rows):
            self.rows, self._passing = kept, False
            self._count = (len(kept) - 1) * self._every + 1 if kept else 0
