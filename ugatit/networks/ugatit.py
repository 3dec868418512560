"""Generator and discriminator of U-GAT-IT (Kim et al., ICLR 2020, section 2.1 and appendix)."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from torch import Tensor, nn
from torch.nn.functional import leaky_relu, relu, tanh

from ugatit.errors import ConfigError, PictureError
from ugatit.networks.attention import CamAttention, NoAttention
from ugatit.networks.blocks import (
    AdaLINResidualBlock,
    ConvNormReLU,
    ResidualBlock,
    ToRGB,
    UpsampleBlock,
)
from ugatit.networks.colors import restore_colors
from ugatit.networks.factored import FactoredLinear
from ugatit.networks.geometry import Grid
from ugatit.networks.memory_format import padded, prepare_input
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.networks.spectral import SpectralConv2d

DOWNSAMPLING = 4
"""Ratio of the sides of the picture to those of the encoder's features."""


class Modulation(NamedTuple):
    """Scale (gamma) and shift (beta) of each channel in every AdaLIN of the decoder, (B, K) each."""

    gamma: Tensor
    beta: Tensor


class ModulationMLP(nn.Module):
    """Computes gamma and beta of the AdaLIN layers from the attended features.

    The light version uses their global average; the full one uses all positions, which fixes the size of the picture.
    inputs: number of values after that, K for the light version and K * h * w for the full one.
    """

    def __init__(self, channels: int, inputs: int, light: bool) -> None:
        super().__init__()
        self.light = light
        self.hidden1 = nn.Linear(inputs, channels, bias=False) if light else FactoredLinear(inputs, channels)
        self.hidden2 = nn.Linear(channels, channels, bias=False)
        self.gamma = nn.Linear(channels, channels, bias=False)
        self.beta = nn.Linear(channels, channels, bias=False)

    def forward(self, attended: Tensor) -> Modulation:
        """attended: (B, K, h, w). Returns gamma and beta, (B, K) each."""
        flat = attended.mean(dim=(2, 3)) if self.light else attended.flatten(1)
        hidden = relu(self.hidden2(relu(self.hidden1(flat))))
        return Modulation(self.gamma(hidden), self.beta(hidden))


