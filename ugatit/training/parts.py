"""The parts of a training step, with all that chance decides drawn beforehand."""

import random

import torch

from ugatit.config import TrainingConfig
from ugatit.models.base import Batch, TranslationModel

Parts = list[list[list[Batch]]]
"""For each update of the critics, for each turn, the batches whose gradients are added up."""


def draw_parts(model: TranslationModel, batch: Batch, config: TrainingConfig, step: int, rank: int) -> Parts:
    """Return the parts of a step, each as `TranslationModel.drawn` gives it.

    batch: {name: (c * k * B, ...)} for `critic_updates` c of the model and `accumulate` k. step: updates done before.
    rank: of this process. What is drawn is a function of these and of the seed.
    """

    def drawn(part: Batch, *place: int) -> Batch:
        seed = random.Random(f"{config.seed} {rank} {place}").getrandbits(63)
        return model.drawn(part, torch.Generator().manual_seed(seed))

    return [
        [
            [drawn(part, step, update, turn, number) for number, part in enumerate(parts)]
            for turn, parts in enumerate(zip(*map(model.turns, of_update), strict=True))
        ]
        for update, of_update in enumerate(_split(batch, config.batch_size, model.critic_updates))
    ]


def _split(batch: Batch, size: int, updates: int) -> list[list[Batch]]:
    """Return the parts of each update of the critics."""
    count = len(next(iter(batch.values()))) // size
    parts = [{name: values[i * size : (i + 1) * size] for name, values in batch.items()} for i in range(count)]
    of_update = count // updates
    return [parts[i : i + of_update] for i in range(0, count, of_update)]
