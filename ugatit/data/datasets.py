"""Training pictures by position: the same position gives the same pictures, whenever and wherever it is asked."""

import numpy as np
from torch import Tensor
from torch.utils.data import Dataset

from ugatit.config import DataConfig
from ugatit.data.sources import PictureSource
from ugatit.data.transforms import augmented


class UnpairedDataset(Dataset[dict[str, Tensor]]):
    """One picture of each domain a position, varied; nothing links the two.

    Order and augmentation are functions of seed and position, so a resumed run needs no generator's state.
    """

    def __init__(
        self, sources: dict[str, PictureSource], size: int, config: DataConfig, seed: int, length: int
    ) -> None:
        self.sources, self.size, self.config, self.seed, self.length = sources, size, config, seed, length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, position: int) -> dict[str, Tensor]:
        """{domain: (3, size, size) in [-1, 1]}."""
        sample = {}
        for number, (domain, source) in enumerate(self.sources.items()):
            draw = np.random.default_rng([self.seed, number, position])
            picture = source.picture(position)
            sample[domain] = augmented(picture, self.size, draw, self.config.flip, self.config.margin)
        return sample
