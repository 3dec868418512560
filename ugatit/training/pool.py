"""Earlier translations that the critics are shown beside new ones (Shrivastava et al. 2017, section 2.3)."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Choices:
    """What becomes of the B pictures of one call of `draw`, on their device.

    rows: the row of the pool that each is stored in; the one behind the last for those that are not stored, (B,).
    shows_stored: whether the picture that was in that row is returned in its place, (B,).
    """

    name: str
    rows: Tensor
    shows_stored: Tensor


class PicturePool:
    """Up to `size` pictures for each name, and the choices of a step from the seed and its number alone.

    Until the pool of a name is full, pictures are stored and returned. Then each is, by even chance, returned itself,
    or takes the place of a stored one, which is returned. size: 0 returns every picture.
    rank: of this process among those that train together. Each fills a pool of its own; a checkpoint holds that of the
    main one.

    All steps draw alike, so `begin` makes the choices before the step, in the tensors of the step before; a recorded
    step that runs again then follows the new choices. Only in the first step `draw` makes them.
    """

    def __init__(self, size: int, seed: int, rank: int = 0) -> None:
        self.size, self.seed, self.rank = size, seed, rank
        self.pictures: dict[str, Tensor] = {}
        """By name, (size + 1, 3, H, W): the last row takes the pictures that are not stored."""
        self.stored: dict[str, int] = {}
        self.choices: list[Choices] = []
        self.begin(0)

    def begin(self, step: int) -> None:
        """Begin a step; its choices do not depend on those of the steps before."""
        self.random = random.Random(f"{self.seed} {self.rank} {step}")
        self.rewind()
        for choices in self.choices:
            self._choose(choices)

    def rewind(self) -> None:
        """Let the next `draw` be the first of its step."""
        self.calls = 0

    def draw(self, name: str, pictures: Tensor) -> Tensor:
        """Return as many pictures, new or stored ones of that name: (B, 3, H, W), detached, to the same shape."""
        if not self.size:
            return pictures
        pictures = pictures.detach()
        pool, choices = self._pool_of(name, pictures), self._next_choices(name, pictures)
        shown = []
        # One after the other: a picture may take the place of one before it.
        for number, picture in enumerate(pictures.split(1)):
            row = choices.rows[number : number + 1]
            shown.append(torch.where(choices.shows_stored[number], pool.index_select(0, row), picture))
            pool.index_copy_(0, row, picture)
        return torch.cat(shown)

    def _pool_of(self, name: str, pictures: Tensor) -> Tensor:
        if name not in self.pictures:
            self.pictures[name] = pictures.new_zeros((self.size + 1, *pictures.shape[1:]))
        return self.pictures[name]

    def _next_choices(self, name: str, pictures: Tensor) -> Choices:
        if self.calls == len(self.choices):
            rows = torch.zeros(len(pictures), dtype=torch.int64, device=pictures.device)
            self.choices.append(Choices(name, rows, torch.zeros_like(rows, dtype=torch.bool)))
            self._choose(self.choices[-1])
        choices = self.choices[self.calls]
        if (choices.name, len(choices.rows)) != (name, len(pictures)):
            raise ValueError(f"the step draws {len(pictures)} of {name}, the one before {choices.name} in this place")
        self.calls += 1
        return choices

    def _choose(self, choices: Choices) -> None:
        rows, shows_stored = [], []
        for _ in range(len(choices.rows)):
            row, trades = self.size, False
            if self.stored.get(choices.name, 0) < self.size:
                row = self.stored.get(choices.name, 0)
                self.stored[choices.name] = row + 1
            elif self.random.random() < 0.5:
                row, trades = self.random.randrange(self.size), True
            rows.append(row)
            shows_stored.append(trades)
        choices.rows.copy_(torch.tensor(rows))
        choices.shows_stored.copy_(torch.tensor(shows_stored))

    def state_dict(self) -> dict[str, Tensor]:
        """Return the stored pictures by name, (N, 3, H, W) each; empty without any."""
        return {name: pool[: self.stored[name]].clone() for name, pool in self.pictures.items() if self.stored[name]}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Load the result of `state_dict`, on the device they will be used on; more than the pool holds are dropped."""
        self.pictures, self.stored, self.choices = {}, {}, []
        if not self.size:
            return
        for name, pictures in state.items():
            kept = pictures[: self.size]
            self._pool_of(name, kept)[: len(kept)] = kept
            self.stored[name] = len(kept)