class Generator(nn.Module):
    """Encoder, CAM attention, modulation MLP, AdaLIN decoder and LIN upsampling.

    image_size: side in pixels of the full model's pictures; the light model takes any multiples of 4 from 8 up.
    width: channels after the first convolution. blocks: residual blocks in the encoder, and again in the decoder.
    light: whether gamma and beta come from pooled features.
    keep_colors: restore the source's mean and standard deviation of each colour (`ugatit.networks.colors`).
    attention: whether to use CAM attention.
    Raises ConfigError for a width below 1, negative blocks, and an image_size below 8 or not a multiple of 4.
    """

    attention: CamAttention | NoAttention

    def __init__(
        self,
        image_size: int,
        width: int,
        blocks: int,
        light: bool,
        keep_colors: bool = False,
        attention: bool = True,
    ) -> None:
        super().__init__()
        for name, value, minimum in (("width", width, 1), ("blocks", blocks, 0), ("image_size", image_size, 8)):
            if value < minimum:
                raise ConfigError(f"{name} must be at least {minimum}, got {value}.")
        if image_size % DOWNSAMPLING:
            raise ConfigError(f"image_size must be a multiple of {DOWNSAMPLING}, got {image_size}.")
        self.image_size, self.light, self.keep_colors = image_size, light, keep_colors
        channels = DOWNSAMPLING * width
        self.encoder = nn.Sequential(
            ConvNormReLU(3, width, kernel=7),
            ConvNormReLU(width, 2 * width, kernel=3, stride=2),
            ConvNormReLU(2 * width, channels, kernel=3, stride=2),
            *(ResidualBlock(channels) for _ in range(blocks)),
        )
        self.attention = CamAttention(channels, nn.ReLU(), spectral=False) if attention else NoAttention()
        cells = (image_size // DOWNSAMPLING) ** 2
        self.modulation = ModulationMLP(channels, channels if light else channels * cells, light)
        self.decoder = nn.ModuleList(AdaLINResidualBlock(channels) for _ in range(blocks))
        self.upsampling = nn.Sequential(UpsampleBlock(channels, 2 * width), UpsampleBlock(2 * width, width))
        self.to_rgb = ToRGB(width, kernel=7)

    def forward(self, picture: Tensor) -> GeneratorOutput:
        """Translate a picture, (B, 3, H, W) in [-1, 1].

        Raises PictureError for a size that this generator does not accept.
        """
        features = self.encode(picture)
        attended = self.attention(features)
        image = self.decode(attended.features, self.modulation(attended.features), picture)
        return GeneratorOutput(image, attended.cam_logits, attended.attention_map, features)

    def encode(self, picture: Tensor) -> Tensor:
        """Return the features before attention: (B, 3, H, W) in [-1, 1] to (B, K, H/4, W/4).

        Raises PictureError as `forward` does.
        """
        self.check_size(picture)
        features: Tensor = self.encoder(prepare_input(picture))
        return features

    def decode(
        self, attended: Tensor, modulation: Modulation, picture: Tensor, rho: Mapping[str, Tensor] | None = None
    ) -> Tensor:
        """Decode the attended features, (B, K, h, w), into a picture, (B, 3, H, W) in [-1, 1].

        picture: the source, (B, 3, H, W) in [-1, 1], used with `keep_colors` only.
        rho: replacements of learned rho by layer name as in `rho()`, (K,) each.
        """
        replaced = rho or {}
        decoded = attended
        for number, block in enumerate(self.decoder):
            name = f"decoder.{number}"
            decoded = block(decoded, *modulation, replaced.get(f"{name}.norm1"), replaced.get(f"{name}.norm2"))
        for number, block in enumerate(self.upsampling):
            decoded = block(decoded, replaced.get(f"upsampling.{number}.norm"))
        output = self.to_rgb(decoded)
        return tanh(restore_colors(output, picture) if self.keep_colors else output)

    def rho(self) -> dict[str, Tensor]:
        """Return the share of instance norm in each AdaLIN and LIN layer, (K,) each, by layer name in decoder order."""
        return {
            name.removesuffix(".rho"): parameter.detach()
            for name, parameter in self.named_parameters()
            if name.endswith(".rho")
        }

    def check_size(self, picture: Tensor) -> None:
        """Raise PictureError if this generator does not accept the size of a picture, (B, 3, H, W)."""
        height, width = picture.shape[2:]
        if not self.light and (height, width) != (self.image_size, self.image_size):
            raise PictureError(
                f"The full generator takes {self.image_size}x{self.image_size} pictures, got {width}x{height}."
            )
        if min(height, width) < 8 or height % DOWNSAMPLING or width % DOWNSAMPLING:
            raise PictureError(
                f"The light generator takes sides that are multiples of {DOWNSAMPLING} from 8 up, got {width}x{height}."
            )

    def attention_grid(self) -> Grid:
        """Return the position of the attention map's cells on the picture, the same along both axes."""
        grid = Grid().conv(7, padding=3).conv(3, 2, 1).conv(3, 2, 1)
        for _ in range(2 * sum(isinstance(module, ResidualBlock) for module in self.encoder)):
            grid = grid.conv(3, padding=1)
        return grid


class Discriminator(nn.Module):
    """Patch discriminator (critic) with CAM attention; its depth makes it global or local.

    width: channels after the first convolution. layers: number of convolutions; all but the last two halve the size.
    attention: whether to use CAM attention.
    Raises ConfigError for a width below 1 and for fewer than 3 layers.
    """

    attention: CamAttention | NoAttention

    def __init__(self, width: int, layers: int, attention: bool = True) -> None:
        super().__init__()
        if width < 1:
            raise ConfigError(f"width must be at least 1, got {width}.")
        if layers < 3:
            raise ConfigError(f"layers must be at least 3, got {layers}.")
        self.layers = layers
        sizes = [3] + [width * 2**level for level in range(layers - 1)]
        self.strides = [2] * (layers - 2) + [1]
        self.encoder = nn.ModuleList(
            SpectralConv2d(inputs, outputs, kernel=4, stride=stride)
            for inputs, outputs, stride in zip(sizes[:-1], sizes[1:], self.strides, strict=True)
        )
        self.attention = CamAttention(sizes[-1], nn.LeakyReLU(0.2), spectral=True) if attention else NoAttention()
        self.to_patches = SpectralConv2d(sizes[-1], 1, kernel=4, bias=False)

    def forward(self, picture: Tensor) -> DiscriminatorOutput:
        """Score a picture, (B, 3, H, W) in [-1, 1]. Raises PictureError if a side is smaller than `min_side`."""
        attended = self.attention(self.features(picture))
        return DiscriminatorOutput(self.score(attended.features), attended.cam_logits, attended.attention_map)

    def score(self, attended: Tensor) -> Tensor:
        """Return one score per patch from the attended features: (B, K, h, w) to (B, 1, h - 1, w - 1), float32."""
        patches: Tensor = self.to_patches(padded(attended, 1, "reflect"))
        return patches.float()

    def features(self, picture: Tensor) -> Tensor:
        """Return the features before attention: (B, 3, H, W) in [-1, 1] to (B, K, h, w).

        Raises PictureError as `forward` does.
        """
        if min(picture.shape[2:]) < self.min_side:
            height, width = picture.shape[2:]
            raise PictureError(
                f"A critic of {self.layers} layers needs sides of {self.min_side} px or more, got {width}x{height}."
            )
        hidden = prepare_input(picture)
        for conv in self.encoder:
            hidden = leaky_relu(conv(padded(hidden, 1, "reflect")), 0.2)
        return hidden

    @property
    def min_side(self) -> int:
        """Smallest accepted side in pixels: every layer can still pad by reflection, and one patch is left to score."""
        # The last two layers lose one cell each and reflection needs two, so three must remain after the halvings.
        return 3 << (self.layers - 2)

    def attention_grid(self) -> Grid:
        """Return the position of the attention map's cells on the picture, the same along both axes."""
        grid = Grid()
        for stride in self.strides:
            grid = grid.conv(4, stride, 1)
        return grid

    def patch_grid(self) -> Grid:
        """Return the position of the scored patches on the picture, the same along both axes."""
        return self.attention_grid().conv(4, 1, 1)


def init_weights(network: nn.Module) -> None:
    """Initialise convolution and linear weights from U(-1/sqrt(fan_in), 1/sqrt(fan_in)) and biases with zero.

    This follows the published code. The paper specifies N(0, 0.02), which ignores the width: at 16 channels gamma,
    three linear layers deep, starts a thousand times too small. AdaLIN blocks then pass nothing on, and weight decay
    keeps them that way.
    """
    for module in network.modules():
        weight = getattr(module, "weight", None)
        if isinstance(weight, nn.Parameter) and weight.dim() > 1:
            nn.init.kaiming_uniform_(weight, a=math.sqrt(5))
            if isinstance(bias := getattr(module, "bias", None), nn.Parameter):
                nn.init.zeros_(bias)
