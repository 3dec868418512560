"""Earlier translations that the critics are shown beside new ones (Shrivastava et al. 2017, section 2.3)."""

import random
from collections.abc import Mapping

import torch
from torch import Tensor


class PicturePool:
    """Up to `size` pictures for each name, and the choices of a step from the seed and its number alone.

    Until the pool of a name is full, pictures are stored and returned. Then each is, by even chance, returned itself,
    or takes the place of a stored one, which is returned. size: 0 returns every picture.
    rank: of this process among those that train together. Each fills a pool of its own; a checkpoint holds that of the
    main one.
    """

    def __init__(self, size: int, seed: int, rank: int = 0) -> None:
        self.size, self.seed, self.rank = size, seed, rank
        self.pictures: dict[str, list[Tensor]] = {}
        self.begin(0)

    def begin(self, step: int) -> None:
        """Begin the choices of a step; they do not depend on those of the steps before."""
        self.random = random.Random(f"{self.seed} {self.rank} {step}")

    def draw(self, name: str, pictures: Tensor) -> Tensor:
        """Return as many pictures, new or stored ones of that name: (B, 3, H, W), detached, to the same shape."""
        if not self.size:
            return pictures
        stored = self.pictures.setdefault(name, [])
        drawn = []
        for picture in pictures.detach().unbind():
            if len(stored) < self.size:
                stored.append(picture.clone())
            elif self.random.random() < 0.5:
                place = self.random.randrange(self.size)
                # The new picture is stored, the old one shown.
                picture, stored[place] = stored[place], picture.clone()
            drawn.append(picture)
        return torch.stack(drawn)

    def state_dict(self) -> dict[str, Tensor]:
        """Return the stored pictures by name, (N, 3, H, W) each; empty without any."""
        return {name: torch.stack(stored) for name, stored in self.pictures.items() if stored}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Load the result of `state_dict`, on the device they will be used on; more than the pool holds are dropped."""
        self.pictures = {name: [picture.clone() for picture in stored[: self.size]] for name, stored in state.items()}
