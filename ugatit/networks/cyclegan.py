"""Generator and discriminator of CycleGAN (Zhu et al., ICCV 2017, appendix 7.2)."""

from torch import Tensor, nn
from torch.nn.functional import leaky_relu, tanh

from ugatit.errors import ConfigError, PictureError
from ugatit.networks.blocks import ReflectConv2d
from ugatit.networks.geometry import Grid
from ugatit.networks.memory_format import full_precision, prepare_input
from ugatit.networks.normalization import BatchNorm, InstanceNorm
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput

DOWNSAMPLING = 4
"""Ratio of the sides of the picture to those of the residual blocks' features."""
NORMS = ("instance", "batch")
WIDEST = 8
"""The widest layer of a critic, in multiples of its first."""


def make_norm(norm: str, channels: int, relu: bool = False) -> InstanceNorm | BatchNorm:
    """Return a normalisation of (B, K, h, w) by its name; ReLU follows if `relu`. Raises ConfigError for another."""
    if norm not in NORMS:
        raise ConfigError(f"norm must be {' or '.join(NORMS)}, got {norm!r}.")
    return BatchNorm(channels, relu) if norm == "batch" else InstanceNorm(relu)


class ResnetBlock(nn.Module):
    """Two reflection-padded convolutions with norms, added to the input. (B, K, h, w) to the same shape."""

    def __init__(self, channels: int, norm: str) -> None:
        super().__init__()
        # A bias before batch norm would be subtracted again. Before instance norm too, but there it is published.
        bias = norm == "instance"
        self.conv1 = ReflectConv2d(channels, channels, 3, bias=bias)
        self.norm1 = make_norm(norm, channels, relu=True)
        self.conv2 = ReflectConv2d(channels, channels, 3, bias=bias)
        self.norm2 = make_norm(norm, channels)

    def forward(self, features: Tensor) -> Tensor:
        hidden = self.norm1(self.conv1(features))
        residual: Tensor = self.norm2(self.conv2(hidden))
        return features + residual


class ResnetGenerator(nn.Module):
    """Two downsampling convolutions, residual blocks and two transposed convolutions (after Johnson et al. 2016).

    width: channels after the first convolution. blocks: residual blocks; published 6 for 128 px, 9 for 256 px.
    norm: instance or batch. Raises ConfigError for a width below 1, negative blocks and another norm.
    """

    def __init__(self, width: int, blocks: int, norm: str = "instance") -> None:
        super().__init__()
        for name, value, minimum in (("width", width, 1), ("blocks", blocks, 0)):
            if value < minimum:
                raise ConfigError(f"{name} must be at least {minimum}, got {value}.")
        bias, channels = norm == "instance", DOWNSAMPLING * width
        self.encoder = nn.Sequential(
            ReflectConv2d(3, width, 7, bias=bias),
            make_norm(norm, width, relu=True),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1, bias=bias),
            make_norm(norm, 2 * width, relu=True),
            nn.Conv2d(2 * width, channels, 3, stride=2, padding=1, bias=bias),
            make_norm(norm, channels, relu=True),
        )
        self.blocks = nn.Sequential(*(ResnetBlock(channels, norm) for _ in range(blocks)))
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(channels, 2 * width, 3, stride=2, padding=1, output_padding=1, bias=bias),
            make_norm(norm, 2 * width, relu=True),
            nn.ConvTranspose2d(2 * width, width, 3, stride=2, padding=1, output_padding=1, bias=bias),
            make_norm(norm, width, relu=True),
        )
        self.to_rgb = ReflectConv2d(width, 3, 7, bias=True)

    def forward(self, picture: Tensor) -> GeneratorOutput:
        """Translate a picture, (B, 3, H, W) in [-1, 1]; without attention.

        Raises PictureError for sides that are no multiples of 4 from 8 up.
        """
        height, width = picture.shape[2:]
        if min(height, width) < 2 * DOWNSAMPLING or height % DOWNSAMPLING or width % DOWNSAMPLING:
            raise PictureError(
                f"The ResNet generator takes sides that are multiples of {DOWNSAMPLING} from {2 * DOWNSAMPLING} up, "
                f"got {width}x{height}."
            )
        features = self.blocks(self.encoder(prepare_input(picture)))
        return GeneratorOutput(tanh(full_precision(self.to_rgb(self.decoder(features)))))


class PatchDiscriminator(nn.Module):
    """Critic of overlapping patches (PatchGAN, Isola et al. 2017); three layers judge patches of 70 px.

    width: channels after the first convolution. layers: convolutions that halve the size; two more follow.
    norm: instance or batch. Raises ConfigError for a width or a number of layers below 1 and another norm.
    """

    def __init__(self, width: int, layers: int = 3, norm: str = "instance") -> None:
        super().__init__()
        for name, value in (("width", width), ("layers", layers)):
            if value < 1:
                raise ConfigError(f"{name} must be at least 1, got {value}.")
        self.layers = layers
        sizes = [width * min(2**level, WIDEST) for level in range(layers + 1)]
        self.strides = [2] * layers + [1, 1]
        self.first = nn.Conv2d(3, width, 4, stride=2, padding=1)
        self.convs = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 4, stride=stride, padding=1, bias=norm == "instance")
            for inputs, outputs, stride in zip(sizes[:-1], sizes[1:], self.strides[1:-1], strict=True)
        )
        self.norms = nn.ModuleList(make_norm(norm, channels) for channels in sizes[1:])
        self.to_patches = nn.Conv2d(sizes[-1], 1, 4, padding=1)

    def forward(self, picture: Tensor) -> DiscriminatorOutput:
        """Score the patches of a picture, (B, 3, H, W) in [-1, 1]; without attention.

        Raises PictureError if a side is smaller than `min_side`.
        """
        if min(picture.shape[2:]) < self.min_side:
            height, width = picture.shape[2:]
            raise PictureError(
                f"A critic of {self.layers} layers needs sides of {self.min_side} px or more, got {width}x{height}."
            )
        hidden = leaky_relu(self.first(prepare_input(picture)), 0.2)
        for conv, norm in zip(self.convs, self.norms, strict=True):
            hidden = leaky_relu(norm(conv(hidden)), 0.2)
        return DiscriminatorOutput(patch_logits=full_precision(self.to_patches(hidden)))

    @property
    def min_side(self) -> int:
        """Smallest accepted side in pixels: the last two layers lose one cell each, and one patch is left to score."""
        return 3 << self.layers

    def patch_grid(self) -> Grid:
        """Return the position of the scored patches on the picture, the same along both axes."""
        grid = Grid()
        for stride in self.strides:
            grid = grid.conv(4, stride, 1)
        return grid


def init_weights(network: nn.Module) -> None:
    """Draw convolutions from N(0, 0.02) and batch norm's scale from N(1, 0.02), biases zero (appendix 7.1)."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | BatchNorm):
            nn.init.normal_(module.weight, 1.0 if isinstance(module, BatchNorm) else 0.0, 0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
