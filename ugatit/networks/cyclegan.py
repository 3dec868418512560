"""Generator of CycleGAN (Zhu et al., ICCV 2017, appendix 7.2)."""

from torch import Tensor, nn
from torch.nn.functional import tanh

from ugatit.errors import ConfigError, PictureError
from ugatit.networks.blocks import ReflectConv2d
from ugatit.networks.memory_format import full_precision, prepare_input
from ugatit.networks.norms import make_norm
from ugatit.networks.outputs import GeneratorOutput

DOWNSAMPLING = 4
"""Ratio of the sides of the picture to those of the residual blocks' features."""


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
        self.check_size(picture)
        features = self.blocks(self.encoder(prepare_input(picture)))
        return GeneratorOutput(tanh(full_precision(self.to_rgb(self.decoder(features)))))

    def check_size(self, picture: Tensor) -> None:
        """Raise PictureError if this generator does not accept the sides of a picture, (B, K, H, W)."""
        height, width = picture.shape[2:]
        if min(height, width) < 2 * DOWNSAMPLING or height % DOWNSAMPLING or width % DOWNSAMPLING:
            raise PictureError(
                f"The ResNet generator takes sides that are multiples of {DOWNSAMPLING} from {2 * DOWNSAMPLING} up, "
                f"got {width}x{height}."
            )
