"""Translation models: one file per paper, with its networks, loss terms and training step."""

from ugatit.models.base import Terms, TranslationModel
from ugatit.models.cyclegan import CycleGAN
from ugatit.models.manifest import Manifest
from ugatit.models.pix2pix import Pix2Pix
from ugatit.models.registry import MODELS, model_class, model_names
from ugatit.models.stargan import StarGAN
from ugatit.models.ugatit import UGATIT

__all__ = [
    "MODELS", "UGATIT", "CycleGAN", "Manifest", "Pix2Pix", "StarGAN", "Terms", "TranslationModel", "model_class",
    "model_names",
]  # fmt: skip
