"""The generator and the discriminator of U-GAT-IT (Kim et al., ICLR 2020, section 2.1 and appendix)."""

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
from ugatit.networks.colors import recolored
from ugatit.networks.factored import FactoredLinear
from ugatit.networks.geometry import Grid
from ugatit.networks.memory_format import laid_out, padded
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput
from ugatit.networks.spectral import SpectralConv2d

DOWNSAMPLING = 4
"""The encoder's features are this many times smaller than the picture."""


class Modulation(NamedTuple):
    """What every AdaLIN of the decoder scales and shifts one picture's channels by, (B, K) each."""

    gamma: Tensor
    beta: Tensor


class ModulationMLP(nn.Module):
    """Gamma and beta for every AdaLIN from the attended features A.

    Light: from A's global average. Full: from all of A, which fixes the picture's size.
    """

    def __init__(self, channels: int, inputs: int, light: bool) -> None:
        super().__init__()
        self.light = light
        self.hidden1 = nn.Linear(inputs, channels, bias=False) if light else FactoredLinear(inputs, channels)
        self.hidden2 = nn.Linear(channels, channels, bias=False)
        self.gamma = nn.Linear(channels, channels, bias=False)
        self.beta = nn.Linear(channels, channels, bias=False)

    def forward(self, attended: Tensor) -> Modulation:
        """attended: (B, K, h, w)."""
        flat = attended.mean(dim=(2, 3)) if self.light else attended.flatten(1)
        hidden = relu(self.hidden2(relu(self.hidden1(flat))))
        return Modulation(self.gamma(hidden), self.beta(hidden))


class Generator(nn.Module):
    """Encoder, CAM attention, gamma and beta, AdaLIN decoder, LIN upsampling.

    image_size: sides of the full model's pictures; the light one takes any multiples of 4 from 8 up.
    width: channels after the first convolution. blocks: residual blocks on either side of the attention.
    keep_colors: draw relative to the source's mean and spread of each colour (`ugatit.networks.colors`).
    attention: False leaves CAM attention out.
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
        for name, value, least in (("width", width, 1), ("blocks", blocks, 0), ("image_size", image_size, 8)):
            if value < least:
                raise ConfigError(f"{name} must be at least {least}, got {value}.")
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
        """picture: (B, 3, H, W) in [-1, 1]. Raises PictureError for a size this generator cannot take."""
        attended = self.attention(self.encode(picture))
        image = self.decode(attended.features, self.modulation(attended.features), picture)
        return GeneratorOutput(image, attended.cam_logits, attended.attention_map)

    def encode(self, picture: Tensor) -> Tensor:
        """What the attention weighs: (B, 3, H, W) in [-1, 1] to (B, K, H/4, W/4). Raises as `forward` does."""
        self.check_size(picture)
        features: Tensor = self.encoder(laid_out(picture))
        return features

    def decode(
        self, attended: Tensor, modulation: Modulation, picture: Tensor, rho: Mapping[str, Tensor] | None = None
    ) -> Tensor:
        """Draw from the attended features, (B, K, h, w), as gamma and beta say: (B, 3, H, W) in [-1, 1].

        picture: the source, whose colours `keep_colors` takes. rho: by the layer's name in `rho()`, (K,) each, in
        place of what the layer learned.
        """
        forced = rho or {}
        decoded = attended
        for number, block in enumerate(self.decoder):
            name = f"decoder.{number}"
            decoded = block(decoded, *modulation, forced.get(f"{name}.norm1"), forced.get(f"{name}.norm2"))
        for number, block in enumerate(self.upsampling):
            decoded = block(decoded, forced.get(f"upsampling.{number}.norm"))
        drawn = self.to_rgb(decoded)
        return tanh(recolored(drawn, picture) if self.keep_colors else drawn)

    def rho(self) -> dict[str, Tensor]:
        """What share of instance norm each layer mixes in, (K,) each, by the layer's name in the decoder's order."""
        return {
            name.removesuffix(".rho"): parameter.detach()
            for name, parameter in self.named_parameters()
            if name.endswith(".rho")
        }

    def check_size(self, picture: Tensor) -> None:
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
        """Where the cells of the attention map lie on the picture."""
        grid = Grid().conv(7, padding=3).conv(3, 2, 1).conv(3, 2, 1)
        for _ in range(2 * sum(isinstance(module, ResidualBlock) for module in self.encoder)):
            grid = grid.conv(3, padding=1)
        return grid


class Discriminator(nn.Module):
    """A patch critic with CAM attention, global or local by its depth.

    width: channels after the first convolution. layers: convolutions in all; all but the last two halve the size.
    attention: False leaves CAM attention out.
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
        """picture: (B, 3, H, W) in [-1, 1]. Raises PictureError for a picture smaller than `least_side`."""
        attended = self.attention(self.features(picture))
        return DiscriminatorOutput(self.score(attended.features), attended.cam_logits, attended.attention_map)

    def score(self, attended: Tensor) -> Tensor:
        """One score a patch from the attended features: (B, K, h, w) to (B, 1, h - 1, w - 1), float32."""
        patches: Tensor = self.to_patches(padded(attended, 1, "reflect"))
        return patches.float()

    def features(self, picture: Tensor) -> Tensor:
        """What the attention weighs: (B, 3, H, W) in [-1, 1] to (B, K, h, w). Raises as `forward` does."""
        if min(picture.shape[2:]) < self.least_side:
            height, width = picture.shape[2:]
            raise PictureError(
                f"A critic of {self.layers} layers needs sides of {self.least_side} px or more, got {width}x{height}."
            )
        hidden = laid_out(picture)
        for conv in self.encoder:
            hidden = leaky_relu(conv(padded(hidden, 1, "reflect")), 0.2)
        return hidden

    @property
    def least_side(self) -> int:
        """The smallest side, in pixels, at which every layer still has two cells to reflect and one to score."""
        # The last two layers lose a cell each, and reflection wants two: three cells after the halvings.
        return 3 << (self.layers - 2)

    def attention_grid(self) -> Grid:
        """Where the cells of the attention map lie on the picture."""
        grid = Grid()
        for stride in self.strides:
            grid = grid.conv(4, stride, 1)
        return grid

    def patch_grid(self) -> Grid:
        """Where the patches that are scored lie on the picture."""
        return self.attention_grid().conv(4, 1, 1)


def init_weights(network: nn.Module) -> None:
    """Draw every convolution and linear map from U(-1/sqrt(fan_in), 1/sqrt(fan_in)), biases zero, as published code.

    The paper names N(0, 0.02), which does not know the width: at 16 channels gamma, three linear maps deep, starts
    a thousand times too small, AdaLIN blocks pass nothing on, and weight decay keeps them so.
    """
    for module in network.modules():
        weight = getattr(module, "weight", None)
        if isinstance(weight, nn.Parameter) and weight.dim() > 1:
            nn.init.kaiming_uniform_(weight, a=math.sqrt(5))
            if isinstance(bias := getattr(module, "bias", None), nn.Parameter):
                nn.init.zeros_(bias)
