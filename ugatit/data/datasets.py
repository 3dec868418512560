"""The training datasets: one picture of each domain per position, a function of the seed and the position alone."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset, get_worker_info

from ugatit.config import DataConfig
from ugatit.data.sources import PictureSource, ShuffledEpochs
from ugatit.data.transforms import augment, enlarged_side, to_square

CACHE_BYTES = 2 * 2**30
"""Cache size of all workers together: about 8,700 pictures at 256 px."""
DECODE_FACTOR = 2
"""A picture is decoded at no less than this many times the side it is needed at, because resizing smooths it."""


class UnpairedDataset(Dataset[dict[str, Tensor]]):
    """One augmented picture of each domain per position; the domains are independent.

    Order and augmentation are functions of seed and position, so a resumed run needs no generator's state. Each
    process decodes a picture and makes it square once, and caches the squares as long as there is room.
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
        self._cache: dict[tuple[str, int], NDArray[np.uint8]] = {}

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, position: int) -> dict[str, Tensor]:
        """Return {domain: (3, size, size) in [-1, 1]}."""
        sample = {}
        for number, (domain, source) in enumerate(self.sources.items()):
            rng = np.random.default_rng([self.seed, self.variation(number), position])
            enlarged = self._enlarged(domain, source, source.index_at(position))
            sample[domain] = augment(enlarged, self.size, rng, self.config.flip)
        return sample

    def variation(self, number: int) -> int:
        """Return which variation of a position a domain gets, by its number."""
        return number

    def _enlarged(self, domain: str, source: PictureSource, index: int) -> Image.Image:
        cached = self._cache.get((domain, index))
        if cached is not None:
            return Image.fromarray(cached)
        picture = to_square(source.read(index, DECODE_FACTOR * self.side), self.side, self.config.fit)
        # Nothing is evicted: in a shuffled epoch every picture is needed equally soon.
        if source.repeats and (len(self._cache) + 1) * 3 * self.side**2 <= self._cache_bytes_per_worker():
            self._cache[domain, index] = np.asarray(picture)
        return picture

    def _cache_bytes_per_worker(self) -> int:
        worker = get_worker_info()
        return self.cache_bytes // (worker.num_workers if worker else 1)


class PairedDataset(UnpairedDataset):
    """A pair of pictures per position, cropped and mirrored alike.

    sources: with partners at equal indices and in one order (`ugatit.data.pair_sources`).
    """

    def variation(self, number: int) -> int:
        return 0


class LabelledDataset(UnpairedDataset):
    """A picture of each data set per position, with its label.

    sets: the sources of each set: one that has labels of attributes, or one for each of several exclusive domains,
    which have equal shares, in random order.
    """

    def __init__(
        self,
        sets: Sequence[Sequence[PictureSource]],
        size: int,
        config: DataConfig,
        seed: int,
        length: int,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        super().__init__({}, size, config, seed, length, cache_bytes)
        self.sets = sets
        self._orders = [ShuffledEpochs(len(sources), seed + number) for number, sources in enumerate(sets)]

    def __getitem__(self, position: int) -> dict[str, Tensor]:
        """Return, for each set N, `pictures.N`, (3, size, size) in [-1, 1], and `labels.N`, (domains,), of 0 and 1."""
        sample = {}
        for number, sources in enumerate(self.sets):
            # Every domain comes once in as many positions as there are domains.
            place = self._orders[number].index_at(position)
            source = sources[place]
            index = source.index_at(position // len(sources))
            rng = np.random.default_rng([self.seed, self.variation(number), position])
            enlarged = self._enlarged(f"{number}.{place}", source, index)
            labels = source.labels(index) or [float(place == domain) for domain in range(len(sources))]
            sample[f"pictures.{number}"] = augment(enlarged, self.size, rng, self.config.flip)
            sample[f"labels.{number}"] = torch.tensor(labels, dtype=torch.float32)
        return sample
