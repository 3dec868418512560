"""Training pictures by position: the same position gives the same pictures, whenever and wherever it is asked."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset, get_worker_info

from ugatit.config import DataConfig
from ugatit.data.sources import PictureSource
from ugatit.data.transforms import augment, enlarged_side, to_square

CACHE_BYTES = 2 * 2**30
"""What all workers together keep: some 8,700 pictures at 256 px."""
DECODED = 2
"""A picture is decoded at this many times the side it is needed at, or larger: resizing smoothes the rest."""


class UnpairedDataset(Dataset[dict[str, Tensor]]):
    """One picture of each domain a position, varied; nothing links the two.

    Order and augmentation are functions of seed and position, so a resumed run needs no generator's state. A picture
    is decoded and made square once in each process; what is kept is that square, as long as there is room.
    """

    def __init__(
        self,
        sources: dict[str, PictureSource],
        size: int,
        config: DataConfig,
        seed: int,
        length: int,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self.sources, self.size, self.config, self.seed, self.length = sources, size, config, seed, length
        self.side, self.cache_bytes = enlarged_side(size, config.margin), cache_bytes
        self._kept: dict[tuple[str, int], NDArray[np.uint8]] = {}

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, position: int) -> dict[str, Tensor]:
        """{domain: (3, size, size) in [-1, 1]}."""
        sample = {}
        for number, (domain, source) in enumerate(self.sources.items()):
            draw = np.random.default_rng([self.seed, number, position])
            enlarged = self._enlarged(domain, source, source.place(position))
            sample[domain] = augment(enlarged, self.size, draw, self.config.flip)
        return sample

    def _enlarged(self, domain: str, source: PictureSource, place: int) -> Image.Image:
        kept = self._kept.get((domain, place))
        if kept is not None:
            return Image.fromarray(kept)
        picture = to_square(source.read(place, DECODED * self.side), self.side, self.config.fit)
        # Nothing gives way to another: in a shuffled epoch the one dropped is wanted as soon as the one kept.
        if source.repeats and (len(self._kept) + 1) * 3 * self.side**2 <= self._room():
            self._kept[domain, place] = np.asarray(picture)
        return picture

    def _room(self) -> int:
        worker = get_worker_info()
        return self.cache_bytes // (worker.num_workers if worker else 1)
