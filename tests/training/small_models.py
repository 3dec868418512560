"""The smallest model of each paper, and its batches."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tests.tiny import pictures
from ugatit.config import TrainingConfig
from ugatit.models.base import TranslationModel
from ugatit.models.cyclegan import CycleGAN, CycleGANConfig
from ugatit.models.pix2pix import Pix2Pix, Pix2PixConfig
from ugatit.models.stargan import StarGAN, StarGANConfig
from ugatit.models.ugatit import UGATIT, UGATITConfig
from ugatit.training.learner import Learner

DOMAINS = ("disc", "square")
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Small:
    """A kind of model. network: its config. batch_size: of its steps."""

    model: type[TranslationModel]
    network: Any
    batch_size: int = 1

    def build(self, seed: int = 0) -> TranslationModel:
        torch.manual_seed(seed)
        model = self.model.from_config(self.network)
        model.init_weights()
        return model

    def learner(self, **training: object) -> Learner:
        values = {"batch_size": self.batch_size, "precision": "fp32", "learning_rate": 1e-3, **training}
        return Learner(self.build(), TrainingConfig(**values), CPU)

    def batch(self, learner: Learner, step: int = 0) -> dict[str, Tensor]:
        """Return the batch of a step; all steps have other pictures."""
        model, count = learner.model, self.batch_size * learner.config.accumulate * learner.model.critic_updates
        size = model.image_size
        if not isinstance(model, StarGAN):
            return {name: pictures(count, size, seed=10 * step + n) for n, name in enumerate(model.domains)}
        batch = {}
        for labels in model.label_sets:
            batch[f"pictures.{labels.number}"] = pictures(count, size, seed=10 * step + labels.number)
            batch[f"labels.{labels.number}"] = torch.eye(len(labels.domains)).repeat(count, 1)[:count]
        return batch


SMALL = {
    "ugatit": Small(UGATIT, UGATITConfig(domains=DOMAINS, image_size=32, ngf=2, ndf=2, blocks=1)),
    "cyclegan": Small(
        CycleGAN,
        CycleGANConfig(domains=DOMAINS, image_size=16, ngf=2, ndf=2, blocks=1, layers=1, pool=2),
    ),
    "pix2pix": Small(Pix2Pix, Pix2PixConfig(domains=DOMAINS, image_size=32, ngf=2, ndf=2, layers=1)),
    "stargan": Small(
        StarGAN,
        StarGANConfig(domains=DOMAINS, image_size=16, ngf=2, ndf=2, blocks=1, layers=2, n_critic=2),
        batch_size=2,
    ),
}  # fmt: skip
