"""A list of bounded length: evenly downsampled, always with the newest element."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Downsampled(Generic[T]):
    """Keep every n-th element that is added, and the newest; n doubles whenever the length passes the limit.

    Raises ValueError for a limit below 2.
    """

    def __init__(self, limit: int) -> None:
        if limit < 2:
            raise ValueError(f"limit must be at least 2, got {limit}.")
        self.limit, self.rows = limit, list[T]()
        self._every, self._count, self._last_is_temporary = 1, 0, False

    def add(self, row: T) -> None:
        if self._last_is_temporary:
            # The previous element is not an n-th one: it was kept only while it was the newest.
            self.rows.pop()
        self.rows.append(row)
        self._count += 1
        if len(self.rows) > self.limit:
            self._every *= 2
            self.rows = self.rows[::2]
            if self.rows[-1] is not row:
                self.rows.append(row)
        self._last_is_temporary = (self._count - 1) % self._every > 0

    def keep(self, wanted: Callable[[T], bool]) -> None:
        """Drop all rows but those that `wanted` is true for."""
        kept = [row for row in self.rows if wanted(row)]
        if len(kept) < len(self.rows):
            self.rows, self._last_is_temporary = kept, False
            self._count = (len(kept) - 1) * self._every + 1 if kept else 0
