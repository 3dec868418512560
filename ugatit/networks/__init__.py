"""Network architectures. They compute tensors only: no losses, no choice of device, no file access."""

from ugatit.networks.attention import CamAttention
from ugatit.networks.geometry import CanvasRule, Grid
from ugatit.networks.normalization import LIN, AdaLIN
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.networks.ugatit import Discriminator, Generator

__all__ = [
    "LIN", "AdaLIN", "CamAttention", "CanvasRule", "Discriminator", "DiscriminatorOutput", "Generator",
    "GeneratorOutput", "Grid",
]  # fmt: skip
